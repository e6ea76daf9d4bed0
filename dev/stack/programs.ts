import { join } from 'node:path';
import { loadDevConfig } from '../config.ts';
import { rotateLog } from '../files.ts';
import { runCommand } from '../processes/command.ts';
import { startNodeProcess } from '../processes/node-process.ts';
import type { Home } from './home.ts';
import type { Ports } from './ports.ts';
import type { Supervisor } from './supervisor.ts';

/** Addresses and secrets for the programs. */
export type Surroundings = {
  databaseUrl: string;
  temporalAddress: string;
  temporalNamespace: string;
  /** Empty when the stack does not know one. */
  temporalUiUrl: string;
  masterKey: string;
  providerKey: string;
  logLevel: string;
};

type Program = {
  name: 'provider' | 'worker' | 'api';
  entry: string;
  env: Record<string, string>;
  readyUrl: string;
};

/** The stack's own programs, each with its whole environment. */
export function programsOf(home: Home, ports: Ports, around: Surroundings): Record<Program['name'], Program> {
  const at = (port: number) => `http://127.0.0.1:${port}`;
  const shared = {
    DATABASE_URL: around.databaseUrl,
    TEMPORAL_ADDRESS: around.temporalAddress,
    TEMPORAL_NAMESPACE: around.temporalNamespace,
    HOLDFAST_MASTER_KEY: around.masterKey,
    ALLOW_LOOPBACK_URLS: 'true',
    LOG_LEVEL: around.logLevel,
    CURRENCY: 'USD',
    PUBLIC_URL: at(ports.api),
  };
  return {
    provider: {
      name: 'provider',
      entry: 'dev/provider/main.ts',
      env: {
        PROVIDER_PORT: String(ports.provider),
        PROVIDER_KEY: around.providerKey,
        PROVIDER_DATA_DIR: home.providerData,
      },
      readyUrl: `${at(ports.provider)}/stats`,
    },
    worker: {
      name: 'worker',
      entry: 'dist/worker.js',
      env: { ...shared, WORKER_HOST: '127.0.0.1', WORKER_PORT: String(ports.worker) },
      readyUrl: `${at(ports.worker)}/readyz`,
    },
    api: {
      name: 'api',
      entry: 'dist/api.js',
      env: {
        ...shared,
        API_HOST: '127.0.0.1',
        API_PORT: String(ports.api),
        // No proxy is in front of it.
        API_DRAIN_SECONDS: '0',
        METRICS_HOST: '127.0.0.1',
        METRICS_PORT: String(ports.metrics),
        TEMPORAL_UI_URL: around.temporalUiUrl,
        COUNTER_URL: `${at(ports.provider)}/counter`,
      },
      readyUrl: `${at(ports.api)}/readyz`,
    },
  };
}

const BUILD_LIMIT_MS = 300_000;

/** Builds the API and the worker from this checkout, unless it was done before. Started anew, they are ready in a second. */
export async function buildOwnPrograms(signal?: AbortSignal): Promise<void> {
  const { project } = loadDevConfig();
  const args = ['--import', 'tsx', join(project, 'dev/build/ensure.ts')];
  await runCommand(process.execPath, args, { cwd: project, timeoutMs: BUILD_LIMIT_MS, signal });
}

/** Starts a program under the supervisor and returns when it is ready. */
export async function superviseProgram(supervisor: Supervisor, home: Home, program: Program): Promise<void> {
  const logFile = join(home.logs, `${program.name}.log`);
  await rotateLog(logFile);
  await supervisor.start(program.name, (onSpawn) => startNodeProcess({ ...program, logFile, onSpawn }));
}
