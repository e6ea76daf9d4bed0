import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Connection } from '@temporalio/client';
import { loadDevConfig } from '../config.ts';
import { type Running, type ServerOptions, startServer } from '../processes/server-process.ts';
import { assertFree } from '../stack/ports.ts';

export type TemporalOptions = {
  /** Path of a `temporal` program, from ensureTemporalCli. */
  cli: string;
  port: number;
  /** Port of the Web UI. Without it the server has no Web UI. */
  uiPort?: number;
  /** File for the histories. Without it they are lost when the server ends. */
  dbFilename?: string;
  /** Name → type, e.g. `{ OrderStatus: 'Keyword' }`. Attributes already in the file stay as they are. */
  searchAttributes: Readonly<Record<string, string>>;
  /** The server's output is appended to this file. Without it, only the last output of a failed start is kept. */
  logFile?: string;
} & Pick<ServerOptions, 'ownGroup' | 'onSpawn'>;

export type RunningTemporal = Running & {
  address: string;
  /** Undefined without a `uiPort`. */
  uiUrl: string | undefined;
};

const NAMESPACE = 'default';
const READY_LIMIT_MS = 60_000;
const STOP_STEPS = [
  ['SIGINT', 10_000],
  ['SIGKILL', 5_000],
] as const;

/** Starts a real Temporal server on 127.0.0.1 and returns when its namespace answers. */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  const { cli, port, uiPort, dbFilename, logFile, ownGroup, onSpawn } = options;
  const address = `127.0.0.1:${port}`;
  if (dbFilename) await mkdir(dirname(dbFilename), { recursive: true });
  await assertFree(port, 'Temporal');
  if (uiPort !== undefined) await assertFree(uiPort, "Temporal's Web UI");
  const running = await startServer({
    name: `the Temporal server on ${address}`,
    file: cli,
    args: argumentsOf(options),
    env: withoutTemporalSettings(loadDevConfig().environment),
    logFile,
    ownGroup,
    onSpawn,
    answers: () => temporalAnswers(address, NAMESPACE),
    readyLimitMs: READY_LIMIT_MS,
    stopSteps: STOP_STEPS,
  });
  return { ...running, address, uiUrl: uiPort === undefined ? undefined : `http://127.0.0.1:${uiPort}` };
}

const STARTS = 3;

/** Starts the server again when a port was taken. The server chooses further ports itself and may lose one to another program. */
export async function startedAgain<T>(start: () => Promise<T>): Promise<T> {
  for (let starts = 1; ; starts += 1) {
    try {
      return await start();
    } catch (error) {
      if (starts === STARTS || !String(error).includes('address already in use')) throw error;
    }
  }
}

/** The dynamic config of `ops/temporal-settings.yaml`, which says what each value is for. */
export const SERVER_SETTINGS: Readonly<Record<string, number | boolean>> = {
  'limit.maxIDLength': 255,
  'matching.enableFairness': true,
};

function argumentsOf(options: TemporalOptions): string[] {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(options.port), '--namespace', NAMESPACE];
  if (options.uiPort === undefined) args.push('--headless');
  else args.push('--ui-ip', '127.0.0.1', '--ui-port', String(options.uiPort));
  if (options.dbFilename) args.push('--db-filename', options.dbFilename);
  for (const [name, type] of Object.entries(options.searchAttributes))
    args.push('--search-attribute', `${name}=${type}`);
  for (const [name, value] of Object.entries(SERVER_SETTINGS))
    args.push('--dynamic-config-value', `${name}=${JSON.stringify(value)}`);
  return [...args, '--log-level', 'error', '--color', 'never'];
}

/** The CLI reads TEMPORAL_* too. A client's address or namespace must not change the server it starts. */
function withoutTemporalSettings(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

/** True when a Temporal server at `host:port` knows the namespace. */
export async function temporalAnswers(address: string, namespace: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 2_000 });
    try {
      await connection.withDeadline(Date.now() + 2_000, () =>
        connection.workflowService.describeNamespace({ namespace }),
      );
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}
