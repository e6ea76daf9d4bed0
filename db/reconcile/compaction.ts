import { LIMITS } from '../../domain/limits.ts';
import type { Sql } from '../client.ts';
import { isArchived } from '../order/order-list.ts';

/** The position of a scan of the ended orders, by the time after which nothing changes an order. */
export interface EndedCursor {
  /** As PostgreSQL writes it: a Date has no microseconds, so a scan would find its last order again. */
  readonly at: string;
  readonly id: number;
}

export const FIRST_ENDED: EndedCursor = { at: '-infinity', id: 0 };

/** An ended order that is not compacted. */
export interface EndedOrder extends EndedCursor {
  /** Whether it can be compacted now. */
  readonly isReady: boolean;
}

/**
 * The next ended orders that are not compacted and probably archived. An order with an open refill is not ready, nor one with an
 * attempt that the search for unknown sends still reads.
 */
export async function ordersToCompact(sql: Sql, after: EndedCursor, most: number): Promise<EndedOrder[]> {
  const hours = LIMITS.correctionHours;
  return sql<EndedOrder[]>`
    with orders as (
      select id, settled_at, refill_until, greatest(settled_at, refill_until) as at from orders
        where settled_at is not null and compacted_at is null
          -- now(): the index is not read for a clock that moves on while it is read.
          and greatest(settled_at, refill_until) < now() - make_interval(hours => ${hours})
          and (greatest(settled_at, refill_until), id) > (${after.at}::text::timestamptz, ${after.id})
        order by greatest(settled_at, refill_until), id limit ${most}
    )
    select id::float8 as id, at::text as at, ${isArchived(sql, 'orders')} and not exists (
        select from attempts a where a.order_id = orders.id and a.state in ('unknown', 'released')
          and a.decided_at > clock_timestamp() - make_interval(hours => ${hours})) as "isReady"
      from orders order by orders.at, orders.id`;
}

/** A batch of an order. */
export interface BatchCursor {
  readonly orderId: number;
  readonly batch: number;
}

/**
 * Compacts the next `most` batches of archived orders after `after`. Returns the last of these batches; undefined when there was
 * none.
 */
export async function compactBatches(
  sql: Sql,
  orders: readonly number[],
  after: BatchCursor,
  most: number,
): Promise<(BatchCursor & { readonly changed: number }) | undefined> {
  const [row] = await sql<{ orderId: number | null; batch: number | null; changed: number }[]>`
    select order_id::float8 as "orderId", batch, changed::float8 as changed
      from compact_batches(${orders.map(String)}::bigint[], ${after.orderId}, ${after.batch}, ${most}, ${LIMITS.samplesKept})`;
  return row === undefined || row.orderId === null || row.batch === null
    ? undefined
    : { orderId: row.orderId, batch: row.batch, changed: row.changed };
}

/** Forgets the requests of archived orders whose batches are compacted, and marks the orders. Returns how many it marked. */
export async function finishCompaction(sql: Sql, orders: readonly number[]): Promise<number> {
  const [row] = await sql<{ marked: number }[]>`
    select finish_compaction(${orders.map(String)}::bigint[], ${LIMITS.keyDays})::float8 as marked`;
  return row?.marked ?? 0;
}
