import type { Attention } from '../../domain/order/status.ts';
import type { Sql } from '../client.ts';

/** The next orders by id with work that only their workflow can do and that has been due for `seconds`. */
export async function overdueOrders(sql: Sql, after: number, seconds: number, limit: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select order_id::float8 as id from overdue_orders(${after}, ${seconds}, ${limit})`;
  return rows.map(({ id }) => id);
}

/** The version of an open order; undefined for all others. */
export async function openVersion(sql: Sql, orderId: number): Promise<number | undefined> {
  const [row] = await sql<{ version: number }[]>`
    select version from orders where id = ${orderId} and settled_at is null`;
  return row?.version;
}

/**
 * Resolves `workflow_stuck`, because the order's workflow makes progress again. `said` is the attention that the workflow
 * answered, with the order's version before the question; undefined for an order that has ended.
 */
export async function orderGetsOn(
  sql: Sql,
  orderId: number,
  said?: { readonly attention: Attention; readonly version: number },
): Promise<void> {
  await sql`select order_gets_on(${orderId}, ${said?.attention ?? 'none'}, ${said?.version ?? 0})`;
}
