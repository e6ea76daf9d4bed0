import { proxyActivities, setWorkflowOptions, sleep } from '@temporalio/workflow';
import type { createWebhookActivities } from '../../activities/webhook/activities.ts';
import { BUSY_SECONDS, nextAttemptAt } from '../../domain/webhook/webhooks.ts';
import { type DeliveryInput, type DeliveryResult, priorityOf, WEBHOOK_TASK_QUEUE } from '../contract.ts';
import { takesEachVersion } from '../versions.ts';

/** Attempts come behind the outbox, which has the same task queue, and the accounts take turns. */
const attemptsOf = (account: number) =>
  proxyActivities<ReturnType<typeof createWebhookActivities>>({
    taskQueue: WEBHOOK_TASK_QUEUE,
    startToCloseTimeout: '1 minute',
    // Retried when PostgreSQL fails, or when the receiver has no room: then the activity says when, within this maximum. A
    // receiver's failure is a result, not an error.
    retry: { initialInterval: '1 second', maximumInterval: BUSY_SECONDS.longest * 1_000 },
    priority: priorityOf(account, 'delivery'),
    summary: 'tell the webhook again',
  });

// A delivery may sleep for days.
setWorkflowOptions(takesEachVersion, delivery);

/** The turn that deliveries without an account share. */
const NO_ACCOUNT = 0;

/** Retries one event for one webhook for three days after its first attempt has failed. */
export async function delivery({ retryAfter, account = NO_ACCOUNT, ...round }: DeliveryInput): Promise<DeliveryResult> {
  const { attemptDelivery } = attemptsOf(account);
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
