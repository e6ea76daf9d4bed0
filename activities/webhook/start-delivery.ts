import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import {
  DELIVERY_WORKFLOW,
  type DeliveryInput,
  deliveryWorkflowId,
  priorityOf,
  TASK_QUEUE,
} from '../../workflows/contract.ts';

/**
 * Starts the workflow that retries a delivery, unless it runs. `onceEnded` says whether to start it again after a workflow of
 * that id has ended; its three days then begin anew.
 */
export async function startDelivery(
  temporal: Client,
  input: Required<DeliveryInput>,
  onceEnded: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE',
): Promise<void> {
  try {
    await temporal.workflow.start(DELIVERY_WORKFLOW, {
      taskQueue: TASK_QUEUE,
      workflowId: deliveryWorkflowId(input),
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: onceEnded,
      priority: priorityOf(input.account, 'delivery'),
      args: [input],
      staticSummary: `Retries event ${input.event} at webhook ${input.endpoint}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
