import { expect, it } from 'vitest';
import { comingRuns } from '../../api/pages/app/order/runs.tsx';

const at = (minutes: number): string => new Date(Date.UTC(2026, 10, 27, 6, minutes)).toISOString();
const begun = (batch: number) => ({
  batch,
  quantity: 10,
  status: 'In progress' as const,
  delivered: 0,
  startedAt: at(0),
});

const dripFeed = {
  settledAt: null,
  attention: 'none' as const,
  nextRunAt: at(45),
  runs: 4,
  intervalMinutes: 30,
  batches: [begun(1)],
};

it('the runs to come are due one interval after the other, from the next run on', () => {
  expect(comingRuns(dripFeed)).toEqual([
    { run: 2, dueAt: at(45) },
    { run: 3, dueAt: at(75) },
    { run: 4, dueAt: at(105) },
  ]);
  const once = { ...dripFeed, runs: 1, intervalMinutes: null, batches: [] };
  expect(comingRuns(once)).toEqual([{ run: 1, dueAt: at(45) }]);
});

it('while an order is paused its runs to come have no time, and an order that ends has none to come', () => {
  const still = { ...dripFeed, nextRunAt: null };
  expect(comingRuns({ ...still, attention: 'paused' }).map(({ run, dueAt }) => [run, dueAt])).toEqual([
    [2, null],
    [3, null],
    [4, null],
  ]);
  for (const order of [still, { ...dripFeed, settledAt: at(50) }, { ...dripFeed, batches: [begun(3), begun(4)] }])
    expect(comingRuns(order)).toEqual([]);
});
