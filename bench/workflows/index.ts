/** The floor workflows. They do nothing, some with as many activities and timers as an order has. */
import { proxyActivities, proxyLocalActivities, sleep } from '@temporalio/workflow';
import type { ActivityCounts, FloorActivities } from '../world/floor-worker.ts';

const inTask = proxyLocalActivities<FloorActivities>({ startToCloseTimeout: '15 seconds' });
const onQueue = proxyActivities<FloorActivities>({ startToCloseTimeout: '5 minutes' });

/** Ends at once. */
export async function bare(): Promise<void> {}

/** Runs as many activities of each kind as a plain order has, one after the other. */
export async function nothing({ local, queued }: ActivityCounts): Promise<void> {
  for (let number = 0; number < queued; number += 1) await onQueue.doNothing();
  for (let number = 0; number < local; number += 1) await inTask.doNothing();
}

/** Runs one activity and one timer for each run of a drip-feed. */
export async function nothingEachRun({ runs, intervalMs }: { runs: number; intervalMs: number }): Promise<void> {
  for (let run = 0; run < runs; run += 1) {
    await onQueue.doNothing();
    await sleep(intervalMs);
  }
}
