import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { MASS_WORKFLOW, massWorkflowId, TASK_QUEUE } from '../../workflows/contract.ts';

/** Ensures that every open list has its workflow: the API may have died between storing a list and starting it. */
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
