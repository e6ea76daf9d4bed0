import { expect, test } from 'vitest';
import { hasEnded, orderChecks, wholeChecks } from '../../dev/chain/agreement.ts';
import type { OrderBooks } from '../../dev/chain/books.ts';
import type { Placed } from '../../dev/chain/trade.ts';

const placed: Placed = { id: 1, what: 'some delivered', good: 'likes', sim: 'partial:6', ends: 'Partial' };

const books: OrderBooks = {
  id: 1,
  child: { statuses: ['Partial'], price: 30n, charge: 18n, refunded: 12n, cost: 12n, remains: 4, bought: ['7'] },
  parentSays: { statuses: ['Partial'], charge: 12n, remains: 4 },
  parent: { statuses: ['Partial'], price: 20n, charge: 12n, refunded: 8n, cost: 6n, remains: 4, bought: ['9'] },
  farSays: { statuses: ['Partial'], charge: 6n, remains: 4 },
};
const whole = { childOwes: 12n, spentAtParent: 12n, parentOwes: 6n, spentAtFar: 6n, drift: [] };

const wrongOf = (changed: OrderBooks) => orderChecks(placed, changed).filter(({ agrees }) => !agrees);

test('books that say the same agree', () => {
  expect(wrongOf(books)).toEqual([]);
  expect(wholeChecks(whole, [books]).filter(({ agrees }) => !agrees)).toEqual([]);
  expect(hasEnded(placed, books)).toBe(true);
});

test.each<[string, OrderBooks]>([
  ["the child's charge", { ...books, child: { ...books.child, charge: 17n } }],
  ["the child's cost", { ...books, child: { ...books.child, cost: 13n } }],
  ["the parent's refund", { ...books, parent: { ...books.parent, refunded: 9n } }],
  ['what the parent tells', { ...books, parentSays: { ...books.parentSays, charge: 11n } }],
  ["the far provider's charge", { ...books, farSays: { ...books.farSays, charge: 7n } }],
  ['what is missing', { ...books, farSays: { ...books.farSays, remains: 5 } }],
  ['how it ended', { ...books, parent: { ...books.parent, statuses: ['Completed'] } }],
])('one unit, one item or one word too many in %s is found, and by one check', (_, changed) => {
  expect(wrongOf(changed)).toHaveLength(1);
});

test('wholes that differ, and a ledger that does not prove itself, are found', () => {
  const wrong = (changed: Partial<typeof whole> | { drift: string[] }) =>
    wholeChecks({ ...whole, ...changed }, [books]).filter(({ agrees }) => !agrees).length;
  expect([wrong({ childOwes: 13n }), wrong({ spentAtFar: 5n }), wrong({ drift: ['child: escrow'] })]).toEqual([
    1, 1, 1,
  ]);
});
