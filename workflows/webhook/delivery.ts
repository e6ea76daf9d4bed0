import { proxyActivities, sleep } from '@temporalio/workflow';
import type { createWebhookActivities } from '../../activities/webhook/activities.ts';
import { nextAttemptAt } from '../../domain/webhook/webhooks.ts';
import { type DeliveryInput, type DeliveryResult, WEBHOOK_TASK_QUEUE } from '../contract.ts';

const { attemptDelivery } = proxyActivities<ReturnType<typeof createWebhookActivities>>({
  taskQueue: WEBHOOK_TASK_QUEUE,
  startToCloseTimeout: '1 minute',
  // What fails here is PostgreSQL, or the webhook has no place free; a receiver that fails is an answer.
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  summary: 'tell the webhook again',
});

/** One event for one webhook after its first attempt has failed: tried again for three days. */
export async function delivery({ retryAfter, ...round }: DeliveryInput): Promise<DeliveryResult> {
  const { event, endpoint } = round;
  const begunAt = Date.now();
  let next = nextAttemptAt({ event, endpoint, begunAt, now: begunAt, retryAfter });
  while (next !== null) {
    await sleep(Math.max(next - Date.now(), 1), { summary: 'until the next attempt' });
    const { state, nextAt } = await attemptDelivery({ ...round, begunAt, now: Date.now() });
    if (state !== 'retrying') return { outcome: state };
    next = nextAt;
  }
  return { outcome: 'failed' };
}
