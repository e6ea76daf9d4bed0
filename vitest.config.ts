import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import LongestFirst from './test/support/run/longest-first.ts';
import { isRelease, scaled } from './test/support/run/scale.ts';

/**
 * A busy machine may take long to answer a poll; only a hang fails. Each poll costs a request and some queries, so polls are not too
 * frequent. A failing property prints how to repeat it.
 */
const patient = {
  expect: { poll: { timeout: 30_000, interval: 100 } },
  setupFiles: ['test/support/run/property-seed.ts'],
};

/** Limit for one test, on a busy machine too. */
const LIMIT_MS = scaled({ gate: 180_000, release: 900_000 });

/** A test file mostly waits for a provider, a timer or a process. Three workers more than there are cores keep the cores busy. */
const together = {
  ...patient,
  pool: 'forks',
  maxWorkers: Math.min(8, availableParallelism() + 3),
  sequence: { groupOrder: 1 },
} as const;

/**
 * Files run one after the other in the same process: loading the SDK anew costs more than most files. Their workers run the workflows
 * in that process too. As in production, each worker would start a thread for them, which costs 0.7 s of CPU.
 */
const sharing = { ...together, isolate: false, env: { TEMPORAL_DEBUG: 'true' } } as const;

/** After the other projects, with a core for each worker. In the release the long forms are here too. */
const atTheEnd = { ...patient, pool: 'forks', maxWorkers: 2, sequence: { groupOrder: 2 } } as const;
const atTheEndOfARelease = isRelease ? atTheEnd : together;

/** These files expect an answer within a deadline of the product, most of them while their own requests keep it busy. */
const NEEDS_A_CORE = [
  'test/delivery/watch-fairness.int.test.ts',
  'test/http/{deadlines,limits,reads}.int.test.ts',
  'test/placement/{old-keys,orders,outage,overload,task-timeout,turns}.int.test.ts',
  'test/provider/{checks,hanging-asks}.int.test.ts',
];

/** Alone on the machine, after all other projects. */
const alone = { ...patient, pool: 'forks', fileParallelism: false } as const;

/** These files mock modules. In a shared process, other files would get the mocks too. */
const REPLACES_MODULES = ['test/dispatch/brown-outs.int.test.ts', 'test/dispatch/parallel-sends.int.test.ts'];

const realEngines = {
  globalSetup: ['test/support/engines/integration-engines.ts'],
  testTimeout: LIMIT_MS,
  hookTimeout: 180_000,
};

export default defineConfig({
  test: {
    reporters: ['default', './test/support/run/summary.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...atTheEnd,
          isolate: false,
          name: 'unit',
          include: ['test/**/*.unit.test.{ts,tsx}'],
          testTimeout: LIMIT_MS,
        },
      },
      {
        test: {
          ...sharing,
          name: 'timeskip',
          include: ['test/**/*.skip.test.ts'],
          globalSetup: ['test/support/engines/timeskip-engines.ts'],
          testTimeout: LIMIT_MS,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          ...sharing,
          ...realEngines,
          name: 'integration',
          include: ['test/**/*.int.test.ts', 'test/schemathesis/**/*.test.ts'],
          exclude: [...REPLACES_MODULES, ...NEEDS_A_CORE],
        },
      },
      { test: { ...together, ...realEngines, name: 'integration-isolated', include: REPLACES_MODULES } },
      { test: { ...sharing, ...atTheEnd, ...realEngines, name: 'integration-calm', include: NEEDS_A_CORE } },
      {
        test: {
          ...together,
          name: 'browser',
          include: ['test/**/*.browser.test.ts'],
          globalSetup: ['test/support/engines/browser-engines.ts'],
          testTimeout: LIMIT_MS,
          // The first run may have to fetch a browser.
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          ...atTheEndOfARelease,
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          globalSetup: ['test/support/engines/simulation-engines.ts'],
          testTimeout: 7_200_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...together,
          name: 'replay',
          include: ['test/replay/**/*.test.ts'],
          globalSetup: ['test/support/engines/replay-engines.ts'],
          hookTimeout: 120_000,
          testTimeout: LIMIT_MS,
        },
      },
      { test: { ...atTheEndOfARelease, name: 'chaos', include: ['test/chaos/**/chaos.test.ts'] } },
      ...(isRelease
        ? [
            {
              test: {
                ...alone,
                name: 'release',
                include: ['test/**/*.release.test.ts'],
                globalSetup: ['test/support/engines/browser-engines.ts'],
                testTimeout: LIMIT_MS,
                hookTimeout: LIMIT_MS,
              },
            },
          ]
        : []),
    ],
  },
});
