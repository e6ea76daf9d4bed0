import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { pageLink } from '../../domain/order/page.ts';
import type { Attention, OrderStatus } from '../../domain/order/status.ts';
import {
  ORDER_TASK_TIMEOUT,
  ORDER_WORKFLOW,
  orderWorkflowId,
  priorityOf,
  searchAttributes,
  TASK_QUEUE,
} from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';

/** An order whose workflow must run, with its search attributes for the Temporal UI. */
export interface StartOrder {
  readonly orderId: number;
  readonly accountId: number;
  readonly serviceId: number;
  readonly status: OrderStatus;
  readonly attention: Attention;
}

/**
 * Starts the workflow of an order unless it runs; the workflow reads the rest from PostgreSQL. `onceEnded` says whether to start
 * it again after a workflow of that id has ended.
 */
export async function startOrder(
  { temporal, publicUrl }: Pick<Deps, 'temporal' | 'publicUrl'>,
  { orderId, accountId, serviceId, status, attention }: StartOrder,
  onceEnded: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE',
  of: 'order' | 'line' = 'order',
): Promise<void> {
  try {
    await temporal.workflow.start(ORDER_WORKFLOW, {
      workflowId: orderWorkflowId(orderId),
      taskQueue: TASK_QUEUE,
      workflowTaskTimeout: ORDER_TASK_TIMEOUT,
      args: [{ orderId }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: onceEnded,
      priority: priorityOf(accountId, of),
      typedSearchAttributes: [
        { key: searchAttributes.orderStatus, value: status },
        { key: searchAttributes.attention, value: attention },
        { key: searchAttributes.accountId, value: String(accountId) },
        { key: searchAttributes.serviceId, value: String(serviceId) },
      ],
      staticSummary: `account ${accountId}`,
      ...(publicUrl === undefined ? {} : { staticDetails: pageLink(publicUrl, orderId) }),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
