import { WorkflowNotFoundError } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { Caller } from '../../db/account/accounts.ts';
import { withTimeout } from '../../db/client.ts';
import { type OrderRow, readOrder } from '../../db/order/orders.ts';
import { Refusal } from '../../domain/errors.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import type { Answer } from '../../domain/order/asks.ts';
import { endedAs } from '../../domain/order/can.ts';
import { isFinal, type OrderStatus } from '../../domain/order/status.ts';
import { proofOf } from '../../net/ask-proof.ts';
import { answerIn, orderQuery, orderWorkflowId, type WorkflowView } from '../../workflows/contract.ts';
import type { Deps } from '../deps.ts';
import { LAST_LOOK_MS } from '../http/timeouts.ts';
import { FairSlots } from '../limits/fair-slots.ts';
import { answerBefore } from '../temporal.ts';
import { perApp } from '../v1/per-app.ts';

/** Characters of a key's name that the timeline shows. Code points are counted, so that no character is cut in half. */
const NAME_SHOWN = 80;

/** The actor of a request, as the order's timeline names it. */
export const byCustomer = (accountId: number): string => `account ${accountId}`;
export const byStaff = ({ keyName }: Caller): string => `staff: ${[...keyName].slice(0, NAME_SHOWN).join('')}`;

export interface Ask<M, A> {
  /** The account that asks: accounts have turns. */
  readonly asker: number;
  readonly order: Pick<OrderRow, 'id' | 'status' | 'attention'>;
  readonly update: UpdateDefinition<A, [M]>;
  readonly message: M;
  /** The workflow takes requests with the same id for one request. */
  readonly updateId?: string | undefined;
}

/**
 * Sends a request to an order's workflow and returns the workflow's sentence about what happens next, within DEADLINES.place.
 * @throws Refusal `not_possible` with the workflow's sentence, `order_ended`, `overloaded` when the order was not asked, or
 * `outcome_unknown` when the workflow did not answer: asking again is safe.
 */
export async function askOrder<M extends object>(deps: Deps, ask: Ask<M, Answer>): Promise<string> {
  const { order } = ask;
  if (hasEnded(order)) throw ended(order.status);
  const answer = await answerOf(deps, ask, async (error) => unanswered(deps, order.id, error, 'outcome_unknown'));
  if (answer.ok) return answer.message;
  throw (await endedMeanwhile(deps, order.id)) ?? new Refusal('not_possible', answer.message);
}

/** One account's requests cannot fill this process, or keep the engines from those of others. */
const askSlots = perApp(
  () =>
    new FairSlots({
      atOnce: LIMITS.asksAtOnce,
      ofAccount: LIMITS.asksOfAccount,
      waiting: LIMITS.asksWaiting,
      slotMs: LIMITS.askSlotMs,
    }),
);

/**
 * The answer of an order's workflow within DEADLINES.place, the wait for the account's turn included. `failed` makes the refusal
 * from an error of the Temporal client.
 * @throws Refusal `overloaded` when the turn did not come: the order was not asked.
 */
export async function answerOf<M extends object, A extends Answer>(
  deps: Deps,
  ask: Ask<M, A>,
  failed: (error: unknown) => Promise<Refusal>,
): Promise<A> {
  const notAfter = Date.now() + DEADLINES.place;
  const asked = await askSlots(deps).run(ask.asker, LIMITS.askWaitMs, () =>
    sendAsk(deps, ask, notAfter).catch(async (error: unknown) => {
      throw await failed(error);
    }),
  );
  if (asked === undefined) {
    throw new Refusal('overloaded', 'too many requests to orders are waiting; this order was not asked', 1);
  }
  return asked.result;
}

/** Asks an order's workflow. A validator that rejects the update also answers. The message carries a proof that the API sent it. */
function sendAsk<M extends object, A extends Answer>(
  { temporal, config }: Deps,
  { order, update, message, updateId }: Ask<M, A>,
  notAfter: number,
): Promise<A> {
  const handle = temporal.workflow.getHandle(orderWorkflowId(order.id));
  const asked = { orderId: order.id, update: update.name, message };
  const proof = proofOf(config.HOLDFAST_MASTER_KEY, asked, Date.now() + LIMITS.askProofHours * 3_600_000);
  const options = { args: [{ ...message, proof }] as [M], ...(updateId === undefined ? {} : { updateId }) };
  const ask = () => handle.executeUpdate<A, [M]>(update, options);
  return answerBefore(temporal, notAfter, ask).catch((error: unknown) => {
    const answer = answerIn<A>(error);
    if (answer === undefined) throw error;
    return answer;
  });
}

/**
 * The order as its workflow knows it. A workflow that has closed answers too, as long as Temporal keeps its history.
 * @throws Refusal `order_ended` once the history is gone, `unavailable` when no worker answered.
 */
export async function queryOrder(deps: Deps, orderId: number): Promise<WorkflowView> {
  const handle = deps.temporal.workflow.getHandle(orderWorkflowId(orderId));
  try {
    return await answerBefore(deps.temporal, Date.now() + DEADLINES.place, () => handle.query(orderQuery));
  } catch (error) {
    // Closed workflows answer queries too, so only a missing history means that the order has ended.
    const gone = error instanceof WorkflowNotFoundError;
    throw gone ? await unanswered(deps, orderId, error, 'unavailable') : noAnswer(deps, orderId, error, 'unavailable');
  }
}

/** Whether the order has ended and no refill of it waits for a person. */
const hasEnded = ({ status, attention }: Pick<OrderRow, 'status' | 'attention'>): boolean =>
  isFinal(status) && attention === 'none';

const ended = (status: OrderStatus): Refusal => new Refusal('order_ended', endedAs(status));

/** The refusal when a workflow gave no answer: the order has ended, its workflow is lost, or no worker took the request. */
async function unanswered(
  deps: Deps,
  orderId: number,
  error: unknown,
  otherwise: 'outcome_unknown' | 'unavailable',
): Promise<Refusal> {
  const over = await endedMeanwhile(deps, orderId);
  if (over !== undefined) return over;
  if (!(error instanceof WorkflowNotFoundError)) return noAnswer(deps, orderId, error, otherwise);
  deps.log.error({ order: orderId }, 'an open order has no workflow');
  return new Refusal('unavailable', 'the order does not respond at the moment; try again later');
}

/** The refusal when no worker answered in time. */
export function noAnswer(
  { log }: Deps,
  orderId: number,
  error: unknown,
  code: 'outcome_unknown' | 'unavailable',
): Refusal {
  log.warn({ order: orderId, why: String(error) }, 'an order workflow did not answer in time');
  return new Refusal(code, 'the order did not answer in time; it is safe to repeat the request');
}

async function endedMeanwhile({ sql, log }: Deps, orderId: number): Promise<Refusal | undefined> {
  try {
    const order = await withTimeout(LAST_LOOK_MS, readOrder(sql, orderId));
    return order !== undefined && hasEnded(order) ? ended(order.status) : undefined;
  } catch (error) {
    log.warn({ err: error, order: orderId }, 'failed to read an order');
    return undefined;
  }
}
