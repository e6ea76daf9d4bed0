import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { OUTBOX_WORKFLOW, OUTBOX_WORKFLOW_ID, TASK_QUEUE } from '../../workflows/contract.ts';

/** Starts the outbox unless it runs. */
export async function ensureOutbox(temporal: Client): Promise<void> {
  try {
    await temporal.workflow.start(OUTBOX_WORKFLOW, {
      taskQueue: TASK_QUEUE,
      workflowId: OUTBOX_WORKFLOW_ID,
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [],
      staticSummary: 'Sends events to webhooks',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
