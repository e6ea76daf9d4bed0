import type { Sql } from '../client.ts';
import type { WindowCursor } from './lost-orders.ts';

/**
 * The findings of the reconciler. order_lost: an order without its workflow; claim_open: an undecided request; workflow_orphaned:
 * a workflow without its order; workflow_stuck: a workflow whose task fails again and again; batch_unwatched: a provider that is
 * not asked about its batches; provider_silent: a provider that does not answer about them; events_behind: a webhook whose events
 * are not sent; outbox_lost, delivery_lost, list_lost: an outbox, a delivery or a list without its workflow.
 */
export const FINDING_KINDS = [
  'order_lost',
  'claim_open',
  'workflow_orphaned',
  'workflow_stuck',
  'batch_unwatched',
  'provider_silent',
  'events_behind',
  'outbox_lost',
  'delivery_lost',
  'list_lost',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly kind: FindingKind;
  readonly found: number;
  /** How many of them the run repaired. */
  readonly repaired: number;
}

/** The report of one run. */
export interface ReconcileReport {
  /** Orders and claims that must run; running workflows of orders; providers with running batches. */
  readonly looked: { readonly orders: number; readonly workflows: number; readonly providers: number };
  readonly findings: readonly Finding[];
  /** Parts of the run that failed. */
  readonly failed: readonly string[];
}

/** Where the next run continues. */
export interface ReconcileCursors {
  /** Orders above this id are next. */
  readonly order: number;
  readonly window: WindowCursor;
  /** Overdue orders above this id are next. */
  readonly overdue: number;
  /** Orders above this id are next in the check for stuck workflows. */
  readonly asked: number;
  /** Workflows that started at this time or before are next; null: all. */
  readonly startedUpTo: Date | null;
  /** Workflows that ended before this have been checked. */
  readonly endedSince: Date;
  /** When the last scan of all open orders ended. */
  readonly sweptAt: Date | null;
}

export const FIRST_CURSORS: ReconcileCursors = {
  order: 0,
  window: { until: new Date(0), id: 0 },
  overdue: 0,
  asked: 0,
  startedUpTo: null,
  endedSince: new Date(0),
  sweptAt: null,
};

/** The last run: its report, when the run began and how long it took. */
export interface LastRun {
  readonly at: Date;
  readonly ageSeconds: number;
  readonly tookMs: number;
  readonly sweptAt: Date | null;
  readonly report: ReconcileReport;
}

/** Reads the last run; undefined before the first one. */
export async function readLastRun(sql: Sql): Promise<LastRun | undefined> {
  const [row] = await sql<LastRun[]>`
    select at, extract(epoch from clock_timestamp() - at)::float8 as "ageSeconds", took_ms as "tookMs", swept_at as "sweptAt", report
      from reconciliation`;
  return row;
}

export async function readCursors(sql: Sql): Promise<ReconcileCursors> {
  const [row] = await sql<(Omit<ReconcileCursors, 'window'> & { until: Date; id: number })[]>`
    select order_cursor::float8 as "order", window_cursor as until, window_cursor_id::float8 as id, overdue_cursor::float8 as overdue, asked_cursor::float8 as asked, started_cursor as "startedUpTo",
           ended_cursor as "endedSince", swept_at as "sweptAt"
      from reconciliation`;
  if (row === undefined) return FIRST_CURSORS;
  const { until, id, ...rest } = row;
  return { ...rest, window: { until, id } };
}

/** Stores the report of a run that began `tookMs` ago; there is one row, for the last run. */
export async function keepRun(
  sql: Sql,
  tookMs: number,
  report: ReconcileReport,
  { order, window, overdue, asked, startedUpTo, endedSince, sweptAt }: ReconcileCursors,
): Promise<void> {
  // The beginning is by the database's clock, because `readLastRun` works out the age by it.
  await sql`
    insert into reconciliation
        (at, took_ms, report, swept_at, order_cursor, window_cursor, window_cursor_id, overdue_cursor, asked_cursor, started_cursor, ended_cursor)
      values (clock_timestamp() - make_interval(secs => ${tookMs / 1_000}), ${tookMs}, ${sql.json(report as never)}, ${sweptAt},
        ${order}, ${window.until}, ${window.id}, ${overdue}, ${asked}, ${startedUpTo}, ${endedSince})
      on conflict (only_one) do update set at = excluded.at, took_ms = excluded.took_ms, report = excluded.report,
        swept_at = excluded.swept_at, order_cursor = excluded.order_cursor, window_cursor = excluded.window_cursor,
        window_cursor_id = excluded.window_cursor_id, overdue_cursor = excluded.overdue_cursor, asked_cursor = excluded.asked_cursor, started_cursor = excluded.started_cursor, ended_cursor = excluded.ended_cursor`;
}
