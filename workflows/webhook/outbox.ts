import { proxyActivities } from '@temporalio/workflow';
import type { createWebhookActivities } from '../../activities/webhook/activities.ts';
import { WEBHOOK_TASK_QUEUE } from '../contract.ts';
import { SHIFTS_PER_RUN, shiftOptions } from '../shifts.ts';
import { continueRun, shouldContinue } from '../versions.ts';

const { sendEvents } = proxyActivities<ReturnType<typeof createWebhookActivities>>({
  taskQueue: WEBHOOK_TASK_QUEUE,
  ...shiftOptions,
  summary: 'make the first attempt of every webhook delivery',
});

/** Sends events to webhooks for ever. Each shift adds events to the history; a delivery adds none. */
export async function outbox(): Promise<void> {
  let shifts = 0;
  do {
    await sendEvents();
    shifts += 1;
  } while (shifts < SHIFTS_PER_RUN && !shouldContinue());
  await continueRun<typeof outbox>();
}
