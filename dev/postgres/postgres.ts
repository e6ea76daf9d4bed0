import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { type Log, loadDevConfig } from '../config.ts';
import { keptSecret } from '../files.ts';
import { commandLineOf, endProcess, identityOf } from '../processes/process-identity.ts';
import { type Running, type ServerOptions, startServer } from '../processes/server-process.ts';
import { assertFree } from '../stack/ports.ts';
import { initCluster } from './cluster.ts';
import { createDatabase } from './databases.ts';
import { type PostgresPlace, placePostgres, recordedPostmaster } from './place.ts';

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
} & Pick<ServerOptions, 'ownGroup' | 'onSpawn'>;

/** Its stop ends open sessions and stops cleanly; immediate after 20 s. */
export type RunningPostgres = Running & { url: string; port: number };

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
  const running = await launch(place, url('postgres'), options);
  const { database = 'postgres' } = options;
  if (database !== 'postgres') await createDatabase(url('postgres'), database);
  return {
    ...running,
    url: url(database),
    port,
    async stop() {
      await running.stop();
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

/** What a new server says while the children of a killed one still hold its memory. */
const PASSING = /shared memory block|lock file ".*" already exists|is being used by another/;
const PASSES_AFTER_MS = 500;

/** Starts the server until it answers; again while the children of a killed one are still there. */
async function launch(place: PostgresPlace, url: string, options: PostgresOptions): Promise<Running> {
  const deadline = Date.now() + READY_LIMIT_MS;
  for (;;) {
    try {
      return await startServer({
        name: 'PostgreSQL',
        file: join(place.binaries, 'bin', 'postgres'),
        args: argumentsOf(place, options),
        ...place.user,
        cwd: '/',
        env: { ...loadDevConfig().environment, LC_ALL: 'C' },
        logFile: options.logFile ?? join(options.dir, 'postgres.log'),
        ownGroup: options.ownGroup,
        onSpawn: options.onSpawn,
        answers: () => answersAt(url),
        readyLimitMs: READY_LIMIT_MS,
        stopSteps: STOP_STEPS,
      });
    } catch (error) {
      if (!PASSING.test(String(error)) || Date.now() > deadline) throw error;
      await delay(PASSES_AFTER_MS);
    }
  }
}

function argumentsOf(place: PostgresPlace, { port, settings = {} }: PostgresOptions): string[] {
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // No socket file: two stacks would meet in the same folder.
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...settings,
  };
  return ['-D', place.data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

async function answersAt(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
