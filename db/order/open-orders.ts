import { isFinal, ORDER_STATUSES, type OrderStatus } from '../../domain/order/status.ts';
import type { Sql } from '../client.ts';

/** The statuses of orders that have not ended. */
export const OPEN_STATUSES = ORDER_STATUSES.filter((status) => !isFinal(status));

/** How many orders have not ended, by status. It reads the open orders alone, however many have ended. */
export async function countOpenOrders(sql: Sql): Promise<{ status: OrderStatus; count: number }[]> {
  const rows = await sql<{ status: OrderStatus; count: number }[]>`
    select status, count(*)::float8 as count from orders where settled_at is null group by status`;
  const counted = new Map(rows.map(({ status, count }) => [status, count]));
  return OPEN_STATUSES.map((status) => ({ status, count: counted.get(status) ?? 0 }));
}

/** For how long the oldest send of unknown outcome has waited for a decision, in seconds; 0 when none waits. */
export async function oldestUncertainSeconds(sql: Sql): Promise<number> {
  const [row] = await sql<{ seconds: number }[]>`
    select coalesce(extract(epoch from clock_timestamp() - min(a.decided_at)), 0)::float8 as seconds
      from orders o join attempts a on a.order_id = o.id and a.state = 'unknown'
      where o.attention = 'uncertain' and o.attention <> 'none'`;
  return row?.seconds ?? 0;
}
