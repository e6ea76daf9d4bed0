import type { Sql } from '../../db/client.ts';
import { findOrder, type OrderRow } from '../../db/order/orders.ts';
import { Refusal } from '../../domain/errors.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { reading } from '../limits/reads.ts';
import { readId } from '../v1/ids.ts';

/**
 * The order of a path.
 * @throws Refusal `order_not_found`, for another account's order too.
 */
export const ownOrder = (deps: Deps, c: ApiContext, id: string): Promise<OrderRow> =>
  ownOrderBy(deps, c, id, findOrder);

/** The same, as `find` reads the order of an account. */
export async function ownOrderBy<T>(
  deps: Deps,
  c: ApiContext,
  id: string,
  find: (sql: Sql, accountId: number, orderId: number) => Promise<T | undefined>,
): Promise<T> {
  const orderId = readId(id);
  const order =
    orderId === undefined ? undefined : await reading(deps, c, (sql) => find(sql, c.get('caller').accountId, orderId));
  if (order === undefined) throw new Refusal('order_not_found');
  return order;
}
