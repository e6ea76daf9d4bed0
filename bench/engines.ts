import { Connection } from '@temporalio/client';
import type { Log } from '../dev/config.ts';
import { ensureTestServer } from '../dev/engines/test-server.ts';
import { postgresOfOurOwn, temporalInMemory } from '../test/support/engines/engines.ts';
import type { Endings } from './endings.ts';
import type { ServerDescription } from './figures.ts';
import type { ProcessGroups } from './measure/cpu.ts';

/** The Temporal server of a run, and which processes belong to it. */
export interface TemporalEngine extends ServerDescription {
  readonly address: string;
  readonly processes: ProcessGroups;
}

/** A PostgreSQL server, and the pid of its first process. */
export interface PostgresEngine {
  readonly url: string;
  readonly pid: number;
}

/** What ends an engine, and what hears of its start. */
export interface Starting {
  readonly endings: Endings;
  readonly log: Log;
}

/** How the scenarios are installed. */
export interface Installation {
  readonly startTemporal: (starting: Starting) => Promise<TemporalEngine>;
  /** Workers of a stack, and as many API processes. */
  readonly copies: number;
}

/** The server of `npm start`, but in memory, with one worker and one API. */
export const DEVELOPMENT: Installation = { startTemporal: startDevelopmentServer, copies: 1 };

/** This run's own engines on 127.0.0.1, each started when first used. */
export interface Engines {
  /** A PostgreSQL that flushes every commit to disk, like that of `npm start` and unlike that of the tests. */
  readonly postgres: () => Promise<PostgresEngine>;
  /** The same, with pg_stat_statements, which counts statements and costs some CPU. */
  readonly countingPostgres: () => Promise<PostgresEngine>;
  /** A PostgreSQL that flushes nothing, like that of the tests. For work that only tests do. */
  readonly testPostgres: () => Promise<PostgresEngine>;
  readonly temporal: () => Promise<TemporalEngine>;
  /** Path of the time-skipping server. */
  readonly testServer: () => Promise<string>;
  readonly copies: number;
}

export interface EnginesOptions extends Starting {
  readonly installation?: Installation;
}

export function createEngines({ endings, log, installation = DEVELOPMENT }: EnginesOptions): Engines {
  const postgresWith = (settings: Readonly<Record<string, string>>) =>
    once(async (): Promise<PostgresEngine> => {
      const { value: url, pid } = await endings.opened(
        'PostgreSQL',
        () => postgresOfOurOwn(settings),
        (one) => one.stop(),
      );
      return { url, pid };
    });
  const flushing = { fsync: 'on', full_page_writes: 'on' };
  return {
    postgres: postgresWith(flushing),
    countingPostgres: postgresWith({ ...flushing, shared_preload_libraries: 'pg_stat_statements' }),
    testPostgres: postgresWith({}),
    temporal: once(() => installation.startTemporal({ endings, log })),
    testServer: once(() => ensureTestServer({ log })),
    copies: installation.copies,
  };
}

async function startDevelopmentServer({ endings, log }: Starting): Promise<TemporalEngine> {
  const { address, pid } = await endings.opened(
    'Temporal',
    () => temporalInMemory({ log }),
    (one) => one.stop(),
  );
  const { server, store, shards } = await askServer(address);
  return {
    address,
    server: `${server} of the CLI`,
    store: `${store} in memory`,
    shards,
    processes: { Temporal: [pid] },
  };
}

/** What a Temporal server says about itself. */
async function askServer(address: string): Promise<ServerDescription> {
  const connection = await Connection.connect({ address });
  try {
    const { serverVersion, persistenceStore, historyShardCount } = await connection.workflowService.getClusterInfo({});
    return { server: `Temporal ${serverVersion}`, store: persistenceStore, shards: historyShardCount };
  } finally {
    await connection.close();
  }
}

function once<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => {
    started ??= start();
    return started;
  };
}
