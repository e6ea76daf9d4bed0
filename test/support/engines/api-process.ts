import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { startNodeProcess } from '../../../dev/processes/node-process.ts';
import type { Running } from '../../../dev/processes/server-process.ts';
import type { World } from '../worlds/world.ts';
import { freePort } from './engines.ts';

/** The API as a separate process, which a test can kill. */
export interface ApiProcess {
  readonly url: string;
  /** Throws while the API is not running. */
  pid(): number;
  /** Starts the API if it is not running, always at the same address. Returns when it is ready. */
  start(): Promise<void>;
  /** Asks the API to end, as an operator does, with SIGTERM. Returns when it has ended. */
  stop(): Promise<void>;
  /** Kills the API with SIGKILL. Returns when it is gone. */
  kill(): Promise<void>;
  /** Stops the API if it is running and removes its files. */
  close(): Promise<void>;
}

export interface ApiProcessOptions {
  /** Address of Temporal; by default the one of this test run. */
  readonly temporalAddress?: string;
  /** Its program; by default the sources. */
  readonly entry?: string;
  /** Settings of the API beside the defaults. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function apiProcess(
  { appUrl: databaseUrl, namespace, masterKey }: Pick<World, 'appUrl' | 'namespace' | 'masterKey'>,
  { temporalAddress = inject('temporalAddress'), entry = 'api/server.ts', env = {} }: ApiProcessOptions = {},
): Promise<ApiProcess> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-api-'));
  const url = `http://127.0.0.1:${port}`;
  let running: Running | undefined;
  const taken = (): Running => {
    const one = running;
    if (one === undefined) throw new Error('the API is not running');
    running = undefined;
    return one;
  };
  const gone = (one: Running) => new Promise<void>((resolve) => one.onExit(resolve));
  return {
    url,
    pid: () => {
      if (running === undefined) throw new Error('the API is not running');
      return running.pid;
    },
    start: async () => {
      running ??= await startNodeProcess({
        name: 'api',
        entry,
        env: {
          DATABASE_URL: databaseUrl,
          TEMPORAL_ADDRESS: temporalAddress,
          TEMPORAL_NAMESPACE: namespace,
          HOLDFAST_MASTER_KEY: masterKey.toString('base64'),
          API_HOST: '127.0.0.1',
          API_PORT: String(port),
          API_DRAIN_SECONDS: '0',
          METRICS_PORT: '0',
          LOG_LEVEL: 'error',
          ...env,
        },
        logFile: join(folder, 'api.log'),
        readyUrl: `${url}/readyz`,
        onSpawn: () => {},
      });
    },
    stop: () => taken().stop(),
    kill: async () => {
      const one = taken();
      const exited = gone(one);
      process.kill(one.pid, 'SIGKILL');
      await exited;
    },
    close: async () => {
      await running?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
