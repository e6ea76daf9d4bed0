import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { startNodeProcess } from '../../../dev/processes/node-process.ts';
import type { Running } from '../../../dev/processes/server-process.ts';
import type { World } from '../worlds/world.ts';
import { freePort } from './engines.ts';

/** The worker as a separate process, which a test can stop as an operator would. */
export interface WorkerProcess {
  readonly pid: number;
  /** Where it answers /readyz and /metrics. */
  readonly url: string;
  /** Sends SIGTERM. Returns how many milliseconds the worker took to end. */
  stop(): Promise<number>;
  /** Kills the worker if it is running and removes its files. */
  close(): Promise<void>;
}

export interface WorkerProcessOptions {
  /** Address of Temporal; by default the one of this test run. */
  readonly temporalAddress?: string;
  /** Its program; by default the sources. */
  readonly entry?: string;
  /** Settings of the worker beside the defaults. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the worker. Returns when it is ready. */
export async function workerProcess(
  { appUrl: databaseUrl, namespace, masterKey }: World,
  { temporalAddress = inject('temporalAddress'), entry = 'activities/worker.ts', env = {} }: WorkerProcessOptions = {},
): Promise<WorkerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-worker-'));
  let isGone = false;
  const running: Running = await startNodeProcess({
    name: 'worker',
    entry,
    env: {
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: temporalAddress,
      TEMPORAL_NAMESPACE: namespace,
      HOLDFAST_MASTER_KEY: masterKey.toString('base64'),
      WORKER_HOST: '127.0.0.1',
      WORKER_PORT: String(port),
      LOG_LEVEL: 'error',
      // Workflows run in threads of their own, as in production.
      TEMPORAL_DEBUG: 'false',
      ...env,
    },
    logFile: join(folder, 'worker.log'),
    readyUrl: `${url}/readyz`,
    onSpawn: () => {},
  });
  const gone = new Promise<void>((resolve) => running.onExit(resolve)).then(() => {
    isGone = true;
  });
  return {
    pid: running.pid,
    url,
    stop: async () => {
      const told = performance.now();
      process.kill(running.pid, 'SIGTERM');
      await gone;
      return performance.now() - told;
    },
    close: async () => {
      if (!isGone) process.kill(running.pid, 'SIGKILL');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
