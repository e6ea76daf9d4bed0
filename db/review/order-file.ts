import type { Sql } from '../client.ts';
import type { EventRow } from '../order/orders.ts';
import { type ReviewRow, waitColumns } from './reviews.ts';

/** A movement of an order's money; the amount in units of 1e-8. */
export interface OrderMoneyRow {
  readonly id: number;
  readonly kind: string;
  /** The accounts of the ledger that the money left and reached. */
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
  /** The provider's own figure of a cost. */
  readonly note: string | null;
  readonly at: Date;
}

/** The latest movements of an order's money, oldest first. */
export async function orderMoney(sql: Sql, orderId: number, most: number): Promise<OrderMoneyRow[]> {
  const rows = await sql<OrderMoneyRow[]>`
    select id::float8 as id, kind, debit as "from", credit as "to", amount, note, at from transfers
      where order_id = ${orderId} order by transfers.id desc limit ${most}`;
  return rows.reverse();
}

/** The latest events of an order, oldest first, those of its attempts included. */
export async function lastEvents(sql: Sql, orderId: number, most: number): Promise<EventRow[]> {
  const rows = await sql<EventRow[]>`
    select id::float8 as id, type, actor, version, data, at from events
      where order_id = ${orderId} order by events.id desc limit ${most}`;
  return rows.reverse();
}

/** The people who paused the order and asked for its end, and the reason and the time of its wait. */
export interface OrderFacts extends Pick<ReviewRow, 'since' | 'by' | 'why'> {
  readonly pausedBy: string | null;
  readonly canceledBy: string | null;
}

export async function orderFacts(sql: Sql, orderId: number): Promise<OrderFacts | undefined> {
  const [row] = await sql<OrderFacts[]>`
    select o.paused_by as "pausedBy", o.canceled_by as "canceledBy", ${waitColumns(sql)}
      from orders o
      left join lateral (
        select at, actor, data from events
          where o.attention <> 'none' and order_id = o.id and type = 'order.' || o.attention order by id desc limit 1
      ) e on true
      where o.id = ${orderId}`;
  return row;
}

/** A batch as staff read it: with what its provider says. */
export interface StaffBatchRow {
  readonly order: number;
  readonly batch: number;
  readonly quantity: number;
  readonly state: 'waiting' | 'sending' | 'running' | 'uncertain' | 'done';
  readonly delivered: number;
  readonly startedAt: Date | null;
  readonly provider: number | null;
  readonly providerName: string | null;
  readonly providerService: string | null;
  readonly providerOrder: string | null;
  /** Our word for the provider's last status. */
  readonly providerStatus: string | null;
  readonly providerCharge: string | null;
  readonly remains: number | null;
  readonly startCount: number | null;
  /** When more was delivered for the last time, or else when the batch was accepted. */
  readonly progressAt: Date | null;
  /** The number of the refill that the batch belongs to. */
  readonly refill: number | null;
}

/** The last `most` batches of each of these orders, those of refills included, in order. */
export async function staffBatchesOf(sql: Sql, ids: readonly number[], most: number): Promise<StaffBatchRow[]> {
  if (ids.length === 0) return [];
  return sql<StaffBatchRow[]>`
    select b.order_id::float8 as "order", b.batch, b.quantity::float8 as quantity, b.state, b.delivered::float8 as delivered,
           b.accepted_at as "startedAt", b.provider_id as provider, p.name as "providerName",
           b.provider_service as "providerService", b.provider_order as "providerOrder", b.provider_status as "providerStatus", b.provider_charge as "providerCharge",
           b.remains::float8 as remains, b.start_count::float8 as "startCount", b.progress_at as "progressAt", b.refill
      from unnest(${ids.map(String)}::bigint[]) as o(id)
      cross join lateral (select * from batches where order_id = o.id order by batch desc limit ${most}) b
      left join providers p on p.id = b.provider_id
      order by b.order_id, b.batch`;
}
