import { expect, test } from 'vitest';
import { byCustomer, byStaff } from '../../api/order/ask-order.ts';
import { plannedRuns } from '../../api/order/delivery-plan.ts';
import { eventView } from '../../api/order/event-view.ts';
import type { EventRow } from '../../db/order/orders.ts';

const at = new Date('2026-01-01T00:00:00Z');
const plan = (runs: number, scheduledAt: Date | null = null) =>
  plannedRuns({ runs, quantity: 10, intervalMinutes: runs > 1 ? 5 : null, scheduledAt, createdAt: at });

test('the plan of a drip-feed is its grid, from its start', () => {
  expect(plan(3)).toEqual([
    { run: 1, dueAt: '2026-01-01T00:00:00.000Z', quantity: 10, total: 10 },
    { run: 2, dueAt: '2026-01-01T00:05:00.000Z', quantity: 10, total: 20 },
    { run: 3, dueAt: '2026-01-01T00:10:00.000Z', quantity: 10, total: 30 },
  ]);
  expect(plan(2, new Date('2026-02-01T00:00:00Z'))[1]?.dueAt).toBe('2026-02-01T00:05:00.000Z');
  expect(plan(1)).toEqual([{ run: 1, dueAt: '2026-01-01T00:00:00.000Z', quantity: 10, total: 10 }]);
});

test.each([199, 200, 201, 720, 10_000])(
  'the plan of %i runs is thinned to 200 at most, first and last included',
  (runs) => {
    const points = plan(runs);
    expect(points).toHaveLength(Math.min(runs, 200));
    expect([points[0]?.run, points.at(-1)?.run, points.at(-1)?.total]).toEqual([1, runs, runs * 10]);
    expect(new Set(points.map(({ run }) => run)).size).toBe(points.length);
  },
);

const event = (type: string, actor: string, data: EventRow['data'] = {}): EventRow => ({
  id: 1,
  type,
  actor,
  version: 2,
  data,
  at,
});
const shown = (row: EventRow) => {
  const { by, data } = eventView(row, 42);
  return { by, data };
};

test('a customer reads what they said themselves', () => {
  const paused = event('order.paused', byCustomer(42), { reason: 'private', why: 'private for a day' });
  expect(shown(paused)).toEqual({ by: 'account 42', data: { reason: 'private', why: 'private for a day' } });
  const canceled = event('cancel.requested', byCustomer(42), { reason: 'wrong link' });
  expect(shown(canceled).data).toEqual({ reason: 'wrong link' });
});

test('a customer reads neither who works here nor what they wrote', () => {
  const resolved = event('resolved.partial', 'staff: Jane', { delivered: 600, reason: 'Jane asked FastPanel' });
  expect(shown(resolved)).toEqual({ by: 'staff', data: { delivered: 600 } });
  const attached = event('resolved.attach', 'jane@example.com', { providerOrder: '23501', reason: '' });
  expect(shown(attached)).toEqual({ by: 'staff', data: {} });
  const paused = event('order.paused', 'temporal-ui', { reason: 'overloaded', why: 'FastPanel is slow' });
  expect(shown(paused)).toEqual({ by: 'staff', data: { reason: 'overloaded' } });
  expect(shown(event('order.resumed', byCustomer(43), { why: 'x' }))).toEqual({ by: 'staff', data: {} });
});

test('a customer reads what the provider did, without who it is', () => {
  const stopped = event('stop.asked', 'provider', { batch: 1, answer: 'accepted' });
  expect(shown(stopped)).toEqual({ by: 'provider', data: { batch: 1, answer: 'accepted' } });
  const stalled = event('order.stalled', 'system', { batch: 1, since: at.getTime() });
  expect(shown(stalled)).toEqual({ by: 'system', data: { batch: 1, since: '2026-01-01T00:00:00.000Z' } });
  expect(shown(event('order.conflict', 'provider', { batch: 1, why: 'FastPanel says so' })).data).toEqual({ batch: 1 });
  expect(
    shown(event('order.uncertain', 'system', { batch: 1, attempt: 1, detail: 'HTTP 502 of FastPanel' })).data,
  ).toEqual({
    batch: 1,
  });
});

test("a staff key's name is cut between characters, never within one", () => {
  const caller = { accountId: 1, keyId: 1, limitedAs: 1, keyName: '🚀'.repeat(100), scopes: [] };
  expect(byStaff(caller)).toBe(`staff: ${'🚀'.repeat(80)}`);
});
