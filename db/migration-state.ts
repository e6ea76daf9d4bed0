import type { Sql } from './client.ts';
import { SQL_FOLDERS, sqlFiles } from './function-files.ts';

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

/** A file of SQL, or the row about it in the database. */
interface Kept {
  readonly name: string;
  readonly checksum: string;
}

interface AllKept {
  readonly migrations: readonly Kept[];
  readonly functions: readonly Kept[];
}

/** The files of this version against the rows of the database; both by name. */
export function compareMigrations(own: AllKept, kept: AllKept): MigrationState {
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

/** Read once a process: readiness checks come every few seconds, and the files of a running version do not change. */
let ownFiles: AllKept | undefined;

async function readOwnFiles(): Promise<AllKept> {
  ownFiles ??= {
    migrations: await readFolder(SQL_FOLDERS.migrations),
    functions: await readFolder(SQL_FOLDERS.functions),
  };
  return ownFiles;
}

const readFolder = async (folder: URL): Promise<Kept[]> =>
  (await sqlFiles(folder)).map(({ file, checksum }) => ({ name: file, checksum }));

/** Whether something has migrated the database. */
async function isBegun(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ exist: boolean }[]>`
    select to_regclass('migrations') is not null and to_regclass('function_installs') is not null as exist`;
  return row?.exist === true;
}

/** Reads how the database differs from this version. An empty database lacks everything. */
export async function readMigrationState(sql: Sql): Promise<MigrationState> {
  const own = await readOwnFiles();
  if (!(await isBegun(sql))) return compareMigrations(own, { migrations: [], functions: [] });
  const [done, installed] = await Promise.all([
    sql<Kept[]>`select name, checksum from migrations order by name`,
    sql<Kept[]>`select distinct on (file) file as name, checksum from function_installs order by file, id desc`,
  ]);
  return compareMigrations(own, { migrations: done, functions: installed });
}

/**
 * Whether this version works with the database. `behind`: it lacks migrations or functions of this version. `ahead`: a newer
 * version has taken away what this one needs. A database that is newer and still has all that fits, so old processes go on until
 * they are replaced.
 */
export type DatabaseFit = 'fits' | 'behind' | 'ahead';

const keyOf = ({ name, checksum }: Kept): string => `${name} ${checksum}`;

/** Compares the database with the files of this version. Functions that a newer version has replaced still count. */
export async function databaseFit(sql: Sql): Promise<DatabaseFit> {
  const { migrations, functions } = await readOwnFiles();
  if (!(await isBegun(sql))) return 'behind';
  const done = await sql<(Kept & { needs: string | null })[]>`
    select name, checksum, to_jsonb(migrations)->>'needs' as needs from migrations
    union select file, checksum, null from function_installs`;
  const known = new Set(migrations.map(({ name }) => name));
  if (done.some(({ needs }) => needs !== null && !known.has(needs))) return 'ahead';
  const there = new Set(done.map(keyOf));
  return [...migrations, ...functions].every((file) => there.has(keyOf(file))) ? 'fits' : 'behind';
}

/** What an operator does about a database that does not fit. */
export const FIT_ADVICE: Readonly<Record<Exclude<DatabaseFit, 'fits'>, string>> = {
  behind: 'the database is older than this version: run `npm run migrate` first',
  ahead: 'the database is too new for this version: start a newer one',
};
