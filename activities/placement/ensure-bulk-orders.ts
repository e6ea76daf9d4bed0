import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { MASS_WORKFLOW, massWorkflowId, TASK_QUEUE } from '../../workflows/contract.ts';

/** Sees to it that a list that has not ended is being placed: the API may have died between writing it down and saying so. */
export async function ensureMass(temporal: Client, massId: number): Promise<void> {
  try {
    await temporal.workflow.start(MASS_WORKFLOW, {
      taskQueue: TASK_QUEUE,
      workflowId: massWorkflowId(massId),
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [{ massId }],
      staticSummary: `Places list ${massId}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
