import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { DELIVERY_WORKFLOW, type DeliveryInput, deliveryWorkflowId, TASK_QUEUE } from '../../workflows/contract.ts';

/**
 * Starts the workflow that makes the other attempts of a delivery, unless it runs. `onceEnded`: whether it may also be started
 * when one of that id has run and ended; its three days then begin anew.
 */
export async function startDelivery(
  temporal: Client,
  input: DeliveryInput,
  onceEnded: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE',
): Promise<void> {
  try {
    await temporal.workflow.start(DELIVERY_WORKFLOW, {
      taskQueue: TASK_QUEUE,
      workflowId: deliveryWorkflowId(input),
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: onceEnded,
      args: [input],
      staticSummary: `Tells webhook ${input.endpoint} of event ${input.event} again`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
