import type { ProviderReport } from '../../domain/delivery/verdict.ts';
import { isTerminal } from '../../domain/delivery/words.ts';
import { type Bought, paidFor } from '../../domain/ledger/provider-cost.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { ListAction, NoLists } from '../../domain/provider/profile.ts';
import type { Sql, Tx } from '../client.ts';

/** A provider's address and cadence. */
export interface WatchedProvider {
  readonly url: string;
  readonly keyCipher: Buffer;
  readonly pollSeconds: number;
  /** How it deviates from others, as stored. */
  readonly profile: unknown;
  /** When the provider showed that it knows no lists, by action. */
  readonly noLists: NoLists;
}

export async function readProvider(sql: Sql, provider: number): Promise<WatchedProvider> {
  const [row] = await sql<WatchedProvider[]>`
    select url, key_cipher as "keyCipher", poll_seconds as "pollSeconds", profile, no_lists as "noLists" from providers where id = ${provider}`;
  if (row === undefined) throw new Error(`there is no provider ${provider}`);
  return row;
}

/** Stores that a provider knows no lists for this action: from now on it is asked about each order by itself. */
export async function markNoLists(sql: Sql, provider: number, action: ListAction): Promise<void> {
  await sql`
    update providers set no_lists = no_lists || jsonb_build_object(${action}::text, clock_timestamp()) where id = ${provider}`;
}

/** A batch that a provider is working on. */
export interface RunningBatch {
  readonly orderId: number;
  readonly batch: number;
  readonly providerOrder: string;
  readonly quantity: number;
}

/** All running batches of a provider, those without a last word. */
export async function runningBatches(sql: Sql, provider: number): Promise<RunningBatch[]> {
  return sql<RunningBatch[]>`
    select order_id::float8 as "orderId", batch, provider_order as "providerOrder", quantity::float8 as quantity from batches
      where provider_id = ${provider} and state = 'running' and terminal_at is null order by order_id, batch`;
}

export type BatchReport = Omit<RunningBatch, 'quantity'> & ProviderReport;

/** Stores the answers of one status call, only the changed ones. Returns how many batches changed. */
export async function recordReports(
  sql: Sql,
  provider: number,
  reports: readonly BatchReport[],
  at: Date,
): Promise<number> {
  const rows = reports.map((report) => ({
    o: report.orderId,
    b: report.batch,
    status: report.status,
    remains: report.remains,
    start: report.startCount,
    charge: report.charge,
    terminal: isTerminal(report.status),
    clean: report.status === 'Completed' && (report.remains === null || report.remains <= 0),
  }));
  const [row] = await sql<{ changed: number }[]>`
    select record_reports(${provider}, ${sql.json(rows)}, ${at}, ${LIMITS.samples}) as changed`;
  return row?.changed ?? 0;
}

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

/**
 * Reports that were never sent, or were sent `resendSeconds` ago and not acted on; the longest waiting come first, so none
 * starves.
 */
export async function dueReports(sql: Sql, provider: number, resendSeconds: number): Promise<DueReport[]> {
  const rows = await sql<(DueReport & { quantity: number; bought: BoughtJson })[]>`
    select order_id::float8 as "orderId", batch, report_version as version, coalesce(provider_status, 'Unknown') as status,
           remains::float8 as remains, b.start_count::float8 as "startCount", provider_charge as charge,
           (extract(epoch from stalled_since) * 1000)::float8 as "stalledSince", b.quantity::float8 as quantity, ${bought(sql)} as bought
      from batches b join orders o on o.id = b.order_id join services s on s.id = o.service_id
      where provider_id = ${provider} and state = 'running' and report_version > acked_version
        and (reported_at is null or reported_at < clock_timestamp() - make_interval(secs => case when exists (select from alerts
            where kind = 'order_parked' and subject = 'order:' || order_id and resolved_at is null)
          then ${PARKED_RESEND_SECONDS}::float8 else ${resendSeconds}::float8 end))
      order by reported_at nulls first, order_id, batch limit 1000`;
  return rows.map(({ quantity, bought, ...report }) => withPaid(report, quantity, bought));
}

/** A batch's purchase terms as JSON; a batch that no provider accepted has no rate. */
export type BoughtJson = Omit<Bought, 'rate'> & { readonly rate: string | null };

export const boughtOf = ({ rate, ...bought }: BoughtJson): Bought => ({ ...bought, rate: BigInt(rate ?? 0) });

/** The purchase terms of a batch `b` of an order `o` of a service `s`, as JSON. */
export const bought = (sql: Sql | Tx) => sql`
  jsonb_build_object('rate', b.cost_rate::text, 'type', s.type, 'most', case when s.type = 'Subscriptions' then o.fields->>'max' end)`;

/** A report with the items that its charge pays for, when only the charge may tell how much was delivered. */
export const withPaid = <R extends ProviderReport>(report: R, quantity: number, bought: BoughtJson): R =>
  report.status === 'Canceled' ? { ...report, paidFor: paidFor(report.charge, boughtOf(bought), quantity) } : report;

/** Marks these versions of reports as signalled. */
export async function markReported(sql: Sql, reports: readonly DueReport[]): Promise<void> {
  if (reports.length === 0) return;
  const rows = reports.map(({ orderId, batch, version }) => ({ o: orderId, b: batch, v: version }));
  await sql`
    update batches b set reported_at = clock_timestamp()
      from jsonb_to_recordset(${sql.json(rows)}) as r(o bigint, b integer, v integer)
      where b.order_id = r.o and b.batch = r.b and b.report_version = r.v`;
}

/** Every provider: each has a watch. */
export async function providerIds(sql: Sql): Promise<number[]> {
  return (await sql<{ id: number }[]>`select id from providers order by id`).map(({ id }) => id);
}
