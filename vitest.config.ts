import { defineConfig } from 'vitest/config';

/**
 * What is awaited may take long on a busy machine; how long it took is no matter of a test. A property that fails says how to
 * repeat it.
 */
const patient = { expect: { poll: { timeout: 30_000 } }, setupFiles: ['test/support/property-seed.ts'] };

/** Two cores are enough for one file at a time where a file starts engines of its own. */
const serial = { ...patient, pool: 'forks', fileParallelism: false } as const;

export default defineConfig({
  test: {
    reporters: ['default', './test/support/summary.ts'],
    projects: [
      { test: { ...patient, name: 'unit', include: ['test/**/*.unit.test.ts'], pool: 'forks', testTimeout: 60_000 } },
      {
        test: {
          ...serial,
          name: 'timeskip',
          include: ['test/**/*.skip.test.ts'],
          globalSetup: ['test/support/timeskip-engines.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...patient,
          pool: 'forks',
          // Each has a database and a namespace of its own, and most of the time it waits: two are done sooner than one after the other.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          name: 'integration',
          include: ['test/**/*.int.test.ts', 'test/schemathesis/**/*.test.ts'],
          globalSetup: ['test/support/integration-engines.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...serial,
          name: 'browser',
          include: ['test/**/*.browser.test.ts'],
          globalSetup: ['test/support/browser-engines.ts'],
          testTimeout: 120_000,
          // The first run may have to fetch a browser.
          hookTimeout: 900_000,
        },
      },
      // Starts the whole stack for itself.
      { test: { ...serial, name: 'chaos', include: ['test/chaos/**/*.test.ts'] } },
      {
        test: {
          ...serial,
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          globalSetup: ['test/support/simulation-engines.ts'],
          // Two hundred seeds are one test, and the machine may be busy.
          testTimeout: 1_200_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...patient,
          name: 'replay',
          include: ['test/replay/**/*.test.ts'],
          globalSetup: ['test/support/replay-engines.ts'],
          hookTimeout: 120_000,
          pool: 'forks',
          testTimeout: 60_000,
        },
      },
    ],
  },
});
