import { withTimeout } from '../../db/client.ts';
import { findOrders, type OrderRow } from '../../db/order/orders.ts';
import { Refusal } from '../../domain/errors.ts';
import type { Deps } from '../deps.ts';
import { asRefusal } from '../http/errors.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { readId } from '../v1/ids.ts';

/** The result of an act on one order of many: the answer, or why there is none. */
export type OrderResult<T> =
  | { readonly kind: 'done'; readonly answer: T }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The orders of a request, by their ids as the caller wrote them. */
export interface OrdersAsked {
  readonly accountId: number;
  readonly ids: readonly string[];
  /** Named in the log beside an unexpected error. */
  readonly requestId: string;
}

/**
 * Runs `act` once for each order of the account that the request names, and returns a result for every id, in the order asked. An
 * id that is no order of the account is refused as `order_not_found`, and no refusal stops the others.
 * @throws an error of the database when the orders cannot be read: then nothing was done.
 */
export async function eachOrder<T>(
  deps: Deps,
  { accountId, ids, requestId }: OrdersAsked,
  act: (order: OrderRow) => Promise<T>,
): Promise<OrderResult<T>[]> {
  const readable = [...new Set(ids.map(readId).filter((id) => id !== undefined))];
  const orders = await withTimeout(QUERY_MS, findOrders(deps.sql, accountId, readable));
  const resultOf = (order: OrderRow): Promise<OrderResult<T>> =>
    act(order).then(
      (answer) => ({ kind: 'done', answer }),
      (error: unknown) => ({ kind: 'refused', refusal: asRefusal(error, deps.log, requestId) }),
    );
  // The orders wait for their turns in parallel, so the whole request takes at most DEADLINES.place too.
  const results = new Map(await Promise.all(orders.map(async (order) => [order.id, await resultOf(order)] as const)));
  return ids.map(
    (text) => results.get(readId(text) ?? 0) ?? { kind: 'refused', refusal: new Refusal('order_not_found') },
  );
}
