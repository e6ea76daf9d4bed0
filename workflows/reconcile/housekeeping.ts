import { proxyActivities } from '@temporalio/workflow';
import type { createHousekeepingActivities } from '../../activities/housekeeping/activities.ts';
import type { HousekeepingTask } from '../contract.ts';

/** Retried without limit: the schedule starts no second run while one still waits for PostgreSQL. */
const tasks = proxyActivities<ReturnType<typeof createHousekeepingActivities>>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '2 seconds', maximumInterval: '1 minute' },
});

/** One run of a scheduled task. */
export async function housekeeping(task: HousekeepingTask): Promise<void> {
  await tasks[task]();
}
