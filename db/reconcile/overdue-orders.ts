import type { Attention } from '../../domain/order/status.ts';
import type { Sql } from '../client.ts';

/** The next orders by id of which something has been due for so long that only their workflow can do. */
export async function overdueOrders(sql: Sql, after: number, seconds: number, limit: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select order_id::float8 as id from overdue_orders(${after}, ${seconds}, ${limit})`;
  return rows.map(({ id }) => id);
}

/** The version of an order that has not ended; undefined for all others. */
export async function openVersion(sql: Sql, orderId: number): Promise<number | undefined> {
  const [row] = await sql<{ version: number }[]>`
    select version from orders where id = ${orderId} and settled_at is null`;
  return row?.version;
}

/**
 * The workflow of an order gets on again: resolves `workflow_stuck`. `said` is what the workflow says that the order waits for,
 * and the order's version before it was asked; undefined for an order that has ended.
 */
export async function orderGetsOn(
  sql: Sql,
  orderId: number,
  said?: { readonly attention: Attention; readonly version: number },
): Promise<void> {
  await sql`select order_gets_on(${orderId}, ${said?.attention ?? 'none'}, ${said?.version ?? 0})`;
}
