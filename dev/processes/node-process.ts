import { resolve } from 'node:path';
import { loadDevConfig } from '../config.ts';
import { type Running, startServer } from './server-process.ts';

export type NodeProcessOptions = {
  name: string;
  /** Entry file, relative to the checkout. */
  entry: string;
  /** Added to the environment. */
  env: Readonly<Record<string, string>>;
  logFile: string;
  /** A GET of this url answers 200 when the process is ready. */
  readyUrl: string;
  /** Called with the pid as soon as the process has one. */
  onSpawn: (pid: number) => void;
};

const READY_LIMIT_MS = 60_000;
const STOP_STEPS = [
  ['SIGTERM', 20_000],
  ['SIGKILL', 5_000],
] as const;
const TETHER = new URL('./tether.mjs', import.meta.url).href;

/** Starts one of Holdfast's own programs and returns when it is ready. It ends when this process ends (tether.mjs). */
export function startNodeProcess({ entry, env, readyUrl, ...options }: NodeProcessOptions): Promise<Running> {
  const { project, environment } = loadDevConfig();
  return startServer({
    ...options,
    file: process.execPath,
    args: [
      ...(entry.endsWith('.ts') ? ['--import', 'tsx'] : ['--enable-source-maps']),
      '--import',
      TETHER,
      resolve(project, entry),
    ],
    cwd: project,
    env: { ...environment, ...env },
    ownGroup: true,
    tethered: true,
    answers: () => answersOk(readyUrl),
    readyLimitMs: READY_LIMIT_MS,
    stopSteps: STOP_STEPS,
  });
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
