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
export async function ownOrder(deps: Deps, c: ApiContext, id: string): Promise<OrderRow> {
  const orderId = readId(id);
  const order =
    orderId === undefined
      ? undefined
      : await reading(deps, c, (sql) => findOrder(sql, c.get('caller').accountId, orderId));
  if (order === undefined) throw new Refusal('order_not_found');
  return order;
}
