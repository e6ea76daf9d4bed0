import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { BULK_ORDERS_WORKFLOW, bulkOrdersWorkflowId, TASK_QUEUE } from '../../workflows/contract.ts';

/** Ensures that every open list has its workflow: the API may have died between storing a list and starting it. */
export async function ensureBulkOrders(temporal: Client, massId: number): Promise<void> {
  try {
    await temporal.workflow.start(BULK_ORDERS_WORKFLOW, {
      taskQueue: TASK_QUEUE,
      workflowId: bulkOrdersWorkflowId(massId),
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [{ massId }],
      staticSummary: `Places list ${massId}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
