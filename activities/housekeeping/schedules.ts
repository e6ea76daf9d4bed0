import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleOptions,
  type ScheduleOptionsAction,
} from '@temporalio/client';
import {
  HOUSEKEEPING_TASK_QUEUE,
  HOUSEKEEPING_WORKFLOW,
  type HousekeepingTask,
  housekeepingId,
} from '../../workflows/contract.ts';

/** How often each task runs; a run that takes longer than this makes the next one skip. */
const EVERY: Readonly<Record<HousekeepingTask, `${number} minutes`>> = {
  verifyLedger: '1 minutes',
  reconcile: '1 minutes',
  providers: '15 minutes',
  serviceStats: '5 minutes',
  rankRoutes: '5 minutes',
  cleanDeliveries: '60 minutes',
  cleanRequests: '60 minutes',
  cleanAlerts: '1440 minutes',
  compactOrders: '60 minutes',
  countDays: '10 minutes',
};

/** Makes the schedules, or updates them to this version. A schedule that staff have paused stays paused. */
export async function ensureSchedules({ schedule: schedules }: Client): Promise<void> {
  for (const task of Object.keys(EVERY) as HousekeepingTask[]) {
    const wanted = scheduleOf(task);
    try {
      // The first proof comes at once: until then nothing is known of the ledger.
      await schedules.create({ ...wanted, state: { triggerImmediately: task === 'verifyLedger' } });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await schedules.getHandle(wanted.scheduleId).update((is) => ({ ...is, ...wanted }));
    }
  }
}

function scheduleOf(task: HousekeepingTask) {
  const id = housekeepingId(task);
  return {
    scheduleId: id,
    spec: { intervals: [{ every: EVERY[task] }] },
    action: {
      type: 'startWorkflow',
      workflowType: HOUSEKEEPING_WORKFLOW,
      workflowId: id,
      taskQueue: HOUSEKEEPING_TASK_QUEUE,
      args: [task],
    } satisfies ScheduleOptionsAction,
    policies: { overlap: 'SKIP', catchupWindow: '1 minute' },
  } satisfies ScheduleOptions;
}
