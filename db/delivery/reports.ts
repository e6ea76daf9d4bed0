import type { PendingQuery, Row } from 'postgres';
import type { ProviderReport } from '../../domain/delivery/verdict.ts';
import { isTerminal } from '../../domain/delivery/words.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Sql } from '../client.ts';
import { type BatchKey, type BoughtJson, bought, type RunningBatch, withPaid } from './batches.ts';
import { markRound, type RoundMark } from './watch-rounds.ts';

export type BatchReport = Omit<RunningBatch, 'quantity'> & ProviderReport;

/** Reports as the SQL functions read them. */
export const reportRows = (reports: readonly BatchReport[]) =>
  reports.map((report) => ({
    o: report.orderId,
    b: report.batch,
    status: report.status,
    remains: report.remains,
    start: report.startCount,
    charge: report.charge,
    terminal: isTerminal(report.status),
    clean: report.status === 'Completed' && (report.remains === null || report.remains <= 0),
  }));

/** A report that its workflow has not acted on yet. */
export interface DueReport extends ProviderReport {
  readonly orderId: number;
  readonly batch: number;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly stalledSince: number | null;
}

/** Reports batches that have delivered nothing for too long: those of some orders, or of all. */
export async function recordStalls(sql: Sql, provider: number, orders: readonly number[] | null = null): Promise<void> {
  await sql`select record_stalls(${provider}, ${orders === null ? null : orders.map(String)}::bigint[])`;
}

/** The orders whose batches `recordStalls` would report. */
export async function stalledOrders(sql: Sql, provider: number): Promise<number[]> {
  const rows = await sql<
    { id: number }[]
  >`select distinct order_id::float8 as id from stalled_batches(${provider}) order by id`;
  return rows.map(({ id }) => id);
}

/** Wait before a parked order is signalled again. It can store nothing, and rare signals keep its history short. */
const PARKED_RESEND_SECONDS = 900;
/** Reports that one statement takes. */
const TAKEN_AT_ONCE = 1_000;

type Fragment = PendingQuery<Row[]>;
type DueRow = DueReport & { readonly quantity: number; readonly bought: BoughtJson };

/** Reads the reports that an SQL function takes, in order; `before` comes before the select. */
const taken = (sql: Sql, from: Fragment, before: Fragment = sql``) => sql<DueRow[]>`
  ${before} select b.order_id::float8 as "orderId", b.batch, b.report_version as version, coalesce(b.provider_status, 'Unknown') as status,
         b.remains::float8 as remains, b.start_count::float8 as "startCount", b.provider_charge as charge,
         (extract(epoch from b.stalled_since) * 1000)::float8 as "stalledSince", b.quantity::float8 as quantity, ${bought(sql)} as bought
    from ${from} b join orders o on o.id = b.order_id order by b.order_id, b.batch`;

const dueReport = ({ quantity, bought: terms, ...report }: DueRow): DueReport => withPaid(report, quantity, terms);

/**
 * Stores the answers of one status call, only the changed ones. Takes the reports that are due among these orders: those never
 * sent, and those sent `resendSeconds` ago and not acted on.
 */
export async function recordCall(
  sql: Sql,
  provider: number,
  reports: readonly BatchReport[],
  at: Date,
  resendSeconds: number,
): Promise<DueReport[]> {
  const rows = await taken(
    sql,
    sql`record_call(${provider}, ${sql.json(reportRows(reports))}, ${at}, ${LIMITS.samples}, ${TAKEN_AT_ONCE},
      ${resendSeconds}, ${PARKED_RESEND_SECONDS})`,
  );
  return rows.map(dueReport);
}

/**
 * Takes all reports of a provider that are due, in parts of bounded size; marks them as sent. The first statement also writes the
 * round's mark, if any.
 */
export async function* takeReports(
  sql: Sql,
  provider: number,
  resendSeconds: number,
  mark?: RoundMark,
): AsyncGenerator<readonly DueReport[]> {
  let after: BatchKey = { orderId: 0, batch: 0 };
  let before = mark === undefined ? sql`` : sql`with marked as (${markRound(sql, provider, mark)})`;
  for (;;) {
    const rows = await taken(
      sql,
      sql`take_reports(${provider}, ${after.orderId}, ${after.batch}, null, ${TAKEN_AT_ONCE}, ${resendSeconds}, ${PARKED_RESEND_SECONDS})`,
      before,
    );
    before = sql``;
    const last = rows.at(-1);
    if (last !== undefined) yield rows.map(dueReport);
    if (last === undefined || rows.length < TAKEN_AT_ONCE) return;
    after = last;
  }
}
