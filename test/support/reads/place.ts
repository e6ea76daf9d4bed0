import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import type { Sql } from '../../../db/client.ts';
import {
  ORDER_WORKFLOW,
  type OrderInput,
  orderWorkflowId,
  PLACE_UPDATE_ID,
  type Placement,
  placeUpdate,
  searchAttributes,
  TASK_QUEUE,
} from '../../../workflows/contract.ts';

/** Starts the workflow of a claim and waits for its decision, as the API does. */
export async function placeClaim(
  sql: Sql,
  temporal: Client,
  orderId: number,
  options: Omit<OrderInput, 'orderId'> = {},
): Promise<Placement> {
  const [claim] = await sql<{ fingerprint: string }[]>`
    select encode(fingerprint, 'hex') as fingerprint from claims where order_id = ${orderId}`;
  return temporal.workflow.executeUpdateWithStart(placeUpdate, {
    updateId: PLACE_UPDATE_ID,
    args: [{ fingerprint: claim?.fingerprint ?? '' }],
    startWorkflowOperation: new WithStartWorkflowOperation(ORDER_WORKFLOW, {
      taskQueue: TASK_QUEUE,
      workflowId: orderWorkflowId(orderId),
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [{ orderId, ...options }],
      typedSearchAttributes: [
        { key: searchAttributes.orderStatus, value: 'Pending' },
        { key: searchAttributes.attention, value: 'none' },
      ],
    }),
  });
}
