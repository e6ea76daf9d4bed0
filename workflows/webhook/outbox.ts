import { proxyActivities } from '@temporalio/workflow';
import type { createWebhookActivities } from '../../activities/webhook/activities.ts';
import { WEBHOOK_TASK_QUEUE } from '../contract.ts';
import { shiftOptions, workShifts } from '../shifts.ts';
import { continueRun } from '../versions.ts';

const { sendEvents } = proxyActivities<ReturnType<typeof createWebhookActivities>>({
  taskQueue: WEBHOOK_TASK_QUEUE,
  ...shiftOptions,
  summary: 'make the first attempt of every webhook delivery',
});

/** Sends events to webhooks for ever. Each shift adds events to the history; a delivery adds none. */
export async function outbox(): Promise<void> {
  await workShifts(sendEvents);
  await continueRun<typeof outbox>();
}
