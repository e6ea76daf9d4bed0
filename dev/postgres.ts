import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { type Log, loadDevConfig } from './config.ts';
import { createDatabase } from './databases.ts';
import { keptSecret } from './home.ts';
import { assertFree } from './ports.ts';
import { initCluster } from './postgres-cluster.ts';
import { type PostgresPlace, placePostgres, recordedPostmaster } from './postgres-place.ts';
import { commandLineOf, endProcess, identityOf } from './process-identity.ts';

export { createDatabase, dropDatabase, dropRole } from './databases.ts';

export type PostgresOptions = {
  /** Folder of this cluster: data, password, and the note when the data has to lie elsewhere. */
  dir: string;
  port: number;
  log: Log;
  /** Database to create when missing and to name in the url; default `postgres`. */
  database?: string;
  /** The server's own output is appended here; default `<dir>/postgres.log`. */
  logFile?: string;
  /** Server settings, e.g. `fastSettings`. */
  settings?: Readonly<Record<string, string>>;
  /** Remove the cluster when it stops. */
  temporary?: boolean;
  /**
   * Its own process group: Ctrl-C in the terminal does not reach it, the caller stops it when its users have ended.
   * Default false: it then ends with the rest of a test run that is interrupted.
   */
  ownGroup?: boolean;
  /** Told the server's pid as soon as there is one. */
  onSpawn?: (pid: number) => void;
};

export type RunningPostgres = {
  url: string;
  port: number;
  pid: number;
  /** Ends open sessions and stops cleanly; immediate after 20 s. */
  stop(): Promise<void>;
  /** Called once when the server is gone, wanted or not. */
  onExit(listener: () => void): void;
};

/**
 * For tests: commits survive kill -9 of the server, not a crash of the machine. `synchronous_commit` stays on: without it
 * a commit that was answered may be lost by a kill, and without fsync it costs next to nothing.
 */
export const fastSettings = { fsync: 'off', full_page_writes: 'off' } as const;

const READY_LIMIT_MS = 90_000;
/** Fast, immediate, by force; with the time (ms) each is given. */
const STOP_STEPS = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const;

/**
 * Starts a real PostgreSQL on 127.0.0.1, making its cluster first when there is none. Recovers from an earlier server
 * that was killed, and ends one that was left running on the same data. Throws with the server's last words.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dir, port, log, temporary = false } = options;
  const place = await placePostgres(dir, log);
  const password = await keptSecret(join(dir, 'password'), () => randomBytes(24).toString('base64url'));
  await initCluster(place, password, log, options.settings?.fsync === 'off');
  await endLeftover(place, log);
  await assertFree(port, 'PostgreSQL');
  const url = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  const child = await launch(place, url('postgres'), options);
  const { pid } = child;
  const identity = pid === undefined ? undefined : identityOf(pid);
  if (pid === undefined || identity === undefined) throw new Error('PostgreSQL ended just after it was ready');
  const { database = 'postgres' } = options;
  if (database !== 'postgres') await createDatabase(url('postgres'), database);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    url: url(database),
    port,
    pid,
    onExit: (listener) => void exited.then(listener),
    async stop() {
      await endProcess(identity, STOP_STEPS);
      if (!temporary) return;
      if (place.outside) await rm(place.outside, { recursive: true, force: true });
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Ends a server that a killed run left on the cluster of this folder, if there is one. */
export async function endLeftoverPostgres(dir: string, log: Log): Promise<void> {
  await endLeftover(await placePostgres(dir, log), log);
}

/** A server from a run that was killed would answer on the port, or hold the data, in our place. */
async function endLeftover(place: PostgresPlace, log: Log): Promise<void> {
  const pid = await recordedPostmaster(place.data);
  if (pid === undefined) return;
  const identity = identityOf(pid);
  if (identity === undefined) return;
  if (commandLineOf(pid).includes(place.data)) {
    log(`ending an earlier PostgreSQL that was left running (pid ${pid})`);
    await endProcess(identity, STOP_STEPS);
  } else {
    // The pid belongs to another program by now; PostgreSQL itself would refuse to start because of it.
    await rm(join(place.data, 'postmaster.pid'), { force: true });
  }
}

/** Starts the server until it answers. Tries again while the children of a killed server still hold its memory. */
async function launch(place: PostgresPlace, url: string, options: PostgresOptions): Promise<ChildProcess> {
  const logFile = options.logFile ?? join(options.dir, 'postgres.log');
  const deadline = Date.now() + READY_LIMIT_MS;
  for (;;) {
    const before = await sizeOf(logFile);
    const child = spawnServer(place, options, logFile);
    if (child.pid !== undefined) options.onSpawn?.(child.pid);
    const outcome = await untilAnswering(child, url, deadline);
    if (outcome === 'ready') return child;
    const words = await textAfter(logFile, before);
    const passing = /shared memory block|lock file ".*" already exists|is being used by another/.test(words);
    if (outcome === 'exited' && passing && Date.now() < deadline) {
      await delay(500);
      continue;
    }
    child.kill('SIGQUIT');
    throw new Error(`PostgreSQL did not start (${outcome}). Its last words, from ${logFile}:\n${lastLines(words)}`);
  }
}

function spawnServer(place: PostgresPlace, options: PostgresOptions, logFile: string): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    // No socket file: two stacks would meet in the same folder.
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...options.settings,
  };
  const args = ['-D', place.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const output = openSync(logFile, 'a', 0o600);
  try {
    const child = spawn(join(place.binaries, 'bin', 'postgres'), args, {
      ...place.user,
      cwd: '/',
      env: { ...loadDevConfig().environment, LC_ALL: 'C' },
      detached: options.ownGroup ?? false,
      stdio: ['ignore', output, output],
    });
    // A program that cannot be started has no exit, only an error: `exitCode` stays null, `pid` undefined.
    child.once('error', () => undefined);
    return child;
  } finally {
    closeSync(output);
  }
}

async function untilAnswering(
  child: ChildProcess,
  url: string,
  deadline: number,
): Promise<'ready' | 'exited' | 'no answer in time'> {
  while (Date.now() < deadline) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return 'exited';
    const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined });
    try {
      await sql`select 1`;
      return 'ready';
    } catch {
      await delay(100);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
  return 'no answer in time';
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

async function textAfter(file: string, position: number): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const start = Math.max(position, size - 20_000);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    await handle.read(buffer, 0, buffer.length, start);
    return buffer.toString('utf8');
  } finally {
    await handle.close();
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-8).join('\n');
}
