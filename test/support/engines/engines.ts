import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTemporalCli } from '../../../dev/engines/temporal-cli.ts';
import { type RunningTemporal, startedAgain, startTemporal } from '../../../dev/engines/temporal-server.ts';
import { fastSettings, startPostgres } from '../../../dev/postgres/postgres.ts';
import { isFree } from '../../../dev/stack/ports.ts';
import { searchAttributes } from '../../../workflows/contract.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A PostgreSQL server; each test file makes its own database on it. */
    postgresUrl: string;
    /** A migrated database on that server. It must have no sessions, because new databases are copied from it. */
    databaseTemplate: string;
    /** Path of the bundled workflows of this version. */
    workflowBundle: string;
    temporalAddress: string;
    /** Address of Temporal's Web UI; only for the browser tests. */
    temporalUi: string;
    timeSkippingServer: string;
  }
}

/** An engine that a test run started, and the function that stops it. */
export interface Engine<T> {
  readonly value: T;
  stop(): Promise<void>;
}

export const log = (line: string): void => {
  if (process.env.DEBUG_ENGINES !== undefined) console.log(line);
};

/** Below the ports that systems use for outgoing connections: an outgoing connection could take the port before the server. */
const PORTS = { from: 10_000, to: 32_000 };

/** A free port of 127.0.0.1, chosen at random, so that two test runs rarely choose the same. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from));
    if (await isFree(port)) return port;
  }
}

/** `DATABASE_URL` if it is set, otherwise a temporary PostgreSQL. */
export async function postgresForTests(): Promise<Engine<string>> {
  const given = process.env.DATABASE_URL;
  return given === undefined ? postgresOfOurOwn() : { value: given, stop: async () => {} };
}

/** A session of a test ends before PostgreSQL would stop to plan each statement anew. */
const SHORT_SESSIONS = { plan_cache_mode: 'force_generic_plan' } as const;

/** A temporary PostgreSQL with settings that the caller chooses. `pid` is that of its first process. */
export async function postgresOfOurOwn(
  settings: Readonly<Record<string, string>> = {},
): Promise<Engine<string> & { readonly pid: number }> {
  const dir = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
  const all = { ...fastSettings, ...SHORT_SESSIONS, ...settings };
  const postgres = await startPostgres({ dir, port: await freePort(), log, settings: all, temporary: true });
  return {
    value: postgres.url,
    pid: postgres.pid,
    stop: async () => {
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** `TEMPORAL_ADDRESS` if it is set, otherwise a Temporal server in memory. */
export async function temporalForTests(): Promise<Engine<string>> {
  const given = process.env.TEMPORAL_ADDRESS;
  if (given !== undefined) return { value: given, stop: async () => {} };
  const temporal = await temporalInMemory();
  return { value: temporal.address, stop: () => temporal.stop() };
}

/** Always starts a server: a given TEMPORAL_ADDRESS does not tell where its Web UI is. */
export async function temporalWithUi(): Promise<Engine<{ address: string; ui: string }>> {
  const temporal = await temporalInMemory({ withUi: true });
  return { value: { address: temporal.address, ui: temporal.uiUrl ?? '' }, stop: () => temporal.stop() };
}

/** A Temporal server that keeps everything in memory; by default on a free port. */
export async function temporalInMemory({
  withUi = false,
  port,
  log: say = console.log,
}: {
  readonly withUi?: boolean;
  readonly port?: number;
  /** Hears of a download of the server. */
  readonly log?: (line: string) => void;
} = {}): Promise<RunningTemporal> {
  const cli = await ensureTemporalCli({ log: say });
  const attributes = Object.values(searchAttributes).map(({ name }) => [name, 'Keyword'] as const);
  return startedAgain(async () =>
    startTemporal({
      cli,
      port: port ?? (await freePort()),
      ...(withUi && { uiPort: await freePort() }),
      searchAttributes: Object.fromEntries(attributes),
    }),
  );
}
