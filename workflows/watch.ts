import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { createWatchActivities } from '../activities/watch.ts';
import { WATCH_TASK_QUEUE, type WatchInput } from './messages.ts';

/** Shifts of ten minutes in one run: about a day, some nine hundred events. */
const SHIFTS_PER_RUN = 150;

const { watchProvider } = proxyActivities<ReturnType<typeof createWatchActivities>>({
  taskQueue: WATCH_TASK_QUEUE,
  startToCloseTimeout: '15 minutes',
  // A worker that died is replaced this soon.
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds' },
  summary: 'ask about all running batches, round after round',
});

/** Watches one provider for ever. Its history grows by the shift, not by the poll. */
export async function watch({ providerId }: WatchInput): Promise<void> {
  for (let shift = 0; shift < SHIFTS_PER_RUN; shift += 1) await watchProvider({ providerId });
  await continueAsNew<typeof watch>({ providerId });
}
