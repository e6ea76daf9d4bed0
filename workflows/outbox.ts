import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { createWebhookActivities } from '../activities/webhooks/activities.ts';
import { WEBHOOK_TASK_QUEUE } from './messages.ts';

/** Shifts of ten minutes in one run: about a day, some nine hundred events. */
const SHIFTS_PER_RUN = 150;

const { sendEvents } = proxyActivities<ReturnType<typeof createWebhookActivities>>({
  taskQueue: WEBHOOK_TASK_QUEUE,
  startToCloseTimeout: '15 minutes',
  // A worker that died is replaced this soon.
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds' },
  summary: 'make the first attempt of every webhook delivery',
});

/** Sends events to webhooks for ever. Its history grows by the shift, not by the event. */
export async function outbox(): Promise<void> {
  for (let shift = 0; shift < SHIFTS_PER_RUN; shift += 1) await sendEvents();
  await continueAsNew<typeof outbox>();
}
