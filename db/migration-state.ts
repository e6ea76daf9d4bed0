import type { Sql } from './client.ts';
import { sqlFiles } from './function-files.ts';

/** How a database differs from this version's files. All lists are empty when it does not. */
export interface MigrationState {
  /** Migrations of this version that the database has not run. */
  readonly missing: readonly string[];
  /** Migrations that the database has run with another text. */
  readonly edited: readonly string[];
  /** Migrations that the database has run and this version does not have. */
  readonly newer: readonly string[];
  /** Files of functions whose last installed text is another one. */
  readonly oldFunctions: readonly string[];
}

interface Kept {
  readonly name: string;
  readonly checksum: string;
}

/** The files of this version against the rows of the database; both by name. */
export function compareMigrations(
  own: { readonly migrations: readonly Kept[]; readonly functions: readonly Kept[] },
  kept: { readonly migrations: readonly Kept[]; readonly functions: readonly Kept[] },
): MigrationState {
  const done = new Map(kept.migrations.map(({ name, checksum }) => [name, checksum]));
  const installed = new Map(kept.functions.map(({ name, checksum }) => [name, checksum]));
  const known = new Set(own.migrations.map(({ name }) => name));
  return {
    missing: own.migrations.filter(({ name }) => !done.has(name)).map(({ name }) => name),
    edited: own.migrations
      .filter(({ name, checksum }) => done.has(name) && done.get(name) !== checksum)
      .map(({ name }) => name),
    newer: kept.migrations.filter(({ name }) => !known.has(name)).map(({ name }) => name),
    oldFunctions: own.functions
      .filter(({ name, checksum }) => installed.get(name) !== checksum)
      .map(({ name }) => name),
  };
}

/** Reads how the database differs from this version. An empty database lacks everything. */
export async function readMigrationState(sql: Sql): Promise<MigrationState> {
  const [migrations, functions] = await Promise.all(
    ['./migrations/', './functions/'].map(async (folder) =>
      (await sqlFiles(new URL(folder, import.meta.url))).map(({ file, checksum }) => ({ name: file, checksum })),
    ),
  );
  const own = { migrations: migrations ?? [], functions: functions ?? [] };
  const [row] = await sql<{ exist: boolean }[]>`
    select to_regclass('migrations') is not null and to_regclass('function_installs') is not null as exist`;
  if (row?.exist !== true) return compareMigrations(own, { migrations: [], functions: [] });
  const [done, installed] = await Promise.all([
    sql<Kept[]>`select name, checksum from migrations order by name`,
    sql<Kept[]>`select distinct on (file) file as name, checksum from function_installs order by file, id desc`,
  ]);
  return compareMigrations(own, { migrations: done, functions: installed });
}
