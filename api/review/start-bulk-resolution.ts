import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { DEADLINES } from '../../domain/limits.ts';
import { BULK_RESOLUTION_WORKFLOW, bulkResolutionId, TASK_QUEUE } from '../../workflows/contract.ts';
import type { Deps } from '../deps.ts';
import { answerBefore } from '../temporal.ts';

/**
 * Starts the workflow that carries out a decision about many orders. If Temporal does not answer, a worker starts it later:
 * housekeeping looks for decisions without a workflow.
 */
export async function startBulkResolution({ temporal, log }: Deps, bulkId: number, total: number): Promise<void> {
  const start = () =>
    temporal.workflow.start(BULK_RESOLUTION_WORKFLOW, {
      workflowId: bulkResolutionId(bulkId),
      taskQueue: TASK_QUEUE,
      args: [{ bulkId }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: `Carries out decision ${bulkId} of staff about ${total} orders`,
    });
  try {
    await answerBefore(temporal, Date.now() + DEADLINES.place, start);
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return;
    log.warn(
      { bulkId, why: String(error) },
      'failed to start the workflow of a bulk decision; a worker starts it later',
    );
  }
}
