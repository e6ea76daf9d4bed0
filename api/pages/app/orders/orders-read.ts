import type { CurrentOrder, Order } from '../../../../client/openapi.ts';
import type { Visit } from '../../page.ts';
import { V1Problem } from '../../v1.ts';
import { type Measured, measuredServices } from '../services/stats-read.ts';

/** One of the account's orders. Throws V1Problem `order_not_found` for another account's. */
export const readOrder = ({ v1 }: Visit, id: number): Promise<CurrentOrder> =>
  v1.GET('/v1/orders/{id}', { params: { path: { id } } });

/** The order; undefined when the account has none with this id. */
export async function findOrder(visit: Visit, id: number): Promise<CurrentOrder | undefined> {
  try {
    return await readOrder(visit, id);
  } catch (error) {
    if (error instanceof V1Problem && error.status === 404) return undefined;
    throw error;
  }
}

/** Ids of one read: a page of a list. */
const AT_ONCE = 100;

/** Those of these orders that the account has, at most AT_ONCE. */
export async function findOrders({ v1 }: Visit, ids: readonly number[]): Promise<CurrentOrder[]> {
  if (ids.length === 0) return [];
  const query = { ids: ids.slice(0, AT_ONCE).join(','), limit: AT_ONCE };
  return (await v1.GET('/v1/orders', { params: { query } })).data;
}

/** What was measured of the services of the orders that run: those are the ones with an expected end. */
export const measuredOf = (visit: Visit, orders: readonly Order[]): Promise<Measured> =>
  measuredServices(
    visit,
    orders.filter(({ settledAt }) => settledAt === null).map(({ service }) => service),
  );
