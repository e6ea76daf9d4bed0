import { readdir } from 'node:fs/promises';
import { residentBytes } from '../../bench/measure/cpu.ts';
import type { Sql } from '../../db/client.ts';
import { watchedWork } from '../../db/delivery/watch-rounds.ts';
import { countOpenAlerts } from '../../db/reconcile/alerts.ts';
import { readBacklog } from '../../db/reconcile/backlog.ts';
import { countByAttention } from '../../db/review/reviews.ts';
import type { ProcessIdentity } from '../../dev/processes/process-identity.ts';

/** What one process held at one moment. */
export interface ProcessSample {
  /** Tells a restarted process from the one before it. */
  readonly started: string;
  readonly residentBytes: number;
  /** Open files, sockets and the like. */
  readonly descriptors: number;
}

/** What the installation held at one moment. */
export interface Sample {
  /** Seconds since the start. */
  readonly at: number;
  readonly processes: Readonly<Record<string, ProcessSample>>;
  /** Sessions at PostgreSQL by the kind of process. */
  readonly connections: Readonly<Record<string, number>>;
  /** Rows of the tables that hold only what goes on. */
  readonly rows: Readonly<Record<string, number>>;
  /** The longest that a provider with running batches waits for a round; a round is marked twice a minute. */
  readonly watchLagSeconds: number;
  readonly webhookBacklog: number;
  readonly webhookOldestSeconds: number;
  readonly uncertain: number;
  readonly openAlerts: number;
  readonly alertKinds: readonly string[];
}

/** Reads a sample. Linux only: it reads /proc. */
export async function readSample(sql: Sql, running: ReadonlyMap<string, ProcessIdentity>, at: number): Promise<Sample> {
  const processes: Record<string, ProcessSample> = {};
  for (const [name, identity] of running) {
    // A process may just have been killed.
    const found = await readProcess(identity).catch(() => undefined);
    if (found !== undefined) processes[name] = found;
  }
  const [backlog, attention, alerts] = [
    await readBacklog(sql),
    await countByAttention(sql),
    await countOpenAlerts(sql),
  ];
  const watched = await watchedWork(sql);
  const open = alerts.filter(({ count }) => count > 0);
  return {
    at,
    processes,
    connections: await countConnections(sql),
    rows: await countRows(sql),
    watchLagSeconds: Math.max(...watched.map(({ unseenSeconds }) => unseenSeconds), 0),
    webhookBacklog: backlog.pending + backlog.retrying,
    webhookOldestSeconds: backlog.oldestSeconds,
    uncertain: attention.find((one) => one.attention === 'uncertain')?.count ?? 0,
    openAlerts: open.reduce((sum, { count }) => sum + count, 0),
    alertKinds: open.map(({ kind }) => kind),
  };
}

async function readProcess({ pid, started }: ProcessIdentity): Promise<ProcessSample> {
  const descriptors = (await readdir(`/proc/${pid}/fd`)).length;
  return { started, residentBytes: residentBytes([pid]), descriptors };
}

async function countConnections(sql: Sql): Promise<Record<string, number>> {
  const rows = await sql<{ kind: string; count: number }[]>`
    select substring(application_name from '^holdfast-(api|worker)') as kind, count(*)::integer as count from pg_stat_activity
      where datname = current_database() and application_name ~ '^holdfast-(api|worker)' group by 1`;
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
}

async function countRows(sql: Sql): Promise<Record<string, number>> {
  const [row] = await sql<Record<string, number>[]>`
    select (select count(*)::float8 from outbox) as "outbox",
      (select count(*)::float8 from watch_rounds) as "watch_rounds",
      (select count(*)::float8 from ledger_drift) as "ledger_drift",
      (select count(*)::float8 from ledger_proof) as "ledger_proof",
      (select count(*)::float8 from reconciliation) as "reconciliation",
      (select count(*)::float8 from sessions) as "sessions",
      (select count(*)::float8 from kept_keys) as "kept_keys",
      (select count(*)::float8 from claims where state = 'open') as "open claims"`;
  if (row === undefined) throw new Error('the counts returned no row');
  return { ...row };
}
