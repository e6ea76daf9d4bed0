import { withTimeout } from '../../db/client.ts';
import { findOrder } from '../../db/order/orders.ts';
import { Refusal } from '../../domain/errors.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { markReplayed } from '../idempotency/idempotency.ts';
import { type ShownOrder, viewAtPlacement } from '../order/order-view.ts';
import { type Asked, placeOrder } from './place.ts';

/**
 * Places an order for a request with an Idempotency-Key, and returns the order as it was accepted, with the headers of the answer
 * set.
 * @throws Refusal, `outcome_unknown` among them: then the claim stays, and the caller repeats the key.
 */
export async function placedOrder(deps: Deps, c: ApiContext, asked: Omit<Asked, 'late'>): Promise<ShownOrder> {
  const placed = await placeOrder(deps, { ...asked, late: 'keep' });
  if (placed.kind === 'unknown') throw new Refusal('outcome_unknown');
  if (placed.replayed) markReplayed(c);
  if (placed.kind === 'refused') throw placed.refusal;
  c.header('Location', `/v1/orders/${placed.orderId}`);
  return placed.view ?? readPlaced(deps, asked.accountId, placed.orderId);
}

/** @throws Refusal `outcome_unknown`: the order exists but cannot be read now; a repeat of the request will read it. */
async function readPlaced({ sql, config }: Deps, accountId: number, orderId: number): Promise<ShownOrder> {
  const order = await withTimeout(QUERY_MS, findOrder(sql, accountId, orderId)).catch(() => undefined);
  if (order === undefined) throw new Refusal('outcome_unknown');
  return viewAtPlacement(order, config.CURRENCY);
}
