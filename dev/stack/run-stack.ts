import { once } from 'node:events';
import { rmSync } from 'node:fs';
import type { DevConfig, Log } from '../config.ts';
import { endLeftoverPostgres } from '../postgres/postgres.ts';
import { type EngineOptions, postgresEngine, temporalEngine } from './engines.ts';
import type { Home } from './home.ts';
import { assertPortsFree, type Ports, portsOf } from './ports.ts';
import { prepareDatabase } from './prepare-database.ts';
import { endLeftovers, recordProcesses } from './process-record.ts';
import { buildOwnPrograms, programsOf, superviseProgram } from './programs.ts';
import { stackSecrets } from './secrets.ts';
import { seed } from './seed.ts';
import { removeStack, type Stack, writeStack } from './stack.ts';
import { Supervisor } from './supervisor.ts';
import { step } from './terminal.ts';

export type RunOptions = {
  config: DevConfig;
  home: Home;
  log: Log;
  /** Abort it to stop the stack. */
  signal: AbortSignal;
  /** Called with a function that kills everything at once, for the second Ctrl-C. */
  onKill: (kill: () => never) => void;
  /** Whether a few demo orders are placed at the start. */
  demoOrders: boolean;
  /** Called once, when everything is ready. */
  onReady: (ready: ReadyStack) => void;
  /** Ports of proxies between our programs and the engines, through which a test cuts the connections. */
  detours?: Readonly<Record<'postgres' | 'temporal', number>> | undefined;
};

export type ReadyStack = {
  stack: Stack;
  /** Id of the service in the printed example order. */
  service: number;
};

/**
 * Starts everything, calls `onReady`, and returns after `signal` is aborted and everything has stopped. The caller holds the
 * state folder's lock.
 * Throws when a part cannot be started, after stopping the others.
 */
export async function runStack(options: RunOptions): Promise<void> {
  const { config, home, log, signal, onKill, onReady } = options;
  await removeStack(home);
  await endLeftovers(home, log);
  if (config.databaseUrl === undefined) await endLeftoverPostgres(home.postgres, log);
  const ports = await portsOf(home.portsFile, config.cache);
  await assertPortsFree(portsWanted(ports, config), home.portsFile);

  const record = recordProcesses(home);
  let stack: Stack | undefined;
  let writing: Promise<void> = Promise.resolve();
  const supervisor = new Supervisor({
    log,
    record,
    onPids: (pids) => {
      if (!stack) return;
      const current = { ...stack, pids };
      stack = current;
      writing = writing.then(() => writeStack(home, current));
    },
  });
  onKill(() => {
    supervisor.kill();
    rmSync(home.stackFile, { force: true });
    process.exit(130);
  });

  const failed = new AbortController();
  const fetches = AbortSignal.any([signal, failed.signal]);
  try {
    const ready = await orAborted(startAll({ ...options, ports, supervisor, signal: fetches }), signal);
    stack = { ...ready.stack, pids: supervisor.currentPids };
    await writeStack(home, stack);
    onReady({ stack, service: ready.service });
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    log('stopping');
    failed.abort();
    stack = undefined;
    await supervisor.stop();
    await writing;
    await removeStack(home);
    log('stopped');
  }
}

type Ready = { stack: Omit<Stack, 'pids'>; service: number };

async function startAll(options: EngineOptions & RunOptions): Promise<Ready> {
  const { config, home, ports, supervisor, log, signal, demoOrders, detours } = options;
  const secrets = await stackSecrets(home);
  const surroundings = { ...secrets, logLevel: config.logLevel };
  const database = async () => {
    const url = await step(log, 'PostgreSQL answers', () => postgresEngine(options));
    const given = config.databaseUrl !== undefined;
    return {
      url,
      ...(await step(log, 'the database is migrated to this version', () => prepareDatabase(url, home, given))),
    };
  };
  const [{ url: databaseUrl, adminKey, programsUrl }, temporal] = await Promise.all([
    database(),
    step(log, 'Temporal answers', () => temporalEngine(options)),
    step(log, 'API and worker are built', () => buildOwnPrograms(signal)),
  ]);
  const programs = programsOf(home, ports, {
    ...surroundings,
    databaseUrl: detours ? withPort(programsUrl, detours.postgres) : programsUrl,
    temporalAddress: detours ? `127.0.0.1:${detours.temporal}` : temporal.address,
    temporalNamespace: temporal.namespace,
    temporalUiUrl: temporal.uiUrl,
  });
  await Promise.all(
    Object.values(programs).map((program) =>
      step(log, `${program.name} is ready`, () => superviseProgram(supervisor, home, program)),
    ),
  );
  const apiUrl = `http://127.0.0.1:${ports.api}`;
  const providerUrl = `http://127.0.0.1:${ports.provider}`;
  const { apiKey, service } = await step(log, 'the demo account exists', () =>
    seed({ apiUrl, adminKey, providerUrl, demoOrders, databaseUrl, ...secrets }),
  );
  return {
    service,
    stack: {
      apiUrl,
      apiKey,
      adminKey,
      temporalAddress: temporal.address,
      temporalNamespace: temporal.namespace,
      temporalUiUrl: temporal.uiUrl,
      temporalCli: temporal.cli,
      databaseUrl,
      providerUrl,
      metricsUrl: `http://127.0.0.1:${ports.metrics}/metrics`,
    },
  };
}

function withPort(address: string, port: number): string {
  const url = new URL(address);
  url.port = String(port);
  return url.href;
}

/** The ports of the servers that the stack starts itself. */
function portsWanted(ports: Ports, config: DevConfig): Partial<Ports> {
  const { postgres, temporal, ui, ...programs } = ports;
  return {
    ...programs,
    ...(config.databaseUrl === undefined ? { postgres } : {}),
    ...(config.temporalAddress === undefined ? { temporal, ui } : {}),
  };
}

/** Stops waiting for work when the signal aborts. The supervisor stops what the work has started. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = once(signal, 'abort').then(() => {
    throw new Error('stopped before everything was ready');
  });
  return Promise.race([work, aborted]);
}
