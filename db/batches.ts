import type { ProviderReport } from '../domain/completion.ts';
import { LIMITS } from '../domain/limits.ts';
import { isTerminal } from '../domain/provider-words.ts';
import type { Sql } from './client.ts';

/** Where a provider is, and how often it wants to be asked. */
export interface WatchedProvider {
  readonly url: string;
  readonly keyCipher: Buffer;
  readonly pollSeconds: number;
  /** How it deviates from the others, as it was stored. */
  readonly profile: unknown;
}

export async function readProvider(sql: Sql, provider: number): Promise<WatchedProvider> {
  const [row] = await sql<WatchedProvider[]>`
    select url, key_cipher as "keyCipher", poll_seconds as "pollSeconds", profile from providers where id = ${provider}`;
  if (row === undefined) throw new Error(`there is no provider ${provider}`);
  return row;
}

/** A batch that a provider is working on. */
export interface RunningBatch {
  readonly orderId: number;
  readonly batch: number;
  readonly providerOrder: string;
  readonly quantity: number;
}

/** All batches a provider has not said its last word about. */
export async function runningBatches(sql: Sql, provider: number): Promise<RunningBatch[]> {
  return sql<RunningBatch[]>`
    select order_id::float8 as "orderId", batch, provider_order as "providerOrder", quantity::float8 as quantity from batches
      where provider_id = ${provider} and state = 'running' and terminal_at is null order by order_id, batch`;
}

export type BatchReport = Omit<RunningBatch, 'quantity'> & ProviderReport;

/** Writes down what one status call said; only what changed is written. Returns how many batches changed. */
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

/** Batches that have delivered nothing for too long get a report that says so. */
export async function recordStalls(sql: Sql, provider: number): Promise<void> {
  await sql`select record_stalls(${provider})`;
}

/** Reports never sent, or sent `resendSeconds` ago and still not acted on: those that have waited longest first, so that each has its turn. */
export async function dueReports(sql: Sql, provider: number, resendSeconds: number): Promise<DueReport[]> {
  return sql<DueReport[]>`
    select order_id::float8 as "orderId", batch, report_version as version, coalesce(provider_status, 'Unknown') as status,
           remains::float8 as remains, start_count::float8 as "startCount", provider_charge as charge, (extract(epoch from stalled_since) * 1000)::float8 as "stalledSince"
      from batches
      where provider_id = ${provider} and state = 'running' and report_version > acked_version
        and (reported_at is null or reported_at < clock_timestamp() - make_interval(secs => ${resendSeconds}))
      order by reported_at nulls first, order_id, batch limit 1000`;
}

/** These reports have been sent, in the versions given. */
export async function markReported(sql: Sql, reports: readonly DueReport[]): Promise<void> {
  if (reports.length === 0) return;
  const rows = reports.map(({ orderId, batch, version }) => ({ o: orderId, b: batch, v: version }));
  await sql`
    update batches b set reported_at = clock_timestamp()
      from jsonb_to_recordset(${sql.json(rows)}) as r(o bigint, b integer, v integer)
      where b.order_id = r.o and b.batch = r.b and b.report_version = r.v`;
}

/** Every provider there is: each has a watch. */
export async function providerIds(sql: Sql): Promise<number[]> {
  return (await sql<{ id: number }[]>`select id from providers order by id`).map(({ id }) => id);
}
