import { setTimeout as sleep } from 'node:timers/promises';
import { ADVISORY_LOCKS } from './advisory-locks.ts';
import type { Session, Sql } from './client.ts';
import { type FunctionFile, installFunctions, SQL_FOLDERS, sqlFiles } from './function-files.ts';

/** Where the SQL is, and how a migration waits for locks. */
export interface MigrateOptions {
  readonly migrations?: URL;
  readonly functions?: URL;
  /**
   * While a migration waits for a lock, every query behind it waits too: after this time the migration gives way and tries again.
   */
  readonly lockTimeoutMs?: number;
  /** The waits between tries: there is one more try than waits. */
  readonly retryAfterMs?: readonly number[];
}

const USUAL = {
  ...SQL_FOLDERS,
  lockTimeoutMs: 2_000,
  retryAfterMs: [500, 1_000, 2_000, 4_000, 8_000],
};

/** How often a process checks whether another process has finished migrating. */
const LOCK_POLL_MS = 100;

/** The first line of a migration that runs statement by statement, each in its own commit. */
const OUTSIDE = /^-- outside a transaction\b/;

/** A statement that may give a table a column. */
const ALTERS_TABLE = /^alter\s+table\b/i;

/** The line of a migration that older versions cannot live with: it names a migration that each running process must have. */
const NEEDS = /^-- needs: (\S+\.sql)$/m;

/**
 * Makes every session forget what it knows of its queries, as each change of an operator does. A session remembers the columns of a
 * function that returns rows of a table. When the table gets a column, each such query would fail until the session ends.
 */
const FORGET_PLANS = `
  create operator #=# (function = int4eq, leftarg = integer, rightarg = integer);
  drop operator #=# (integer, integer);`;

/** The first migration of the numbering that was never released. */
const UNRELEASED = '001_catalogue.sql';

type Refusal = 'unreleased_database' | 'database_is_newer' | 'migration_edited';

/** The database does not fit this version of the program; nothing was changed. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
  readonly code: Refusal;

  constructor(code: Refusal, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

const migrationsIn = async (folder: URL): Promise<Migration[]> =>
  (await sqlFiles(folder)).map(({ file, ...rest }) => ({ name: file, ...rest }));

/** What a call of `migrate` ran. */
export interface Migrated {
  readonly migrations: readonly string[];
  /** Files of db/functions, below that folder. */
  readonly functions: readonly string[];
}

/**
 * Brings the database to this version: runs each new file of db/migrations once, in order, then installs the functions of
 * db/functions. All of it is one transaction, except for migrations whose first line is `-- outside a transaction`: each
 * statement of such a migration has a commit of its own, and so has everything before and after the migration. Processes that
 * start together wait for each other.
 * @throws MigrationRefused when the database does not fit this version.
 * @throws PostgresError 55P03 or 40P01 when no try got its locks.
 */
export async function migrate(sql: Sql, options: MigrateOptions = {}): Promise<Migrated> {
  const settings = { ...USUAL, ...options };
  const [wanted, functions] = await Promise.all([migrationsIn(settings.migrations), sqlFiles(settings.functions)]);
  const session = await sql.reserve();
  try {
    await session`set statement_timeout = 0`;
    await session`set idle_in_transaction_session_timeout = 0`;
    await waitForOthers(session);
    const pending = await pendingMigrations(session, wanted);
    // A database of a version before migrations could have needs.
    if (pending.length > 0) await session`alter table migrations add column if not exists needs text`;
    let inside: Migration[] = [];
    const install = (files: readonly FunctionFile[]) =>
      retryLocks(settings, () => runInside(session, inside, files, settings.lockTimeoutMs));
    for (const migration of pending) {
      if (!OUTSIDE.test(migration.text)) {
        inside.push(migration);
        continue;
      }
      await install([]);
      inside = [];
      await runOutside(session, migration);
    }
    return { migrations: pending.map(({ name }) => name), functions: await install(functions) };
  } finally {
    // The advisory lock ends with the session in any case; a failure also leaves its transaction open.
    await session.unsafe('rollback; reset all; select pg_advisory_unlock_all()').catch(() => {});
    session.release();
  }
}

/**
 * Takes the migration lock by polling. A session that waits for a lock inside PostgreSQL holds a snapshot, and CREATE INDEX
 * CONCURRENTLY waits for all snapshots.
 */
async function waitForOthers(session: Session): Promise<void> {
  for (;;) {
    const [row] = await session<{ ours: boolean }[]>`select pg_try_advisory_lock(${ADVISORY_LOCKS.migrate}) as ours`;
    if (row?.ours === true) return;
    await sleep(LOCK_POLL_MS);
  }
}

/** @throws MigrationRefused */
async function pendingMigrations(session: Session, wanted: readonly Migration[]): Promise<Migration[]> {
  await session`create table if not exists migrations (
    name text primary key, checksum text not null, ran_at timestamptz not null default now(), needs text)`;
  const rows = await session<{ name: string; checksum: string }[]>`select name, checksum from migrations order by name`;
  const done = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  if (done.has(UNRELEASED)) {
    throw new MigrationRefused(
      'unreleased_database',
      'the database was made by a version before the first release, and its data cannot be kept; ' +
        'drop the database (for `npm start`: delete its state folder) and begin with an empty one',
    );
  }
  const known = new Map(wanted.map(({ name, checksum }) => [name, checksum]));
  for (const [name, checksum] of done) {
    const text = known.get(name);
    if (text === undefined) {
      throw new MigrationRefused(
        'database_is_newer',
        `the database has run ${name}, which this version does not have; start a version that is as new as the database`,
      );
    }
    if (text !== checksum) {
      throw new MigrationRefused(
        'migration_edited',
        `${name} was edited after this database had run it; restore its text and add a new migration instead`,
      );
    }
  }
  return wanted.filter(({ name }) => !done.has(name));
}

/** Migrations, then functions, in one transaction. Returns the files of functions that changed. */
async function runInside(
  session: Session,
  migrations: readonly Migration[],
  functions: readonly FunctionFile[],
  lockTimeoutMs: number,
): Promise<string[]> {
  await session`begin`;
  try {
    await session`select set_config('lock_timeout', ${`${lockTimeoutMs}ms`}, true)`;
    for (const migration of migrations) {
      await session.unsafe(migration.text);
      await record(session, migration);
    }
    if (migrations.length > 0) await session.unsafe(FORGET_PLANS);
    await session`create table if not exists function_installs (
      id bigint generated always as identity primary key, file text not null, checksum text not null,
      made text[] not null, at timestamptz not null default now())`;
    const changed = functions.length === 0 ? [] : await installFunctions(session, functions);
    await session`commit`;
    return changed;
  } catch (error) {
    await session`rollback`.catch(() => {});
    throw error;
  }
}

/** Each statement ends with a semicolon at the end of a line. When one fails, the next `migrate` runs all of them again. */
async function runOutside(session: Session, migration: Migration): Promise<void> {
  // CREATE INDEX CONCURRENTLY waits long and stops no query behind it.
  await session`set lock_timeout = 0`;
  for (const text of migration.text.split(/;\s*$/m)) {
    const statement = text.replace(/^\s*--.*$/gm, '').trim();
    if (statement === '') continue;
    // PostgreSQL commits the statements of one message together.
    await session.unsafe(ALTERS_TABLE.test(statement) ? `${statement};${FORGET_PLANS}` : statement);
  }
  await record(session, migration);
}

async function record(session: Session, { name, checksum, text }: Migration): Promise<void> {
  const needs = NEEDS.exec(text)?.[1] ?? null;
  await session`insert into migrations (name, checksum, needs) values (${name}, ${checksum}, ${needs})`;
}

async function retryLocks<T>(
  { retryAfterMs }: { readonly retryAfterMs: readonly number[] },
  run: () => Promise<T>,
): Promise<T> {
  for (const wait of retryAfterMs) {
    try {
      return await run();
    } catch (error) {
      if (!isLockTrouble(error)) throw error;
      await sleep(wait);
    }
  }
  return run();
}

/** Whether a lock took too long, or PostgreSQL ended a deadlock. */
const isLockTrouble = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '55P03' || error.code === '40P01');
