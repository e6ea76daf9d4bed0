import { proxyActivities } from '@temporalio/workflow';
import type { createHousekeepingActivities } from '../../activities/housekeeping/activities.ts';
import type { HousekeepingTask } from '../contract.ts';

/** Tried until it is done: the schedule starts no second run beside one that waits for PostgreSQL. */
const tasks = proxyActivities<ReturnType<typeof createHousekeepingActivities>>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '2 seconds', maximumInterval: '1 minute' },
});

/** One run of what a schedule has done regularly. */
export async function housekeeping(task: HousekeepingTask): Promise<void> {
  await tasks[task]();
}
