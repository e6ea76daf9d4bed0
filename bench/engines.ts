import type { Log } from '../dev/config.ts';
import { ensureTestServer } from '../dev/engines/test-server.ts';
import { postgresOfOurOwn, temporalInMemory } from '../test/support/engines/engines.ts';
import type { Endings } from './endings.ts';

/** Engines of this run's own on 127.0.0.1, started when first wanted. */
export interface Engines {
  /** Its url. It flushes every commit to disk, as that of `npm start` does and those of the tests do not. */
  readonly postgres: () => Promise<string>;
  /** Url of another that flushes nothing, as that of the tests: for what is only ever done in them. */
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
