import { WorkflowNotFoundError } from '@temporalio/client';
import { withTimeout } from '../../db/client.ts';
import { type OrderRow, readOrder } from '../../db/order/orders.ts';
import { refillFacts } from '../../db/refill/refills.ts';
import { Refusal } from '../../domain/errors.ts';
import { isFinal } from '../../domain/order/status.ts';
import { whyNoRefill } from '../../domain/refill/rules.ts';
import { type PersonMessage, refillUpdate } from '../../workflows/contract.ts';
import type { Deps } from '../deps.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { answerOf, noAnswer } from '../order/ask-order.ts';

export interface RefillAsk {
  /** The account that asks: accounts have turns. */
  readonly asker: number;
  readonly order: OrderRow;
  readonly message: PersonMessage;
  /** The workflow takes requests with the same id for one request. */
  readonly updateId?: string | undefined;
}

/**
 * Asks an order's workflow for a refill, and returns the refill's id. PostgreSQL answers for an order whose workflow has closed.
 * @throws Refusal `refill_unavailable` with the reason, `overloaded` when the order was not asked, or `outcome_unknown` when the
 * workflow did not answer.
 */
export async function askForRefill(deps: Deps, ask: RefillAsk): Promise<number> {
  const { order } = ask;
  if (hasClosed(order)) throw await whyNot(deps, order.id);
  const answer = await answerOf(deps, { ...ask, update: refillUpdate }, async (error) => {
    if (!(error instanceof WorkflowNotFoundError)) return noAnswer(deps, order.id, error, 'outcome_unknown');
    // The order may have ended since it was read.
    const now = await withTimeout(QUERY_MS, readOrder(deps.sql, order.id));
    if (now !== undefined && hasClosed(now)) return whyNot(deps, order.id);
    deps.log.error({ order: order.id }, 'an order in its refill window has no workflow');
    return new Refusal('unavailable', 'the order does not respond at the moment; try again later');
  });
  if (answer.refill === undefined) throw new Refusal('refill_unavailable', answer.message);
  return answer.refill;
}

/** The order's workflow has closed or is about to, so no refill is possible. */
const hasClosed = ({ status, refillUntil }: OrderRow): boolean =>
  isFinal(status) && !(refillUntil !== null && refillUntil.getTime() > Date.now());

async function whyNot({ sql }: Deps, orderId: number): Promise<Refusal> {
  const { facts, terms } = await withTimeout(QUERY_MS, refillFacts(sql, orderId));
  return new Refusal(
    'refill_unavailable',
    whyNoRefill(facts, terms, Date.now())?.reason ?? 'the refill window has ended',
  );
}
