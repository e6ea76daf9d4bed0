import { setTimeout as delay } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { inParallel } from '../../activities/runtime/parallel.ts';
import { FLOOR_TASK_QUEUE } from '../world/floor-worker.ts';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
export type HistoryEvents = NonNullable<History['events']>;

/** Tasks that no worker took in time. */
export interface LateTasks {
  /** Tasks that were handed out and never answered, or that no worker took. */
  readonly workflowTasksTimedOut: number;
  /** Activities that waited for a worker for more than a second. */
  readonly activitiesThatWaited: number;
}

export const NONE_LATE: LateTasks = { workflowTasksTimedOut: 0, activitiesThatWaited: 0 };

export const addLate = (one: LateTasks, other: LateTasks): LateTasks => ({
  workflowTasksTimedOut: one.workflowTasksTimedOut + other.workflowTasksTimedOut,
  activitiesThatWaited: one.activitiesThatWaited + other.activitiesThatWaited,
});

const WAITED_MS = 1_000;
/** Histories that are read at the same time. */
const AT_ONCE = 8;
const LISTED_MS = 60_000;
const POLL_MS = 100;

/** Counts the late tasks of one history. The wait of a repeated activity is that for its repeat, so only first attempts count. */
export function lateTasksOf(events: HistoryEvents): LateTasks {
  const scheduledAt = new Map<string, number>();
  let [workflowTasksTimedOut, activitiesThatWaited] = [0, 0];
  for (const event of events) {
    if (event.workflowTaskTimedOutEventAttributes) workflowTasksTimedOut += 1;
    if (event.activityTaskScheduledEventAttributes) scheduledAt.set(String(event.eventId), timeOf(event));
    const started = event.activityTaskStartedEventAttributes;
    if (!started || (started.attempt ?? 1) > 1) continue;
    const waited = timeOf(event) - (scheduledAt.get(String(started.scheduledEventId)) ?? Number.NaN);
    if (waited > WAITED_MS) activitiesThatWaited += 1;
  }
  return { workflowTasksTimedOut, activitiesThatWaited };
}

const timeOf = ({ eventTime }: HistoryEvents[number]): number =>
  Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1e6;

/** Counts the late tasks in all histories of a namespace, those of the floors left out. `orders`: how many it must have. */
export async function lateTasksIn(temporal: Client, orders: number): Promise<LateTasks> {
  await untilListed(temporal, orders);
  let late = NONE_LATE;
  await inParallel(temporal.workflow.list(), AT_ONCE, async ({ workflowId, runId, taskQueue }) => {
    if (taskQueue === FLOOR_TASK_QUEUE) return;
    const { events } = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    late = addLate(late, lateTasksOf(events ?? []));
  });
  return late;
}

/** A cluster lists workflows some time after they have begun. */
async function untilListed(temporal: Client, orders: number): Promise<void> {
  const deadline = performance.now() + LISTED_MS;
  for (;;) {
    const { count } = await temporal.workflow.count("WorkflowType = 'order'");
    if (count >= orders) return;
    if (performance.now() > deadline) throw new Error(`Temporal lists ${count} of ${orders} orders after a minute`);
    await delay(POLL_MS);
  }
}

/** The query for the workflows with which the server itself runs the schedules. */
const SCHEDULERS = "TemporalNamespaceDivision = 'TemporalScheduler'";

/** Events in all histories of a namespace, those of the server's own schedules included. */
export async function eventsIn(temporal: Client): Promise<number> {
  let events = 0;
  for (const query of [undefined, SCHEDULERS]) {
    const listed = temporal.workflow.list(query === undefined ? {} : { query });
    // The list has no length of a history that still grows.
    await inParallel(listed, AT_ONCE, async ({ workflowId, runId }) => {
      const { historyLength } = await temporal.workflow.getHandle(workflowId, runId).describe();
      events += historyLength;
    });
  }
  return events;
}
