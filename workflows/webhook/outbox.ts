import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { createWebhookActivities } from '../../activities/webhook/activities.ts';
import { WEBHOOK_TASK_QUEUE } from '../contract.ts';
import { SHIFTS_PER_RUN, shiftOptions } from '../shifts.ts';

const { sendEvents } = proxyActivities<ReturnType<typeof createWebhookActivities>>({
  taskQueue: WEBHOOK_TASK_QUEUE,
  ...shiftOptions,
  summary: 'make the first attempt of every webhook delivery',
});

/** Sends events to webhooks for ever. Each shift adds events to the history; a delivery adds none. */
export async function outbox(): Promise<void> {
  for (let shift = 0; shift < SHIFTS_PER_RUN; shift += 1) await sendEvents();
  await continueAsNew<typeof outbox>();
}
