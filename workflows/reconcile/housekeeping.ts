import { proxyActivities, setWorkflowOptions } from '@temporalio/workflow';
import type { createHousekeepingActivities } from '../../activities/housekeeping/activities.ts';
import type { HousekeepingTask } from '../contract.ts';
import { takesEachVersion } from '../versions.ts';

/** Retried without limit: the schedule starts no second run while one still waits for PostgreSQL. */
const tasks = proxyActivities<ReturnType<typeof createHousekeepingActivities>>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '2 seconds', maximumInterval: '1 minute' },
});

// A run that fails on one build goes on with the next one: the schedule starts no other run meanwhile.
setWorkflowOptions(takesEachVersion, housekeeping);

/** One run of a scheduled task. */
export async function housekeeping(task: HousekeepingTask): Promise<void> {
  await tasks[task]();
}
