import { type Strike, type Wish, wishOf } from '../chaos/plan.ts';
import { choicesOf } from '../chaos/random.ts';
import type { SoakOptions } from './options.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

/** What an operator of an installation meets, one after the other. In this file `at` and `ms` are milliseconds. */
const KINDS: readonly ((at: number) => Strike)[] = [
  (at) => ({ at, kind: 'kill', parts: ['worker'], atWork: true }),
  (at) => ({ at, kind: 'delay', way: 'provider', by: 1_500, ms: 30_000 }),
  (at) => ({ at, kind: 'stop', part: 'api' }),
  (at) => ({ at, kind: 'stop', part: 'postgres' }),
  (at) => ({ at, kind: 'stop', part: 'worker' }),
  (at) => ({ at, kind: 'down', ms: 20_000 }),
  (at) => ({ at, kind: 'kill', parts: ['api'], atWork: true }),
  (at) => ({ at, kind: 'stop', part: 'temporal' }),
];

/** A strike this often in a long run; a short run has ten. */
const STRIKE_EVERY = 5 * MINUTE;
const STRIKES_OF_A_SHORT_RUN = 10;
/** A sample this often in a long run; a short run has forty. */
const SAMPLE_EVERY = MINUTE;
const SAMPLES_OF_A_SHORT_RUN = 40;
/** A long list of orders this often in a long run; a short run has five. */
const LIST_EVERY = 10 * MINUTE;
const LISTS_OF_A_SHORT_RUN = 5;

export interface SoakPlan {
  readonly strikes: readonly Strike[];
  readonly wishes: readonly Wish[];
  readonly sampleEvery: number;
  readonly listEvery: number;
}

/** Everything that the seed and the length decide. */
export function planOf({ minutes, ordersPerSecond, seed }: Omit<SoakOptions, 'json'>): SoakPlan {
  const choices = choicesOf(seed);
  const length = minutes * MINUTE;
  const strikeEvery = Math.min(STRIKE_EVERY, length / STRIKES_OF_A_SHORT_RUN);
  // The last part of the run is undisturbed, so that what came of the last strike is seen.
  const strikes = Math.floor(length / strikeEvery) - 1;
  const orders = Math.round((length / SECOND) * ordersPerSecond);
  return {
    strikes: Array.from({ length: strikes }, (_, number) =>
      (KINDS[number % KINDS.length] as (typeof KINDS)[number])(Math.round((number + 0.5) * strikeEvery)),
    ),
    wishes: Array.from({ length: orders }, (_, number) =>
      wishOf(choices, {
        name: `soak-${seed}-${number + 1}`,
        at: Math.round((number / orders) * length),
        dripRuns: 3,
        isLost: false,
      }),
    ),
    sampleEvery: Math.min(SAMPLE_EVERY, length / SAMPLES_OF_A_SHORT_RUN),
    listEvery: Math.min(LIST_EVERY, length / LISTS_OF_A_SHORT_RUN),
  };
}
