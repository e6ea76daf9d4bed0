import type { BatchSnapshot } from '../../domain/order/batch.ts';
import type { OrderChange } from '../../domain/order/snapshot.ts';
import type { Sql, Tx } from '../client.ts';
import { type BoughtJson, bought, withPaid } from '../delivery/batches.ts';

/** A change of an order, from its workflow; times are milliseconds since 1970. */
export interface OrderStateChange extends OrderChange {
  readonly orderId: number;
  readonly at: number;
  /**
   * The workflow's run, and the length of its history when its task began: a write from earlier in the same history comes from a
   * worker that was frozen, and changes nothing. Absent in histories from before.
   */
  readonly from?: { readonly run: string; readonly event: number };
  /** The open refill of an order that has ended; null when it has none. Absent: the order has not ended. */
  readonly refill?: {
    readonly number: number;
    readonly stage: string;
    readonly reviewAt: number;
    readonly before: string | null;
  } | null;
}

const date = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/**
 * Stores what people, timers and reports changed; a repeat changes nothing. False when the order has ended and the caller did not
 * know.
 */
export async function writeOrderState(sql: Sql, change: OrderStateChange): Promise<boolean> {
  const { orderId, attention, reason, pausedBy, canceledBy, batches, notes, restartClocks, refill, from } = change;
  const [row] = await sql<{ written: boolean }[]>`
    select store_order_state(${orderId}, ${attention}, ${reason}, ${date(change.pausedAt)}, ${pausedBy}, ${canceledBy}, ${date(change.nextRunAt)},
      ${sql.json(batches.map((batch) => ({ ...batch })))}, ${sql.json(notes.map((note) => ({ ...note })))}, ${date(change.at)},
      ${restartClocks}, ${refill !== undefined}, ${refill == null ? null : sql.json(refill)},
      ${from?.run ?? null}, ${from?.event ?? null}) as written`;
  return row?.written === true;
}

/** Stores the end of a batch, and that the order's workflow knows of it. */
export async function endBatch(sql: Sql, orderId: number, batch: number, delivered: number): Promise<void> {
  await sql`select end_batch(${orderId}, ${batch}, ${delivered})`;
}

/** The open batches of an order, and what its ended ones delivered. */
export interface OpenBatches<B> {
  readonly open: readonly B[];
  readonly deliveredByEnded: number;
}

/**
 * Reads which batches are open. With `finish`, no further run begins and the end of every batch is reported from now on.
 */
export async function openBatches(
  sql: Sql,
  orderId: number,
  finish: boolean,
): Promise<OpenBatches<{ readonly batch: number }>> {
  if (finish) await sql`select finish_runs(${orderId})`;
  const [open, deliveredByEnded] = await Promise.all([
    sql<{ batch: number }[]>`
      select batch from batches where order_id = ${orderId} and state <> 'done' order by batch`,
    readDeliveredByEnded(sql, orderId),
  ]);
  return { open: [...open], deliveredByEnded };
}

async function readDeliveredByEnded(sql: Sql | Tx, orderId: number): Promise<number> {
  const [ended] = await sql<{ delivered: number }[]>`
    select coalesce(sum(delivered), 0)::float8 as delivered from batches where order_id = ${orderId} and state = 'done'`;
  return ended?.delivered ?? 0;
}

/** Reads the open batches for a workflow that takes the order up. Fields without a value are left out: an order can have thousands. */
export async function snapshotBatches(sql: Sql | Tx, orderId: number): Promise<OpenBatches<BatchSnapshot>> {
  const [open, deliveredByEnded] = await Promise.all([
    sql<(BatchSnapshot & { bought: BoughtJson })[]>`
      select b.batch, b.quantity::float8 as quantity, b.state, b.provider_order as "providerOrder",
             round(extract(epoch from b.review_at) * 1000)::float8 as "reviewAt", b.stop_answer is not null as "stopAsked",
             case when b.stop_answer is not null then jsonb_build_object('answer', b.stop_answer,
               'at', round(extract(epoch from b.stop_asked_at) * 1000)) end as stop, b.resend, b.resends,
             coalesce(b.provider_id, case when a.state = 'unknown' then a.provider_id end) as provider,
             coalesce(a.attempt + case when a.state = 'released' then 1 else 0 end, 0) as attempts,
             coalesce(a.state = 'sending', false) as "inFlight",
             case when b.acked_version > 0 then jsonb_build_object('version', b.acked_version,
               'status', coalesce(b.provider_status, 'Unknown'), 'remains', b.remains, 'startCount', b.start_count,
               'charge', b.provider_charge, 'stalledSince', extract(epoch from b.stalled_since) * 1000) end as report,
             ${bought(sql)} as bought
        from batches b join orders o on o.id = b.order_id
        left join lateral (
          select attempt, state, provider_id from attempts where order_id = b.order_id and batch = b.batch order by attempt desc limit 1
        ) a on true
        where b.order_id = ${orderId} and b.state <> 'done' order by b.batch`,
    readDeliveredByEnded(sql, orderId),
  ]);
  const known = open.map(({ bought, ...batch }): BatchSnapshot => {
    const { report = null } = batch;
    return withoutNulls({ ...batch, report: report && withPaid(report, batch.quantity, bought) });
  });
  return { open: known, deliveredByEnded };
}

const withoutNulls = (batch: BatchSnapshot): BatchSnapshot =>
  Object.fromEntries(Object.entries(batch).filter(([, value]) => value !== null)) as unknown as BatchSnapshot;
