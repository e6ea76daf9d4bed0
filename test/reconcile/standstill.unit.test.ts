import { expect, it } from 'vitest';
import { Progress, standingStill } from '../../activities/runtime/standstill.ts';

const MINUTE = 60_000;

/** A process that polls one queue, with a clock that the test moves. */
function polling() {
  let now = 1_000;
  const progress = new Progress(() => now);
  return {
    passes: (ms: number) => {
      now += ms;
    },
    finishes: () => progress.finished('orders'),
    standsStill: async (backlogMs: number) =>
      (await standingStill(['orders'], progress, async () => backlogMs)).includes('orders'),
    progress,
  };
}

it('a worker that finishes nothing for a minute while a task waits for as long is not ready, until it does', async () => {
  const worker = polling();
  worker.passes(MINUTE - 1);
  expect(await worker.standsStill(MINUTE)).toBe(false);
  worker.passes(1);
  expect(await worker.standsStill(MINUTE)).toBe(true);
  worker.finishes();
  expect(await worker.standsStill(MINUTE)).toBe(false);
});

it('a worker that has nothing to do, or was just given something, is ready', async () => {
  const worker = polling();
  worker.passes(100 * MINUTE);
  expect([await worker.standsStill(0), await worker.standsStill(500)]).toEqual([false, false]);
});

it('a Temporal server that cannot be asked says nothing against a worker', async () => {
  const { passes, progress } = polling();
  passes(2 * MINUTE);
  expect(await standingStill(['orders'], progress, () => Promise.reject(new Error('away')))).toEqual([]);
});
