import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { endProcess, identityOf } from './process-identity.ts';

/** A server that is ready. The pid is the server's own, not a wrapper's. */
export type Running = {
  pid: number;
  /** Asks the server to end and waits; kills it when it takes too long. */
  stop(): Promise<void>;
  /** Calls the listener once when the server has ended, by `stop` or by itself. */
  onExit(listener: () => void): void;
};

/** Signals to send in turn, each with the milliseconds to wait after it. */
export type StopSteps = ReadonlyArray<readonly [NodeJS.Signals, number]>;

export type ServerOptions = Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'> & {
  /** The server's name in errors. */
  name: string;
  file: string;
  args: readonly string[];
  /** The server's output is appended to this file. Without it, only the last output of a failed start is kept. */
  logFile?: string | undefined;
  /**
   * Starts the server in its own process group: Ctrl-C in the terminal does not reach it, so the caller must stop it.
   * Default false: the server then ends with an interrupted test run.
   */
  ownGroup?: boolean | undefined;
  /** Opens a channel to the server that closes when this process is gone; see tether.mjs. */
  tethered?: boolean;
  /** Called every 100 ms until it returns true. */
  answers: () => Promise<boolean>;
  readyLimitMs: number;
  stopSteps: StopSteps;
  /** Called with the pid as soon as the server has one. */
  onSpawn?: ((pid: number) => void) | undefined;
};

const ASK_EVERY_MS = 100;
const DRAIN_MS = 100;
const LAST_LINES = 20;
const LAST_BYTES = 20_000;

/** Starts a server and returns when it answers. Throws with its last output when it ends early or does not answer in time. */
export async function startServer(options: ServerOptions): Promise<Running> {
  const { name, logFile, stopSteps } = options;
  const from = logFile === undefined ? 0 : await sizeOf(logFile);
  const child = spawnServer(options);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lastOutput = outputOf(child);
  const identity = child.pid === undefined ? undefined : identityOf(child.pid);
  if (identity) options.onSpawn?.(identity.pid);
  const failure = identity ? await untilAnswering(child, options) : 'could not be started';
  if (identity === undefined || failure !== undefined) {
    // Output in the pipes, or the reason of a failed spawn, arrives a moment later.
    await delay(DRAIN_MS);
    const said = logFile === undefined ? '' : await textAfter(logFile, from);
    if (identity) await endProcess(identity, stopSteps);
    const where = logFile === undefined ? '' : `, from ${logFile}`;
    throw new Error(`${name} ${failure}. Its last output${where}:\n${lastLines(said + lastOutput())}`);
  }
  return {
    pid: identity.pid,
    onExit: (listener) => void exited.then(listener),
    stop: async () => {
      await endProcess(identity, stopSteps);
      // Await the exit, so that its listeners run before the caller stops the next server.
      await exited;
    },
  };
}

function spawnServer({
  file,
  args,
  logFile,
  ownGroup = false,
  tethered = false,
  ...options
}: ServerOptions): ChildProcess {
  const output = logFile === undefined ? 'pipe' : openSync(logFile, 'a', 0o600);
  try {
    return spawn(file, args, {
      cwd: options.cwd,
      env: options.env,
      uid: options.uid,
      gid: options.gid,
      detached: ownGroup,
      stdio: tethered ? ['ignore', output, output, 'ipc'] : ['ignore', output, output],
    });
  } finally {
    if (typeof output === 'number') closeSync(output);
  }
}

/** Collects the last output from the pipes, if there are pipes, and the error of a failed spawn. */
function outputOf(child: ChildProcess): () => string {
  let lastOutput = '';
  const append = (chunk: Buffer | string) => {
    lastOutput = (lastOutput + String(chunk)).slice(-LAST_BYTES);
  };
  child.stdout?.on('data', append);
  child.stderr?.on('data', append);
  child.once('error', (error) => append(error.message));
  return () => lastOutput;
}

/** Waits until the server answers. Returns why it does not, or undefined when it does. */
async function untilAnswering(
  child: ChildProcess,
  { answers, readyLimitMs }: Pick<ServerOptions, 'answers' | 'readyLimitMs'>,
): Promise<string | undefined> {
  const deadline = Date.now() + readyLimitMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) return 'ended before it was ready';
    if (await answers()) return undefined;
    await delay(ASK_EVERY_MS);
  }
  return `was not ready after ${readyLimitMs / 1000} s`;
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-LAST_LINES).join('\n');
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

async function textAfter(file: string, position: number): Promise<string> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const start = Math.max(position, size - LAST_BYTES);
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(Math.max(0, size - start)),
      position: start,
    });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
