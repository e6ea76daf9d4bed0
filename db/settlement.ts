import type { Attention } from '../domain/order.ts';
import type { Sql } from './client.ts';

export interface BatchCost {
  /** The rate of the route it was bought on, 1e-5 per 1000. */
  readonly rate: bigint;
  /** The provider's own figure, as it wrote it. */
  readonly charge: string | null;
}

/** What the batches of an order were bought for; batches that no provider accepted are not in it. */
export async function batchCosts(sql: Sql, orderId: number): Promise<Map<number, BatchCost>> {
  const rows = await sql<(BatchCost & { batch: number })[]>`
    select batch, cost_rate as rate, provider_charge as charge from batches
      where order_id = ${orderId} and provider_order is not null`;
  return new Map(rows.map(({ batch, rate, charge }) => [batch, { rate, charge }]));
}

/** Shows in the order that somebody is needed (or no longer), with an event; nothing happens to a settled order. */
export async function setAttention(
  sql: Sql,
  orderId: number,
  attention: Attention,
  actor: string,
  at: Date,
  why?: string,
): Promise<void> {
  await sql`select set_attention(${orderId}, ${attention}, ${actor}, ${at}, ${sql.json(why === undefined ? {} : { why })})`;
}
