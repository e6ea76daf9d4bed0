import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from '../config.ts';
import { readIfThere, writeByRename } from '../files.ts';
import { binariesOf, copyPackage, postgresPackage } from './binaries.ts';

const run = promisify(execFile);

/** PostgreSQL refuses to run as root. Started by root, it runs as this user. */
const SERVER_USER = 'postgres';

const PROGRAMS = ['postgres', 'initdb'] as const;

export type ServerUser = { uid: number; gid: number };

/** Where a cluster lies and which user runs it. */
export type PostgresPlace = {
  /** PostgreSQL's data folder. */
  data: string;
  /** Folder with `bin/postgres` and `bin/initdb`. */
  binaries: string;
  /** The user to run as; undefined: the current user. */
  user: ServerUser | undefined;
  /** A folder outside the state folder that holds this cluster. It is removed with the cluster. */
  outside: string | undefined;
};

/**
 * Decides where a cluster lies. An ordinary user: in `dir`. Root: in `dir` when the server's user can reach it; otherwise in a
 * private folder of that user under /var/tmp, remembered in `dir`.
 */
export async function placePostgres(dir: string, log: Log): Promise<PostgresPlace> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if (process.getuid?.() !== 0) {
    return {
      data: join(dir, 'data'),
      binaries: await binariesFor(undefined, dir, log),
      user: undefined,
      outside: undefined,
    };
  }
  const user = await serverUser(log);
  await chmod(dir, 0o711);
  const inside = await canEnter(dir, user);
  const parent = inside ? dir : await outsideFolder(dir, user, log);
  const binaries = await binariesFor(user, parent, log);
  return { data: join(parent, 'data'), binaries, user, outside: inside ? undefined : parent };
}

/**
 * The packaged programs if the user can run them, otherwise a copy. Runs each to find out: a library may be unreadable or lack
 * its link.
 */
async function binariesFor(user: ServerUser | undefined, parent: string, log: Log): Promise<string> {
  const packaged = await postgresPackage();
  const binaries = binariesOf(packaged.root);
  const runs = await Promise.all(PROGRAMS.map((name) => succeeds(join(binaries, 'bin', name), ['--version'], user)));
  return runs.every(Boolean) ? binaries : binariesOf(await copyPackage(packaged, parent, log));
}

async function serverUser(log: Log): Promise<ServerUser> {
  const known = await idsOf(SERVER_USER);
  if (known) return known;
  log(`PostgreSQL does not run as root: adding the system user "${SERVER_USER}"`);
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', SERVER_USER]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `failed to add the user "${SERVER_USER}" (${reason}): run as an ordinary user, or set DATABASE_URL`,
    );
  }
  const added = await idsOf(SERVER_USER);
  if (!added) throw new Error(`useradd reported success, but the user "${SERVER_USER}" does not exist`);
  return added;
}

async function idsOf(name: string): Promise<ServerUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

/** Tries it as that user, because modes alone do not tell (ACLs, mounts, security modules). */
async function canEnter(folder: string, user: ServerUser): Promise<boolean> {
  return succeeds('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], user);
}

async function succeeds(file: string, args: string[], user: ServerUser | undefined): Promise<boolean> {
  try {
    await run(file, args, { ...user, cwd: '/', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** File in `dir` that remembers a folder elsewhere and the state folder it belongs to. */
const NOTE = 'place.json';
type Note = { folder: string; belongsTo: string };

async function outsideFolder(dir: string, user: ServerUser, log: Log): Promise<string> {
  const belongsTo = await realpath(dir);
  const noteFile = join(dir, NOTE);
  const text = await readIfThere(noteFile);
  if (text !== undefined) {
    const note = JSON.parse(text) as Note;
    if (note.belongsTo !== belongsTo && (await readIfThere(join(note.belongsTo, NOTE))) !== undefined) {
      // Continuing would run two servers on one data folder, or mix one stack's keys with another's money.
      throw new Error(`${dir} is a copy of ${note.belongsTo}, whose data is in ${note.folder}: remove the copy`);
    }
    if (await isOwnedBy(note.folder, user)) {
      if (note.belongsTo !== belongsTo) await writeByRename(noteFile, JSON.stringify({ ...note, belongsTo }));
      return note.folder;
    }
    throw new Error(
      `the data folder ${note.folder} of ${dir} is missing or belongs to another user: restore it, or remove ${noteFile} to start with an empty database`,
    );
  }
  const folder = await makeOutsideFolder(belongsTo, user, log);
  await writeByRename(noteFile, JSON.stringify({ folder, belongsTo } satisfies Note));
  log(`PostgreSQL's user cannot enter ${dir}: its data is in ${folder}`);
  return folder;
}

async function makeOutsideFolder(belongsTo: string, user: ServerUser, log: Log): Promise<string> {
  const name = `holdfast-${createHash('sha256').update(belongsTo).digest('hex').slice(0, 16)}`;
  for (const base of new Set(['/var/tmp', tmpdir()])) {
    if (!(await canEnter(base, user))) continue;
    const folder = join(base, name);
    if (await isOwnedBy(folder, user)) {
      log(`removing ${folder}: its state folder was deleted`);
      await rm(folder, { recursive: true });
    }
    // Fails when another user made the folder first: data never goes into a folder of another user.
    await mkdir(folder, { mode: 0o700 });
    await chown(folder, user.uid, user.gid);
    return folder;
  }
  throw new Error(`PostgreSQL's user can reach neither ${belongsTo} nor /var/tmp: set HOLDFAST_HOME or DATABASE_URL`);
}

async function isOwnedBy(folder: string, user: ServerUser): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === user.uid;
}

/** The pid in postmaster.pid; undefined when the server was stopped cleanly. */
export async function recordedPostmaster(data: string): Promise<number | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => undefined);
  const pid = Number(text?.split('\n', 1)[0]);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}
