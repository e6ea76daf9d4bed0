import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { type Log, loadDevConfig } from './config.ts';
import { assertFree } from './ports.ts';
import { endProcess, identityOf } from './process-identity.ts';

export type TemporalOptions = {
  /** Path of a `temporal` program, from ensureTemporalCli. */
  cli: string;
  port: number;
  /** Port of the Web UI; without it there is none. */
  uiPort?: number;
  /** Histories are kept in this file; without it they end with the server. */
  dbFilename?: string;
  /** Name → type, e.g. `{ OrderStatus: 'Keyword' }`. Those the kept file already knows are left as they are. */
  searchAttributes: Readonly<Record<string, string>>;
  log: Log;
  /** The server's own output is appended here; without it only the last words of a failed start are kept. */
  logFile?: string;
  /**
   * Its own process group: Ctrl-C in the terminal does not reach it, the caller stops it when its users have ended.
   * Default false: it then ends with the rest of a test run that is interrupted.
   */
  ownGroup?: boolean;
  /** Told the server's pid as soon as there is one. */
  onSpawn?: (pid: number) => void;
};

export type RunningTemporal = {
  address: string;
  /** Undefined without a `uiPort`. */
  uiUrl: string | undefined;
  pid: number;
  stop(): Promise<void>;
  /** Called once when the server is gone, wanted or not. */
  onExit(listener: () => void): void;
};

const NAMESPACE = 'default';
const READY_LIMIT_MS = 60_000;
const STOP_STEPS = [
  ['SIGINT', 10_000],
  ['SIGKILL', 5_000],
] as const;

/** Starts a real Temporal server on 127.0.0.1 and returns when it answers for its namespace. */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  const address = `127.0.0.1:${options.port}`;
  if (options.dbFilename) await mkdir(dirname(options.dbFilename), { recursive: true });
  await assertFree(options.port, 'Temporal');
  if (options.uiPort !== undefined) await assertFree(options.uiPort, "Temporal's Web UI");
  const child = spawnServer(options);
  if (child.pid !== undefined) options.onSpawn?.(child.pid);
  const words: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      words.push(chunk.toString('utf8'));
      if (words.length > 50) words.shift();
    });
  }
  const outcome = await untilAnswering(child, address);
  const identity = child.pid === undefined ? undefined : identityOf(child.pid);
  if (outcome !== 'ready' || identity === undefined) {
    child.kill('SIGKILL');
    const said = options.logFile ? await readFile(options.logFile, 'utf8') : words.join('');
    const tail = said.trim().split('\n').slice(-8).join('\n');
    throw new Error(`the Temporal server did not start on ${address} (${outcome}). Its last words:\n${tail}`);
  }
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    address,
    uiUrl: options.uiPort === undefined ? undefined : `http://127.0.0.1:${options.uiPort}`,
    pid: identity.pid,
    onExit: (listener) => void exited.then(listener),
    async stop() {
      await endProcess(identity, STOP_STEPS);
    },
  };
}

const STARTS = 3;

/** The server finds further ports for itself, which others may take before it has them: then it is started again. */
export async function startedAgain<T>(start: () => Promise<T>): Promise<T> {
  for (let starts = 1; ; starts += 1) {
    try {
      return await start();
    } catch (error) {
      if (starts === STARTS || !String(error).includes('address already in use')) throw error;
    }
  }
}

function spawnServer(options: TemporalOptions): ChildProcess {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(options.port), '--namespace', NAMESPACE];
  if (options.uiPort === undefined) args.push('--headless');
  else args.push('--ui-ip', '127.0.0.1', '--ui-port', String(options.uiPort));
  if (options.dbFilename) args.push('--db-filename', options.dbFilename);
  for (const [name, type] of Object.entries(options.searchAttributes))
    args.push('--search-attribute', `${name}=${type}`);
  args.push('--log-level', 'error', '--color', 'never');
  const output = options.logFile ? openSync(options.logFile, 'a', 0o600) : 'pipe';
  try {
    const child = spawn(options.cli, args, {
      env: withoutTemporalSettings(loadDevConfig().environment),
      detached: options.ownGroup ?? false,
      stdio: ['ignore', output, output],
    });
    child.once('error', (error) => options.log(`temporal: ${error.message}`));
    return child;
  } finally {
    if (typeof output === 'number') closeSync(output);
  }
}

/** The CLI reads TEMPORAL_* too: an address or namespace meant for a client must not reach the server it starts. */
function withoutTemporalSettings(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

async function untilAnswering(
  child: ChildProcess,
  address: string,
): Promise<'ready' | 'it ended' | 'no answer in time'> {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (Date.now() < deadline) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return 'it ended';
    if (await temporalAnswers(address, NAMESPACE)) return 'ready';
    await delay(100);
  }
  return 'no answer in time';
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
