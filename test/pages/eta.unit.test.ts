import { describe, expect, it } from 'vitest';
import { expectedAt } from '../../api/pages/app/orders/eta.ts';

const at = (minutes: number): string => new Date(Date.UTC(2026, 10, 27, 6, minutes)).toISOString();
const run = (batch: number, minutes: number) => ({
  batch,
  startedAt: at(minutes),
  delivered: 0,
  quantity: 10,
  status: 'In progress' as const,
});

const order = {
  settledAt: null,
  attention: 'none' as const,
  createdAt: at(0),
  scheduledAt: null,
  nextRunAt: null,
  runs: 1,
  intervalMinutes: null,
  batches: [run(1, 1)],
};
const measured = { completedSeconds: { average: 1_000, p50: 600, p95: 1_800 } };
const now = new Date(at(5));

describe('the expected end of an order', () => {
  it('is the time in which half of the orders were Completed, and later that of nearly all', () => {
    expect(expectedAt(order, measured, now)).toBe(at(10));
    expect(expectedAt(order, measured, new Date(at(20)))).toBe(at(30));
  });

  it('counts from the scheduled start', () => {
    expect(expectedAt({ ...order, scheduledAt: at(60), nextRunAt: at(60), batches: [] }, measured, now)).toBe(at(70));
  });

  it('of a drip-feed counts from its last run, shifted as its next run is', () => {
    const drip = { ...order, runs: 4, intervalMinutes: 30 };
    expect(expectedAt({ ...drip, batches: [run(1, 0)], nextRunAt: at(45) }, measured, now)).toBe(at(115));
    expect(expectedAt({ ...drip, batches: [run(3, 60), run(4, 100)] }, measured, now)).toBe(at(110));
  });

  it('is not known when nothing was measured, the order needs attention, has ended, or takes longer than nearly all', () => {
    const nothing = { completedSeconds: { average: null, p50: null, p95: null } };
    for (const unknown of [
      expectedAt(order, undefined, now),
      expectedAt(order, nothing, now),
      expectedAt({ ...order, attention: 'stalled' }, measured, now),
      expectedAt({ ...order, settledAt: at(3) }, measured, now),
      expectedAt(order, measured, new Date(at(31))),
    ]) {
      expect(unknown).toBeNull();
    }
  });
});
