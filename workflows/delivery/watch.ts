import { proxyActivities } from '@temporalio/workflow';
import type { createWatchActivities } from '../../activities/delivery/watch.ts';
import { WATCH_TASK_QUEUE, type WatchInput } from '../contract.ts';
import { SHIFTS_PER_RUN, shiftOptions } from '../shifts.ts';
import { continueRun, shouldContinue } from '../versions.ts';

const { watchProvider } = proxyActivities<ReturnType<typeof createWatchActivities>>({
  taskQueue: WATCH_TASK_QUEUE,
  ...shiftOptions,
  summary: 'ask about all running batches, round after round',
});

/** Watches one provider for ever. Each shift adds events to the history; a poll adds none. */
export async function watch({ providerId }: WatchInput): Promise<void> {
  let shifts = 0;
  do {
    await watchProvider({ providerId });
    shifts += 1;
  } while (shifts < SHIFTS_PER_RUN && !shouldContinue());
  await continueRun<typeof watch>({ providerId });
}
