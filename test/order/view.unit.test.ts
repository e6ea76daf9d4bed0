import { expect, test } from 'vitest';
import { currentOrder, orderTag, viewAtPlacement } from '../../api/order/order-view.ts';
import { summaryOf } from '../../api/placement/start-order.ts';
import type { OfferedService } from '../../db/catalogue/catalogue.ts';
import type { ActionableOrder, BatchRow } from '../../db/order/orders.ts';
import { orderView } from '../../db/order/view.ts';
import type { OrderTerms } from '../../domain/placement/order-terms.ts';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
const settled: ActionableOrder = {
  id: 10_001,
  status: 'Partial',
  attention: 'none',
  service: 1,
  link: 'https://example.com/p/1',
  quantity: 1000,
  runs: 1,
  totalQuantity: 1000,
  price: 90_000_000n,
  charge: 54_000_000n,
  refunded: 36_000_000n,
  delivered: 600,
  startCount: 10,
  reason: 'unknown',
  createdAt: at(0),
  scheduledAt: null,
  startedAt: at(5),
  settledAt: at(65),
  completedAt: null,
  intervalMinutes: null,
  nextRunAt: null,
  refillUntil: null,
  reference: null,
  metadata: {},
  reorderOf: null,
  version: 7,
  subscription: null,
  actionFacts: {
    cancelable: true,
    cancelRequested: false,
    pausedBy: null,
    customersPausedAt: null,
    reorderedBy: null,
    refillTerms: { days: 0, cap: 10, cooldownMs: 0, fallback: 'review' },
    refill: { completedAt: null, underWay: false, taken: 0, lastEndedAt: null },
  },
};

const batchRow = (more: Partial<BatchRow>): BatchRow => ({
  order: 10_001,
  batch: 1,
  quantity: 1000,
  state: 'running',
  delivered: 0,
  startedAt: null,
  isInFlight: false,
  stop: null,
  ...more,
});

test('a settled order shows its split, its share and how long it took', () => {
  const batch = batchRow({ state: 'done', delivered: 600, startedAt: at(5) });
  expect(orderView(settled, [batch], 'USD', at(1000))).toMatchObject({
    price: '0.9',
    charge: '0.54',
    refunded: '0.36',
    remains: 400,
    percent: 60,
    elapsedSeconds: 60,
    startedAt: '2026-01-01T00:00:05.000Z',
    batches: [{ batch: 1, quantity: 1000, status: 'Partial', delivered: 600, startedAt: '2026-01-01T00:00:05.000Z' }],
  });
});

test('a running order counts until now, one that has not started counts nothing', () => {
  const running = { ...settled, settledAt: null };
  expect(orderView(running, [], 'USD', at(25)).elapsedSeconds).toBe(20);
  expect(orderView({ ...running, startedAt: null }, [], 'USD', at(25)).elapsedSeconds).toBe(0);
});

test('the entity tag changes with anything but the seconds that pass', () => {
  const running = { ...settled, settledAt: null };
  const batch = batchRow({ state: 'sending' });
  const tag = orderTag(currentOrder(running, [batch], 'USD', at(25)));
  expect(orderTag(currentOrder(running, [batch], 'USD', at(500)))).toBe(tag);
  expect(orderTag(currentOrder(running, [{ ...batch, state: 'running' }], 'USD', at(25)))).not.toBe(tag);
  expect(orderTag(currentOrder({ ...running, version: 8 }, [batch], 'USD', at(25)))).not.toBe(tag);
  expect(orderTag(currentOrder({ ...running, nextRunAt: at(90) }, [batch], 'USD', at(25)))).not.toBe(tag);
});

test('an order as accepted says the same however far it has come', () => {
  const fresh: ActionableOrder = {
    ...settled,
    status: 'Pending',
    charge: settled.price,
    refunded: 0n,
    delivered: 0,
    startCount: null,
    reason: null,
    startedAt: null,
    settledAt: null,
    version: 1,
  };
  expect(viewAtPlacement(settled, 'USD')).toEqual(viewAtPlacement(fresh, 'USD'));
  expect(viewAtPlacement(settled, 'USD')).toMatchObject({
    status: 'Pending',
    charge: '0.9',
    refunded: '0',
    version: 1,
  });
  const runs = { ...settled, runs: 3, intervalMinutes: 5 };
  expect(viewAtPlacement(runs, 'USD').nextRunAt).toBe('2026-01-01T00:00:00.000Z');
  expect(viewAtPlacement({ ...runs, scheduledAt: at(90) }, 'USD').nextRunAt).toBe('2026-01-01T00:01:30.000Z');
});

test('the summary of a workflow is one line of at most 200 bytes, whatever the service is called', () => {
  const terms = { quantity: 1000, runs: 1, price: 90_000_000n } as OrderTerms;
  const offer = (name: string) => ({ service: { name } as OfferedService, terms });
  expect(summaryOf(1001, offer('Followers'), 'USD')).toBe('Followers, 1000 × 1, 0.9 USD, account 1001');
  const long = summaryOf(1001, offer('🚀'.repeat(100)), 'USD');
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(200);
  expect(long).toMatch(/^(🚀)+, 1000 × 1, 0\.9 USD, account 1001$/u);
  expect(summaryOf(1001, undefined, 'USD')).toBe('account 1001');
});
