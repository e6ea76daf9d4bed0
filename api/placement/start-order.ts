import { WithStartWorkflowOperation } from '@temporalio/client';
import type { NewClaim } from '../../db/placement/claims.ts';
import { formatMoney } from '../../domain/ledger/money.ts';
import { pageLink } from '../../domain/order/page.ts';
import { markdownText } from '../../domain/text/escape.ts';
import {
  ORDER_TASK_TIMEOUT,
  ORDER_WORKFLOW,
  orderWorkflowId,
  PLACE_UPDATE_ID,
  type Placement,
  placeUpdate,
  priorityOf,
  searchAttributes,
  TASK_QUEUE,
} from '../../workflows/contract.ts';
import type { Deps } from '../deps.ts';
import { answerBefore } from '../temporal.ts';
import type { Offer } from './order-terms.ts';

/** Bytes of a summary that Temporal shows. */
const SUMMARY_BYTES = 200;

/** With less time left, the call would fail before it is sent. */
const LEAST_MS = 500;

/**
 * Starts the order's workflow, or joins the existing one, and waits until it has decided the claim.
 * @throws an error of the Temporal client, or TemporalDeadline without an answer by `notAfter`, in milliseconds since 1970.
 */
export async function placeByWorkflow(
  { temporal, config }: Deps,
  { orderId, accountId, fingerprint, request }: NewClaim,
  offer: Offer | undefined,
  notAfter: number,
): Promise<Placement> {
  const start = new WithStartWorkflowOperation(ORDER_WORKFLOW, {
    workflowId: orderWorkflowId(orderId),
    taskQueue: TASK_QUEUE,
    workflowTaskTimeout: ORDER_TASK_TIMEOUT,
    args: [{ orderId }],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    priority: priorityOf(accountId, 'order'),
    typedSearchAttributes: [
      { key: searchAttributes.orderStatus, value: 'Pending' },
      { key: searchAttributes.attention, value: 'none' },
      { key: searchAttributes.accountId, value: String(accountId) },
      { key: searchAttributes.serviceId, value: String(request.service) },
    ],
    staticSummary: summaryOf(accountId, offer, config.CURRENCY),
    ...(config.PUBLIC_URL === undefined ? {} : { staticDetails: pageLink(config.PUBLIC_URL, orderId) }),
  });
  // Without a deadline the client repeats the call until a worker takes it.
  return answerBefore(temporal, Math.max(notAfter, Date.now() + LEAST_MS), () =>
    temporal.workflow.executeUpdateWithStart(placeUpdate, {
      updateId: PLACE_UPDATE_ID,
      args: [{ fingerprint }],
      startWorkflowOperation: start,
    }),
  );
}

/** The line that support reads in the list of workflows; without the link. */
export function summaryOf(accountId: number, offer: Offer | undefined, currency: string): string {
  const account = `account ${accountId}`;
  if (offer === undefined) return account;
  const { quantity, runs, price } = offer.terms;
  const rest = `, ${quantity} × ${runs}, ${formatMoney(price)} ${currency}, ${account}`;
  const room = SUMMARY_BYTES - Buffer.byteLength(rest);
  let name = '';
  for (const character of markdownText(offer.service.name)) {
    if (Buffer.byteLength(name + character) > room) break;
    name += character;
  }
  return name + rest;
}
