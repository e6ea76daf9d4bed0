import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { connect, type Sql } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { createDatabase, dropDatabase } from '../../dev/postgres/postgres.ts';

const DAY_SECONDS = 86_400;

/**
 * This `clock_timestamp()` comes before PostgreSQL's in the search path. The time is a sequence, because a sequence is not rolled
 * back.
 */
const CLOCK = `
  create sequence simulated_ms minvalue 0;
  create function clock_timestamp() returns timestamptz language sql volatile as
    'select to_timestamp(last_value / 1000.0) from public.simulated_ms';`;

/** A database whose clock is set by the test. */
export interface SimulatedDatabase {
  readonly sql: Sql;
  /** Sets `clock_timestamp()`, in milliseconds since 1970. */
  setTime(now: number): Promise<void>;
  /** Empties every table and restarts all ids, so that a seed does not depend on the seeds before it. */
  empty(): Promise<void>;
  drop(): Promise<void>;
}

/** Makes the database on the PostgreSQL server at this url. */
export async function simulatedDatabase(server: string): Promise<SimulatedDatabase> {
  const name = `simulation_${randomBytes(6).toString('hex')}`;
  const url = await createDatabase(server, name);
  const admin = postgres(url, { max: 1, onnotice: () => {} });
  await admin.unsafe(`alter database ${name} set search_path = public, pg_catalog`);
  await admin.unsafe(`alter database ${name} set jit = off`);
  await admin.unsafe(CLOCK);
  await admin.end();
  // postgres.js reckons with performance.now(): a connection that it replaces would wait until the virtual clock is set back.
  const sql = connect(url, { name: 'holdfast-simulation', max: 5, lifetimeSeconds: DAY_SECONDS });
  await migrate(sql);
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not in ('migrations', 'function_installs')`;
  const sequences = await sql<{ name: string }[]>`
    select relname as name from pg_class
      where relkind = 'S' and relnamespace = 'public'::regnamespace and relname <> 'simulated_ms'`;
  // Replica mode skips the triggers that protect the ledger from deletes. Deleting a few rows is faster than truncating tables.
  const emptied = [
    'set local session_replication_role = replica',
    ...tables.map((table) => `delete from "${table.name}"`),
    ...sequences.map((sequence) => `alter sequence "${sequence.name}" restart`),
  ].join('; ');
  return {
    sql,
    setTime: async (now) => void (await sql`select setval('simulated_ms', ${now})`),
    empty: async () => void (await sql.begin((tx) => tx.unsafe(emptied))),
    drop: async () => {
      await sql.end({ timeout: 5 });
      await dropDatabase(server, name);
    },
  };
}
