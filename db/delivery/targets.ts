import type { Sql } from '../client.ts';

/** What an order was sold on, and where that is counted. */
export interface Target {
  readonly counterUrl: string | null;
  readonly link: string;
  /**
   * What it showed before anything was sent: counted by us, or else as the provider says; null when nobody knows. A provider's 0 is no count
   * to judge by: those that know none say 0 of everything.
   */
  readonly start: number | null;
}

export async function readTarget(sql: Sql, orderId: number): Promise<Target> {
  const [row] = await sql<Target[]>`
    select counter_url as "counterUrl", link, coalesce(counted_start, nullif(start_count, 0))::float8 as start
      from orders where id = ${orderId}`;
  if (row === undefined) throw new Error(`there is no order ${orderId}`);
  return row;
}

/**
 * Keeps the first count of an order's target. Not once its first attempt has been taken for sending: whoever counted was
 * frozen meanwhile, or the count is of a target that something was delivered to.
 */
export async function recordCountedStart(sql: Sql, orderId: number, count: number): Promise<void> {
  await sql`
    update orders set counted_start = ${count} where id = ${orderId} and counted_start is null and exists (
      select from attempts where order_id = ${orderId} and batch = 1 and attempt = 1 and state = 'intent')`;
}
