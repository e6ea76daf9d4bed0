import postgres from 'postgres';
import type { DatabaseTls } from './settings/database.ts';

/** A pool or a transaction, which sends queries. int8 columns are bigint. */
export type Sql = postgres.Sql<{ bigint: bigint }>;
/** One connection of a pool, kept until it is released. */
export type Session = postgres.ReservedSql<{ bigint: bigint }>;
export type Tx = postgres.TransactionSql<{ bigint: bigint }>;

export interface ConnectOptions {
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** Connections at most; default 10. */
  readonly max?: number;
  /** How long the server works for one statement, in milliseconds; default 10 seconds. */
  readonly statementMs?: number;
  /** After how many seconds a connection is replaced; default half an hour. */
  readonly lifetimeSeconds?: number;
  /** How to verify the server, from `databaseTls`; absent: as `sslmode` in the url says. */
  readonly tls?: DatabaseTls | undefined;
  /** Other settings of its sessions. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Settings for sessions that read lists. Each page has an index in its order, and stops when it is full. A bitmap, or a scan and a
 * sort, reads all that matches before the first row. PostgreSQL prefers them when it expects few rows, and its statistics do not
 * know that one account has most of them.
 */
export const READS_IN_ORDER = {
  enable_bitmapscan: 'off',
  enable_seqscan: 'off',
  plan_cache_mode: 'force_custom_plan',
  // Before PostgreSQL 18 a scan that cannot be avoided then looks costly enough to compile it.
  jit: 'off',
} as const;

/**
 * A pool that never hangs. By default postgres.js waits longer and longer before it connects again, so queries would hang for
 * half a minute after the server is back: here the wait is capped at a second. The server ends statements that take too long.
 */
export function connect(url: string, options: ConnectOptions): Sql {
  const { name, max = 10, statementMs = 10_000, lifetimeSeconds = 1_800, tls, settings } = options;
  return postgres(url, {
    max,
    types: { bigint: postgres.BigInt },
    backoff: (attempt: number) => Math.min(0.05 * 2 ** attempt, 1),
    connect_timeout: 5,
    idle_timeout: 60,
    max_lifetime: lifetimeSeconds,
    onnotice: () => {},
    ...(tls === undefined ? {} : { ssl: tls }),
    connection: {
      application_name: name,
      TimeZone: 'UTC',
      statement_timeout: statementMs,
      lock_timeout: 5_000,
      idle_in_transaction_session_timeout: 15_000,
      ...settings,
    },
  });
}

/** A query did not answer in time; whether it took effect is not known. */
export class DatabaseDeadline extends Error {
  override readonly name = 'DatabaseDeadline';
}

/**
 * The answer of a query, or DatabaseDeadline after `ms`. postgres.js has no deadline of its own, and a query on a server
 * that froze would wait for ever.
 */
export const withTimeout = <T>(ms: number, query: Promise<T>): Promise<T> =>
  inTime(ms, query, () => new DatabaseDeadline(`no answer from the database in ${ms} ms`));

/** The answer of some work, or the error that `late` makes after so many milliseconds. */
export async function inTime<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    // A late failure has no caller left, and must not become an unhandled rejection.
    work.catch(() => {});
  }
}

/** Whether an error says that a unique row exists already. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '23505';
