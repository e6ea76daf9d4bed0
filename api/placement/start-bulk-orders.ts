import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { DEADLINES } from '../../domain/limits.ts';
import { MASS_WORKFLOW, massWorkflowId, searchAttributes, TASK_QUEUE } from '../../workflows/contract.ts';
import type { Deps } from '../deps.ts';
import { answerBefore } from '../temporal.ts';

/**
 * Starts the workflow that places a list. When Temporal does not answer, the list is placed all the same: workers look for
 * lists that nobody places.
 */
export async function startBulkOrders({ temporal, log }: Deps, listId: number, accountId: number, total: number) {
  const start = () =>
    temporal.workflow.start(MASS_WORKFLOW, {
      workflowId: massWorkflowId(listId),
      taskQueue: TASK_QUEUE,
      args: [{ massId: listId }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      typedSearchAttributes: [{ key: searchAttributes.accountId, value: String(accountId) }],
      staticSummary: `Places ${total} orders, account ${accountId}`,
    });
  try {
    await answerBefore(temporal, Date.now() + DEADLINES.place, start);
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return;
    log.warn({ listId, why: String(error) }, 'the workflow of a list was not started; a worker will');
  }
}
