import type { Bought } from '../../domain/ledger/provider-cost.ts';
import type { Settled } from '../../domain/order/state.ts';
import type { Sql } from '../client.ts';
import { refillStanding } from '../refill/refills.ts';
import type { BatchCost, Settlement } from './ledger.ts';

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

/** An order that was settled, and what follows from it. */
export interface EndedOrder {
  /** How it has ended; null when it had been settled before, and may have been corrected and refilled since. */
  readonly settled: Settled | null;
  /** The next order for its link. */
  readonly next: number | null;
}

/**
 * Settles an order and reads what follows, in one round trip. Without `costs` the providers' own figures count; undefined when
 * one of them is missing or not plain: then nothing is written.
 * @throws PostgresError as `settle` does.
 */
export async function endOrder(
  sql: Sql,
  settlement: Omit<Settlement, 'costs'>,
  costs?: readonly BatchCost[],
): Promise<EndedOrder | undefined> {
  const { orderId, status, delivered, reason, actor, at, ends, decided } = settlement;
  type Row = { fresh: boolean; completedAt: number | null; refillDays: number; lastBatch: number; next: number | null };
  const [row] = await sql<Row[]>`
    select fresh, (extract(epoch from completed_at) * 1000)::float8 as "completedAt", refill_days as "refillDays",
           last_batch as "lastBatch", next_in_line::float8 as next
      from end_order(${orderId}, ${status}, ${delivered}, ${reason}, ${actor}, ${at}, ${sql.json(ends.map((end) => ({ ...end })))},
        ${costs === undefined ? null : sql.json(costs.map((cost) => ({ ...cost })))}, ${decided})`;
  if (row === undefined) return undefined;
  const { fresh, completedAt, refillDays, lastBatch, next } = row;
  const hasWindow = completedAt !== null && refillDays > 0;
  const refill = hasWindow ? { completedAt, taken: 0, lastEndedAt: null, lastBatch, current: null } : null;
  return { settled: fresh ? { status, delivered, refill } : null, next };
}
