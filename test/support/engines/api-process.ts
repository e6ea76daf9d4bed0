import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { startNodeProcess } from '../../../dev/processes/node-process.ts';
import type { Running } from '../../../dev/processes/server-process.ts';
import type { World } from '../worlds/world.ts';
import { freePort } from './engines.ts';

/** The API as a process of its own, which can die. */
export interface ApiProcess {
  readonly url: string;
  /** Starts it, unless it runs, always at the same address; returns when it is ready. */
  start(): Promise<void>;
  /** SIGKILL: it says nothing more to anybody. Returns when it is gone. */
  kill(): Promise<void>;
  /** Ends it if it runs, and removes what it left. */
  close(): Promise<void>;
}

export interface ApiProcessOptions {
  /** Where Temporal answers; by default that of this test run. */
  readonly temporalAddress?: string;
  /** Settings of the API beside the usual. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function apiProcess(
  { appUrl: databaseUrl, namespace, masterKey }: World,
  { temporalAddress = inject('temporalAddress'), env = {} }: ApiProcessOptions = {},
): Promise<ApiProcess> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-api-'));
  const url = `http://127.0.0.1:${port}`;
  let running: Running | undefined;
  const gone = (one: Running) => new Promise<void>((resolve) => one.onExit(resolve));
  return {
    url,
    start: async () => {
      running ??= await startNodeProcess({
        name: 'api',
        entry: 'api/server.ts',
        env: {
          DATABASE_URL: databaseUrl,
          TEMPORAL_ADDRESS: temporalAddress,
          TEMPORAL_NAMESPACE: namespace,
          HOLDFAST_MASTER_KEY: masterKey.toString('base64'),
          API_HOST: '127.0.0.1',
          API_PORT: String(port),
          METRICS_PORT: '0',
          LOG_LEVEL: 'error',
          ...env,
        },
        logFile: join(folder, 'api.log'),
        readyUrl: `${url}/readyz`,
        onSpawn: () => {},
      });
    },
    kill: async () => {
      const one = running;
      if (one === undefined) throw new Error('it does not run');
      running = undefined;
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
