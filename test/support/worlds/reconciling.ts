import { randomUUID } from 'node:crypto';
import { readOrder } from '../../../db/order/orders.ts';
import { type AlertKind, listAlerts } from '../../../db/reconcile/alerts.ts';
import { type FindingKind, readLastRun } from '../../../db/reconcile/reconciliation.ts';
import { HOUSEKEEPING_TASK_QUEUE, HOUSEKEEPING_WORKFLOW, orderWorkflowId } from '../../../workflows/contract.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';
import type { World } from './world.ts';

/** Runs the reconciler once, as its schedule does. Returns a function that gives the findings of a kind. */
export async function reconcile({ temporal, sql }: World): Promise<(kind: FindingKind) => string> {
  await temporal.workflow.execute(HOUSEKEEPING_WORKFLOW, {
    taskQueue: HOUSEKEEPING_TASK_QUEUE,
    workflowId: `a-run-${randomUUID()}`,
    args: ['reconcile'],
  });
  const report = (await readLastRun(sql))?.report;
  if (report === undefined || report.failed.length > 0) throw new Error(`a run failed: ${JSON.stringify(report)}`);
  return (kind) => {
    const { found = 0, repaired = 0 } = report.findings.find((one) => one.kind === kind) ?? {};
    return `${found} found, ${repaired} repaired`;
  };
}

/** The newest alert of a kind about a subject: `open`, `resolved` or `none`. */
export async function alertAbout({ sql }: World, kind: AlertKind, subject: string) {
  const alert = (await listAlerts(sql, {}, 100)).find((one) => one.kind === kind && one.subject === subject);
  if (alert === undefined) return { state: 'none', detail: '' };
  return { state: alert.resolvedAt === null ? 'open' : 'resolved', detail: alert.detail };
}

/**
 * Resets an order's workflow to a task, by default its first, as Reset in the Temporal UI does. Later signals are delivered
 * again. `runId`: not the latest workflow of the order but this one.
 */
export async function resetOrder(
  { temporal, namespace }: World,
  orderId: number,
  nth = 0,
  runId?: string,
): Promise<void> {
  const workflowId = orderWorkflowId(orderId);
  const { events } = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
  const tasks = (events ?? []).filter(({ workflowTaskCompletedEventAttributes: done }) => done);
  await temporal.workflowService.resetWorkflowExecution({
    namespace,
    workflowExecution: { workflowId, ...(runId === undefined ? {} : { runId }) },
    reason: 'a test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: tasks[nth]?.eventId ?? null,
  });
}

/** Which task of an order's workflow, from 0, scheduled the nth activity of this name. */
export async function taskOf({ temporal }: World, orderId: number, name: string, nth: number): Promise<number> {
  const { events } = await temporal.workflow.getHandle(orderWorkflowId(orderId)).fetchHistory();
  const scheduled = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: activity }) =>
    activity?.activityType?.name === name ? [activity.workflowTaskCompletedEventId] : [],
  );
  const tasks = (events ?? []).filter(({ workflowTaskCompletedEventAttributes: done }) => done);
  return tasks.findIndex(({ eventId }) => `${eventId}` === `${scheduled[nth - 1]}`);
}

/** A world to reconcile, with helpers for the tests of each finding. */
export async function reconcilingWorld() {
  const opened: ApiWorld = await apiWorld();
  const { world } = opened;
  const statusOf = async (workflowId: string) =>
    (await world.temporal.workflow.getHandle(workflowId).describe()).status.name;
  return {
    ...opened,
    statusOf,
    /** Whether Temporal has a workflow of the order. */
    isKnown: (id: number) =>
      statusOf(orderWorkflowId(id)).then(
        () => true,
        () => false,
      ),
    read: (id: number) => () => readOrder(world.sql, id),
    orderAlert: (id: number) => alertAbout(world, 'order_lost', `order:${id}`),
    /** Makes the order and its claim look five minutes older. */
    aged: (id: number) => world.sql`
      with claim as (update claims set created_at = created_at - interval '5 minutes' where order_id = ${id})
      update orders set created_at = created_at - interval '5 minutes' where id = ${id}`,
    /** A new link with this script for the simulated provider. */
    link: (script: string) => ({ link: `https://example.com/r/${Math.random()}?sim=${script}` }),
  };
}
