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
  /** Folder of this cluster: data, password, and the note about data that lies elsewhere. */
  dir: string;
  port: number;
  log: Log;
  /** Database to create when it is missing; the url leads to it. Default `postgres`. */
  database?: string;
  /** The server's output is appended to this file; default `<dir>/postgres.log`. */
  logFile?: string;
  /** Server settings, e.g. `fastSettings`. */
  settings?: Readonly<Record<string, string>>;
  /** Remove the cluster when it stops. */
  temporary?: boolean;
} & Pick<ServerOptions, 'ownGroup' | 'onSpawn'>;

/** `stop` ends open sessions and stops the server cleanly; after 20 s it stops the server at once. */
export type RunningPostgres = Running & { url: string; port: number };

/**
 * For tests: commits survive kill -9 of the server, not a crash of the machine. `synchronous_commit` stays on: without it, a kill
 * could lose an acknowledged commit, and without fsync it costs almost nothing.
 */
export const fastSettings = { fsync: 'off', full_page_writes: 'off' } as const;

const READY_LIMIT_MS = 90_000;
/** PostgreSQL's fast, immediate and forced stop, each with its limit in milliseconds. */
const STOP_STEPS = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const;

/**
 * Starts a real PostgreSQL on 127.0.0.1 and makes its cluster first when there is none. Recovers from a killed server, and ends a
 * server still running on the same data. Throws with the server's last output.
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

/** Ends a server that a killed run left on this folder's cluster. */
export async function endLeftoverPostgres(dir: string, log: Log): Promise<void> {
  await endLeftover(await placePostgres(dir, log), log);
}

/** A server left by a killed run would hold the data, or answer on the port instead of the new server. */
async function endLeftover(place: PostgresPlace, log: Log): Promise<void> {
  const pid = await recordedPostmaster(place.data);
  if (pid === undefined) return;
  const identity = identityOf(pid);
  if (identity === undefined) return;
  if (commandLineOf(pid).includes(place.data)) {
    log(`ending the PostgreSQL that an earlier run left running (pid ${pid})`);
    await endProcess(identity, STOP_STEPS);
  } else {
    // Another program has this pid by now. PostgreSQL would refuse to start while the file names a living process.
    await rm(join(place.data, 'postmaster.pid'), { force: true });
  }
}

/** Errors of a new server while the children of a killed one still hold its memory. */
const TRANSIENT = /shared memory block|lock file ".*" already exists|is being used by another/;
const RETRY_MS = 500;

/** Starts the server and waits until it answers. Tries again while the children of a killed server are still there. */
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
      if (!TRANSIENT.test(String(error)) || Date.now() > deadline) throw error;
      await delay(RETRY_MS);
    }
  }
}

function argumentsOf(place: PostgresPlace, { port, settings = {} }: PostgresOptions): string[] {
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // No socket file: two stacks would use the same folder.
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
