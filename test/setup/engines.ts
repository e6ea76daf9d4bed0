import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastSettings, startPostgres } from '../../dev/postgres.ts';
import { ensureTemporalCli } from '../../dev/temporal-cli.ts';
import { type RunningTemporal, startTemporal } from '../../dev/temporal-server.ts';
import { searchAttributes } from '../../workflows/messages.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A PostgreSQL server; each test file makes its own database on it. */
    postgresUrl: string;
    temporalAddress: string;
    /** Its Web UI; only for the browser tests. */
    temporalUi: string;
    timeSkippingServer: string;
  }
}

/** An engine that a test run started, and how it ends. */
export interface Engine<T> {
  readonly value: T;
  stop(): Promise<void>;
}

export const log = (line: string): void => {
  if (process.env.DEBUG_ENGINES !== undefined) console.log(line);
};

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** `DATABASE_URL` when it is given, else a PostgreSQL of our own that is gone afterwards. */
export async function postgresForTests(): Promise<Engine<string>> {
  const given = process.env.DATABASE_URL;
  if (given !== undefined) return { value: given, stop: async () => {} };
  const dir = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
  const postgres = await startPostgres({ dir, port: await freePort(), log, settings: fastSettings, temporary: true });
  return {
    value: postgres.url,
    stop: async () => {
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** `TEMPORAL_ADDRESS` when it is given, else a Temporal server in memory. */
export async function temporalForTests(): Promise<Engine<string>> {
  const given = process.env.TEMPORAL_ADDRESS;
  if (given !== undefined) return { value: given, stop: async () => {} };
  const temporal = await temporalInMemory();
  return { value: temporal.address, stop: () => temporal.stop() };
}

/** Always one of our own: of a server that was given nobody knows where its Web UI is. */
export async function temporalWithUi(): Promise<Engine<{ address: string; ui: string }>> {
  const uiPort = await freePort();
  const temporal = await temporalInMemory({ uiPort });
  return { value: { address: temporal.address, ui: `http://127.0.0.1:${uiPort}` }, stop: () => temporal.stop() };
}

async function temporalInMemory(ui: { uiPort?: number } = {}): Promise<RunningTemporal> {
  const cli = await ensureTemporalCli({ log: console.log });
  const attributes = Object.values(searchAttributes).map(({ name }) => [name, 'Keyword'] as const);
  return startTemporal({
    ...ui,
    cli,
    port: await freePort(),
    searchAttributes: Object.fromEntries(attributes),
    log,
  });
}
