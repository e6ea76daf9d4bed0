import { expect, test } from 'vitest';
import { moneyOf } from '../../api/pages/app/orders/cancel-many.tsx';
import { lineOf } from '../../api/pages/app/orders/copy-many.tsx';
import type { Service } from '../../client/openapi.ts';

test('the money of many orders is summed exactly, and comes back for what is not delivered', () => {
  const order = (price: string, totalQuantity: number, delivered: number) => ({
    ...{ price, charge: price, totalQuantity, remains: totalQuantity - delivered },
  });
  expect(moneyOf([order('0.90', 1_000, 400), order('0.00000003', 3, 2)])).toEqual({
    held: '0.90000003',
    back: '0.54000001',
  });
  expect(moneyOf([])).toEqual({ held: '0', back: '0' });
});

test('an order is a line of a mass order only when a line can say it', () => {
  const types = { 1: 'Default', 2: 'Custom Comments', 3: 'Subscriptions', 4: 'Package' };
  const services = new Map(Object.entries(types).map(([id, type]) => [Number(id), { type } as Service]));
  const order = { service: 1, link: 'https://example.com/p', quantity: 10, runs: 1, intervalMinutes: null };
  expect(lineOf(order, services)).toBe('1|https://example.com/p|10');
  expect(lineOf({ ...order, runs: 3, intervalMinutes: 60 }, services)).toBe('1|https://example.com/p|10|3|60');
  expect(lineOf({ ...order, service: 4, quantity: 1 }, services)).toBe('4|https://example.com/p|1');
  expect(lineOf({ ...order, service: 2 }, services)).toBeUndefined();
  expect(lineOf({ ...order, service: 3, link: 'ann' }, services)).toBeUndefined();
  expect(lineOf({ ...order, link: 'https://example.com/a|b' }, services)).toBeUndefined();
});
