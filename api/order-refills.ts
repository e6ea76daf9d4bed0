import { WorkflowNotFoundError } from '@temporalio/client';
import { within } from '../db/client.ts';
import type { OrderRow } from '../db/orders.ts';
import { refillFacts } from '../db/refills.ts';
import { Refusal } from '../domain/errors.ts';
import { isFinal } from '../domain/order.ts';
import { whyNoRefill } from '../domain/refill.ts';
import { type PersonMessage, refillUpdate } from '../workflows/messages.ts';
import type { Deps } from './deps.ts';
import { answerOf, nobody } from './order-asks.ts';
import { QUERY_MS } from './patience.ts';

export interface RefillAsk {
  readonly order: OrderRow;
  readonly message: PersonMessage;
  /** Asks with the same id are one. */
  readonly updateId?: string | undefined;
}

/**
 * Asks for a refill of an order, and returns its id. An order whose workflow has closed is answered out of PostgreSQL.
 * @throws Refusal `refill_unavailable` with the reason, or `outcome_unknown` when nobody answered.
 */
export async function requestRefill(deps: Deps, { order, message, updateId }: RefillAsk): Promise<number> {
  if (isFinal(order.status) && !(order.refillUntil !== null && order.refillUntil.getTime() > Date.now())) {
    const { facts, terms } = await within(QUERY_MS, refillFacts(deps.sql, order.id));
    throw new Refusal('refill_unavailable', whyNoRefill(facts, terms, Date.now()) ?? 'the refill window has ended');
  }
  const answer = await answerOf(deps, { order, update: refillUpdate, message, updateId }).catch((error: unknown) => {
    if (!(error instanceof WorkflowNotFoundError)) throw nobody(deps, order.id, error, 'outcome_unknown');
    deps.log.error({ orderId: order.id }, 'an order in its refill window has no workflow');
    throw new Refusal('unavailable', 'the order cannot be asked at the moment');
  });
  if (answer.refill === undefined) throw new Refusal('refill_unavailable', answer.message);
  return answer.refill;
}
