import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { DEADLINES } from '../../domain/limits.ts';
import {
  BULK_ORDERS_WORKFLOW,
  bulkOrdersWorkflowId,
  priorityOf,
  searchAttributes,
  TASK_QUEUE,
} from '../../workflows/contract.ts';
import type { Deps } from '../deps.ts';
import { answerBefore } from '../temporal.ts';

/**
 * Starts the workflow that places a list. If Temporal does not answer, a worker starts it later: housekeeping looks for lists
 * without a workflow.
 */
export async function startBulkOrders({ temporal, log }: Deps, listId: number, accountId: number, total: number) {
  const start = () =>
    temporal.workflow.start(BULK_ORDERS_WORKFLOW, {
      workflowId: bulkOrdersWorkflowId(listId),
      taskQueue: TASK_QUEUE,
      args: [{ massId: listId }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      priority: priorityOf(accountId, 'line'),
      typedSearchAttributes: [{ key: searchAttributes.accountId, value: String(accountId) }],
      staticSummary: `Places ${total} orders, account ${accountId}`,
    });
  try {
    await answerBefore(temporal, Date.now() + DEADLINES.place, start);
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return;
    log.warn({ listId, why: String(error) }, 'failed to start the workflow of a list; a worker starts it later');
  }
}
