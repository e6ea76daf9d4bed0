import { proxyActivities } from '@temporalio/workflow';
import type { createWatchActivities } from '../../activities/delivery/watch.ts';
import { WATCH_TASK_QUEUE, type WatchInput } from '../contract.ts';
import { shiftOptions, workShifts } from '../shifts.ts';
import { continueRun } from '../versions.ts';

const { watchProvider } = proxyActivities<ReturnType<typeof createWatchActivities>>({
  taskQueue: WATCH_TASK_QUEUE,
  ...shiftOptions,
  summary: 'ask about all running batches, round after round',
});

/** Watches one provider for ever. Each shift adds events to the history; a poll adds none. */
export async function watch({ providerId }: WatchInput): Promise<void> {
  await workShifts(() => watchProvider({ providerId }));
  await continueRun<typeof watch>({ providerId });
}
