import type { Sql } from './client.ts';

/** A batch that a provider accepted, and what is known of its cost. */
export interface BoughtBatch {
  readonly batch: number;
  /** The rate of the route it was bought on, 1e-5 per 1000. */
  readonly rate: bigint;
  /** The provider's own figure, as it wrote it. */
  readonly charge: string | null;
  readonly delivered: number;
}

export async function boughtBatches(sql: Sql, orderId: number): Promise<BoughtBatch[]> {
  return sql<BoughtBatch[]>`
    select batch, cost_rate as rate, provider_charge as charge, delivered::float8 as delivered from batches
      where order_id = ${orderId} and provider_order is not null order by batch`;
}
