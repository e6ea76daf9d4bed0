import type { Sql } from '../client.ts';

/** An order's target and its counter. */
export interface Target {
  readonly counterUrl: string | null;
  readonly link: string;
  /**
   * The target's count before anything was sent: our own, or else the provider's; null when unknown. A provider's 0 does not
   * count, because providers that know no number say 0.
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
 * Keeps the first count of an order's target, but not after its first attempt was taken for sending: a frozen worker may have
 * counted a target that had deliveries by then.
 */
export async function recordCountedStart(sql: Sql, orderId: number, count: number): Promise<void> {
  await sql`
    update orders set counted_start = ${count} where id = ${orderId} and counted_start is null and exists (
      select from attempts where order_id = ${orderId} and batch = 1 and attempt = 1 and state = 'intent')`;
}
