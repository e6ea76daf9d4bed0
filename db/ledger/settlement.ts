import type { Bought } from '../../domain/ledger/provider-cost.ts';
import type { Settled } from '../../domain/order/state.ts';
import type { Sql } from '../client.ts';
import { refillStanding } from '../refill/refills.ts';

/** A batch that a provider accepted, and its known cost. */
export interface BoughtBatch extends Bought {
  readonly batch: number;
  /** The provider's own figure, as it wrote it. */
  readonly charge: string | null;
  readonly delivered: number;
}

/** The batches bought for an order, or for one of its refills. */
export async function boughtBatches(sql: Sql, orderId: number, refill: number | null): Promise<BoughtBatch[]> {
  return sql<BoughtBatch[]>`
    select b.batch, b.cost_rate as rate, b.provider_charge as charge, b.delivered::float8 as delivered, o.type,
           case when o.type = 'Subscriptions' then o.fields->>'max' end as most
      from batches b join orders o on o.id = b.order_id
      where b.order_id = ${orderId} and b.provider_order is not null and b.refill is not distinct from ${refill}::integer
      order by b.batch`;
}

/** How an order has ended; null while it has not. */
export async function readSettled(sql: Sql, orderId: number): Promise<Settled | null> {
  const [row] = await sql<Omit<Settled, 'refill'>[]>`
    select status, delivered::float8 as delivered from orders where id = ${orderId} and settled_at is not null`;
  return row === undefined ? null : { ...row, refill: await refillStanding(sql, orderId) };
}

/** The first order that queues for the link of this order and has not begun. */
export async function nextInLine(sql: Sql, orderId: number, at: Date): Promise<number | undefined> {
  const [row] = await sql<{ id: number }[]>`
    select n.id::float8 as id
      from orders o join services s on s.id = o.service_id and s.duplicate_link = 'queue'
      cross join lateral open_orders_of_link(o.service_id, o.link_key) n
      where o.id = ${orderId} and (s.duplicate_scope = 'all' or n.account_id = o.account_id) and not exists (select from batches where order_id = n.id)
        and n.paused_at is null and coalesce(n.next_run_at, n.created_at) <= greatest(${at}, clock_timestamp())
      order by n.id limit 1`;
  return row?.id;
}
