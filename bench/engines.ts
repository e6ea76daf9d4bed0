import type { Log } from '../dev/config.ts';
import { ensureTestServer } from '../dev/engines/test-server.ts';
import { postgresOfOurOwn, temporalInMemory } from '../test/support/engines/engines.ts';
import type { Endings } from './endings.ts';

/** This run's own engines on 127.0.0.1, each started when first used. */
export interface Engines {
  /** Url of a PostgreSQL that flushes every commit to disk, like that of `npm start` and unlike that of the tests. */
  readonly postgres: () => Promise<string>;
  /** Url of a PostgreSQL that flushes nothing, like that of the tests. For work that only tests do. */
  readonly testPostgres: () => Promise<string>;
  /** Address of a Temporal server that keeps everything in memory. */
  readonly temporal: () => Promise<string>;
  /** Path of the time-skipping server. */
  readonly testServer: () => Promise<string>;
}

export function createEngines({ endings, log }: { endings: Endings; log: Log }): Engines {
  const postgresWith = (settings: Readonly<Record<string, string>>) =>
    once(() =>
      endings.opened(
        'PostgreSQL',
        () => postgresOfOurOwn(settings),
        (one) => one.stop(),
      ),
    );
  const postgres = postgresWith({ fsync: 'on', full_page_writes: 'on' });
  const testPostgres = postgresWith({});
  const temporal = once(() =>
    endings.opened(
      'Temporal',
      () => temporalInMemory(),
      (one) => one.stop(),
    ),
  );
  return {
    postgres: async () => (await postgres()).value,
    testPostgres: async () => (await testPostgres()).value,
    temporal: async () => (await temporal()).address,
    testServer: once(() => ensureTestServer({ log })),
  };
}

function once<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => {
    started ??= start();
    return started;
  };
}
