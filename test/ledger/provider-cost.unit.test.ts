import { expect, test } from 'vitest';
import { type Bought, paidFor } from '../../domain/ledger/provider-cost.ts';

const bought = (type = 'Default', most: string | null = null): Bought => ({ rate: 45_000n, type, most });

test.each([
  ['0.45', 1000],
  ['0.45000000000', 1000],
  ['0.27', 600],
  ['0.00045', 1],
  ['0', 0],
  ['0.000', 0],
])('a charge of %s at 0.45 for 1000 pays for %i', (charge, items) => {
  expect(paidFor(charge, bought(), 1000)).toBe(items);
});

test.each([
  ['is not said', null, bought()],
  ['pays for no whole number of items', '0.0001', bought()],
  ['pays for more than were ordered', '0.45045', bought()],
  ['is more than any order may cost', '900000000000', bought()],
  ['comes with a rate of nothing', '0.45', { ...bought(), rate: 0n }],
])('it is not clear what a charge pays for that %s', (_, charge, what) => {
  expect(paidFor(charge, what, 1000)).toBeNull();
});

test('a package and a post of a subscription are counted by their own price', () => {
  expect(paidFor('0.9', bought('Package'), 5)).toBe(2);
  expect(paidFor('0.9', bought('Subscriptions', '1000'), 5)).toBe(2);
});
