import type { FaultHook } from '../../activities/runtime/fault-points.ts';
import { type ActivityRuns, killed } from './activity-runs.ts';
import type { Chance } from './chance.ts';

/** What can happen at a fault point, by weight. */
const HAPPENS = {
  beforeCommit: [
    [91, 'nothing'],
    [5, 'fails'],
    [3, 'dies'],
    [1, 'cannot be stored'],
  ],
  afterCommit: [
    [93, 'nothing'],
    [4, 'fails'],
    [3, 'dies'],
  ],
  beforeSend: [
    [95, 'nothing'],
    [2, 'dies'],
    [3, 'freezes'],
  ],
  afterSend: [
    [96, 'nothing'],
    [2, 'dies'],
    [2, 'freezes'],
  ],
} as const;

/**
 * Weights for recording a send's outcome. A failed record is retried after a quarter of a second of real time, so failures are
 * rare.
 */
const RECORD = [
  [96, 'nothing'],
  [1, 'fails'],
  [2, 'dies'],
  [1, 'cannot be stored'],
] as const;

/** PostgreSQL's error for a row that it can never store, however often the write is repeated. */
const unstorable = (name: string): Error =>
  Object.assign(new Error(`a row that is too large: ${name}`), { name: 'PostgresError', code: '54000' });

export interface SeededFaults {
  readonly hook: FaultHook;
  /** Number of faults so far. */
  readonly count: number;
  /** Ends all faults from now on. */
  calm(): void;
}

/** Faults that a seed decides. The same point of the same step always gets the same fault. */
export function seededFaults(chance: Chance, runs: () => ActivityRuns, story: (line: string) => void): SeededFaults {
  const times = new Map<string, number>();
  let [calm, count] = [false, 0];
  return {
    async hook(point, { step, orderId }) {
      const name = `${orderId} ${step} ${point}`;
      const nth = (times.get(name) ?? 0) + 1;
      times.set(name, nth);
      if (calm) return;
      const what = chance.pick<string>(step === 'record' ? RECORD : HAPPENS[point], 'fault', name, nth);
      // A committed row was storable, so skip that fault after a commit.
      if (what === 'nothing' || (what === 'cannot be stored' && point !== 'beforeCommit')) return;
      count += 1;
      story(`${name}, time ${nth}: ${what}`);
      if (what === 'cannot be stored') throw unstorable(name);
      if (what === 'fails') throw new Error(`a fault: ${name}`);
      if (what === 'dies') throw killed();
      await runs().freeze();
    },
    get count() {
      return count;
    },
    calm() {
      calm = true;
    },
  };
}
