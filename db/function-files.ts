import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Session } from './client.ts';

/** A file of db/functions. */
export interface FunctionFile {
  /** Its path below the folder, like `ledger/settle.sql`. */
  readonly file: string;
  readonly text: string;
  readonly checksum: string;
}

/** The SQL of this version; found from `db` and from `dist`, where the built programs are. */
export const SQL_FOLDERS = {
  migrations: new URL('../db/migrations/', import.meta.url),
  functions: new URL('../db/functions/', import.meta.url),
} as const;

export const checksumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The SQL files of a folder and of those in it, sorted by path. */
export async function sqlFiles(folder: URL): Promise<FunctionFile[]> {
  const names = (await readdir(folder, { recursive: true })).map((name) => name.replaceAll('\\', '/'));
  return Promise.all(
    names
      .filter((name) => name.endsWith('.sql'))
      .sort()
      .map(async (file) => {
        const text = await readFile(new URL(file, folder), 'utf8');
        return { file, text, checksum: checksumOf(text) };
      }),
  );
}

/** A function in PostgreSQL's catalogue. `create or replace` can change everything but its shape. */
interface Made {
  readonly signature: string;
  readonly shape: string;
  /** The place of its row, which moves with every `create or replace`. */
  readonly revision: string;
}

const functionsOf = async (session: Session): Promise<Made[]> =>
  session<Made[]>`
    select oid::regprocedure::text as signature, ctid::text as revision,
           pg_get_function_arguments(oid) || ' returns ' || pg_get_function_result(oid) as shape
      from pg_proc where pronamespace = 'public'::regnamespace and prokind <> 'a'`;

/** Runs each file; returns the functions that it makes. */
async function run(session: Session, files: readonly FunctionFile[]): Promise<Map<string, Made[]>> {
  const made = new Map<string, Made[]>();
  let before = await functionsOf(session);
  for (const { file, text } of files) {
    await session.unsafe(text);
    const after = await functionsOf(session);
    const had = new Map(before.map(({ signature, revision }) => [signature, revision]));
    made.set(
      file,
      after.filter(({ signature, revision }) => had.get(signature) !== revision),
    );
    before = after;
  }
  return made;
}

/**
 * The functions that the files would make in an empty database: the former functions are renamed out of the way first, and
 * everything is rolled back. Renaming, unlike dropping, works while a trigger or an index uses a function.
 */
async function preview(session: Session, files: readonly FunctionFile[], former: readonly string[]): Promise<Made[]> {
  await session`savepoint preview`;
  for (const [number, signature] of former.entries()) {
    await session.unsafe(`alter function ${signature} rename to holdfast_former_${number}`);
  }
  const made = await run(session, files);
  await session`rollback to savepoint preview`;
  return [...made.values()].flat();
}

/**
 * Checks the bodies of SQL functions once all exist: PostgreSQL's own check, at creation, would depend on the order of the files.
 */
async function checkBodies(session: Session, signatures: readonly string[]): Promise<void> {
  await session`set local check_function_bodies = on`;
  await session`
    select fmgr_sql_validator(p.oid) from pg_proc p join pg_language l on l.oid = p.prolang
      where l.lanname = 'sql' and p.oid::regprocedure::text = any (${[...signatures]}::text[])`;
}

interface Installed {
  readonly file: string;
  readonly checksum: string;
  readonly made: readonly string[];
}

/**
 * Gives the database the functions of `files`, inside the caller's transaction. Only files whose text changed are run. A function
 * with the same arguments and result is replaced in place, so open sessions and triggers keep it. A function with other arguments
 * or another result, or that no file defines any more, is dropped first. Returns the files that changed.
 * @throws PostgresError 2BP01 when a trigger or an index uses a function that must be dropped; its detail says which.
 */
export async function installFunctions(session: Session, files: readonly FunctionFile[]): Promise<string[]> {
  const installed = new Map(
    (
      await session<Installed[]>`
        select distinct on (file) file, checksum, made from function_installs order by file, id desc`
    ).map((row) => [row.file, row]),
  );
  const changed = files.filter(({ file, checksum }) => installed.get(file)?.checksum !== checksum);
  const gone = [...installed.values()].filter(
    ({ file, made }) => made.length > 0 && !files.some((wanted) => wanted.file === file),
  );
  if (changed.length === 0 && gone.length === 0) return [];
  const replaced = [...changed.map(({ file }) => installed.get(file)), ...gone].flatMap((row) => row?.made ?? []);
  const existing = (await functionsOf(session)).filter(({ signature }) => replaced.includes(signature));
  await session`set local check_function_bodies = off`;
  if (existing.length > 0) {
    const signatures = existing.map(({ signature }) => signature);
    const next = new Map((await preview(session, changed, signatures)).map((f) => [f.signature, f.shape]));
    for (const { signature, shape } of existing) {
      if (next.get(signature) !== shape) await session.unsafe(`drop function ${signature}`);
    }
  }
  const made = await run(session, changed);
  await checkBodies(
    session,
    [...made.values()].flat().map(({ signature }) => signature),
  );
  for (const { file, checksum } of changed) {
    const signatures = (made.get(file) ?? []).map(({ signature }) => signature);
    await session`insert into function_installs (file, checksum, made) values (${file}, ${checksum}, ${signatures})`;
  }
  for (const { file } of gone) {
    await session`insert into function_installs (file, checksum, made) values (${file}, 'removed', '{}')`;
  }
  return [...changed.map(({ file }) => file), ...gone.map(({ file }) => file)].sort();
}
