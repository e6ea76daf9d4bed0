import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Log, loadDevConfig } from './config.ts';
import { type Home, readIfThere, writeByRename } from './home.ts';
import { endProcess, identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';
import type { PartName } from './stack.ts';

/** A started part of the stack. */
export type Running = {
  pid: number;
  /** Asks it to end and waits; ends it by force when it takes too long. */
  stop(): Promise<void>;
  /** Called once when it is gone, wanted or not. */
  onExit(listener: () => void): void;
};

export type NodeProcessOptions = {
  name: PartName;
  /** Entry file, relative to the checkout. */
  entry: string;
  /** Added to the environment. */
  env: Readonly<Record<string, string>>;
  logFile: string;
  /** GET answers 200 when the process is ready. */
  readyUrl: string;
  /** Told the pid as soon as there is one. */
  onSpawn: (pid: number) => void;
};

const READY_LIMIT_MS = 60_000;
const STOP_STEPS = [
  ['SIGTERM', 20_000],
  ['SIGKILL', 5_000],
] as const;
const TETHER = new URL('./tether.mjs', import.meta.url).href;

/** Starts one of our own programs and returns when it is ready. The pid is that of the program, not of a wrapper. */
export async function startNodeProcess(options: NodeProcessOptions): Promise<Running> {
  const { project, environment } = loadDevConfig();
  const output = openSync(options.logFile, 'a', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(process.execPath, ['--import', 'tsx', '--import', TETHER, resolve(project, options.entry)], {
      cwd: project,
      env: { ...environment, ...options.env },
      // Its own process group: Ctrl-C in the terminal reaches the supervisor alone, which stops them in order.
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
    });
  } finally {
    closeSync(output);
  }
  child.once('error', () => undefined);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const identity = child.pid === undefined ? undefined : identityOf(child.pid);
  if (identity === undefined)
    throw new Error(`${options.name} could not be started${await lastWords(options.logFile)}`);
  options.onSpawn(identity.pid);
  await untilReady(child, options);
  return {
    pid: identity.pid,
    onExit: (listener) => void exited.then(listener),
    async stop() {
      await endProcess(identity, STOP_STEPS);
    },
  };
}

async function untilReady(child: ChildProcess, { name, readyUrl, logFile }: NodeProcessOptions): Promise<void> {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${name} ended before it was ready${await lastWords(logFile)}`);
    }
    if (await answersOk(readyUrl)) return;
    await delay(100);
  }
  child.kill('SIGKILL');
  throw new Error(`${name} was not ready after ${READY_LIMIT_MS / 1000} s${await lastWords(logFile)}`);
}

/** True when GET answers 200 within two seconds. */
export async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}

async function lastWords(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return `. The end of ${logFile}:\n${text.trim().split('\n').slice(-20).join('\n')}`;
}

/** Keeps the log of the run before as `<file>.1`: each start begins a new one, and two are kept. */
export async function rotateLog(file: string): Promise<void> {
  await rm(`${file}.1`, { force: true });
  await rename(file, `${file}.1`).catch(() => undefined);
}

/** The list of processes that this state folder's stack has running, kept on disk for the start after a crash. */
export type ProcessRecord = {
  add(name: PartName, pid: number): void;
  /** Waits until the list on disk is the list in memory. */
  written(): Promise<void>;
  clear(): Promise<void>;
};

type RecordedProcess = ProcessIdentity & { name: PartName };

/** What the stack of a state folder has started, or had when it crashed; some of it may have ended since. */
export async function recordedProcesses(home: Home): Promise<RecordedProcess[]> {
  const text = await readIfThere(home.processesFile);
  return text === undefined ? [] : (JSON.parse(text) as RecordedProcess[]);
}

export function recordProcesses(home: Home): ProcessRecord {
  const running = new Map<PartName, RecordedProcess>();
  let writing: Promise<void> = Promise.resolve();
  return {
    add(name, pid) {
      const identity = identityOf(pid);
      if (!identity) return;
      running.set(name, { name, ...identity });
      writing = writing.then(() => writeByRename(home.processesFile, JSON.stringify([...running.values()])));
    },
    written: () => writing,
    async clear() {
      await writing;
      await rm(home.processesFile, { force: true });
    },
  };
}

const LEFTOVER_STEPS = [
  ['SIGTERM', 8_000],
  ['SIGKILL', 5_000],
] as const;
const LEFTOVER_ORDER: readonly PartName[] = ['api', 'worker', 'provider', 'temporal'];

/**
 * Ends what a crashed run left behind. Each is known by pid and start time, so a program that got the same pid later is
 * never touched. PostgreSQL is left to endLeftoverPostgres, which finds it even without this list.
 */
export async function endLeftovers(home: Home, log: Log): Promise<void> {
  const recorded = await recordedProcesses(home);
  for (const name of LEFTOVER_ORDER) {
    for (const left of recorded.filter((each) => each.name === name && isAlive(each))) {
      log(`ending the ${name} of an earlier run that did not stop cleanly (pid ${left.pid})`);
      await endProcess(left, LEFTOVER_STEPS);
    }
  }
  await rm(home.processesFile, { force: true });
}
