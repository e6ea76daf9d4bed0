import { randomUUID } from 'node:crypto';
import { type AlertKind, listAlerts } from '../../db/alerts.ts';
import { type FindingKind, readLastRun } from '../../db/reconciliation.ts';
import { HOUSEKEEPING_WORKFLOW, orderWorkflowId, TASK_QUEUE } from '../../workflows/messages.ts';
import type { World } from './world.ts';

/** One run of the reconciler, as its schedule starts it; returns what it found of each kind. */
export async function reconcile({ temporal, sql }: World): Promise<(kind: FindingKind) => string> {
  await temporal.workflow.execute(HOUSEKEEPING_WORKFLOW, {
    taskQueue: TASK_QUEUE,
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

/** The alert of a kind about a subject, the newest: `open`, `resolved`, or `none`. */
export async function alertAbout({ sql }: World, kind: AlertKind, subject: string) {
  const alert = (await listAlerts(sql, {}, 100)).find((one) => one.kind === kind && one.subject === subject);
  if (alert === undefined) return { state: 'none', detail: '' };
  return { state: alert.resolvedAt === null ? 'open' : 'resolved', detail: alert.detail };
}

/** Starts the workflow of an order again from its first task, as Reset in the Temporal UI does. */
export async function resetOrder({ temporal, namespace }: World, orderId: number): Promise<void> {
  const workflowId = orderWorkflowId(orderId);
  const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
  const first = events?.find(({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes);
  await temporal.workflowService.resetWorkflowExecution({
    namespace,
    workflowExecution: { workflowId },
    reason: 'a test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: first?.eventId ?? null,
  });
}
