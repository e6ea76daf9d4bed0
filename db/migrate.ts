import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Sql } from './client.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

/** Any number that no other program uses for an advisory lock in this database. */
const LOCK = 4_215_001;

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

async function migrations(): Promise<Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, FOLDER), 'utf8');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/**
 * Brings the database to this version: each file of db/migrations once, in order, in a transaction of its own. Processes
 * that start together wait for each other. Returns the names of the files it ran.
 * @throws Error when a file that has been run was changed since, or the database is ahead of this program.
 */
export async function migrate(sql: Sql): Promise<string[]> {
  const wanted = await migrations();
  const session = await sql.reserve();
  try {
    await session`set lock_timeout = 0`;
    await session`set statement_timeout = 0`;
    await session`select pg_advisory_lock(${LOCK})`;
    await session`create table if not exists migrations (name text primary key, checksum text not null, ran_at timestamptz not null default now())`;
    const done = new Map(
      (await session<{ name: string; checksum: string }[]>`select name, checksum from migrations`).map((row) => [
        row.name,
        row.checksum,
      ]),
    );
    for (const name of done.keys()) {
      if (!wanted.some((migration) => migration.name === name)) {
        throw new Error(
          `the database has run ${name}, which this version does not know: it is older than the database`,
        );
      }
    }
    const ran: string[] = [];
    for (const { name, text, checksum } of wanted) {
      const before = done.get(name);
      if (before === checksum) continue;
      if (before !== undefined)
        throw new Error(`${name} was changed after it had been run; add a new migration instead`);
      await session.unsafe(
        `begin;\n${text}\ninsert into migrations (name, checksum) values ('${name}', '${checksum}');\ncommit;`,
      );
      ran.push(name);
    }
    return ran;
  } finally {
    // The lock ends with the session; a failed migration also leaves its transaction open.
    await session.unsafe('rollback; reset all; select pg_advisory_unlock_all()').catch(() => {});
    session.release();
  }
}

/** Whether every migration of this version has run; readiness asks this. */
export async function isMigrated(sql: Sql): Promise<boolean> {
  const wanted = await migrations();
  const [row] = await sql<{ exists: boolean }[]>`select to_regclass('migrations') is not null as exists`;
  if (row?.exists !== true) return false;
  const done = await sql<{ checksum: string }[]>`select checksum from migrations`;
  const checksums = new Set(done.map(({ checksum }) => checksum));
  return wanted.every(({ checksum }) => checksums.has(checksum));
}
