import { formatMoney } from '../../domain/ledger/money.ts';
import type { OrderBooks } from './books.ts';
import type { Placed } from './trade.ts';

const HEAD = [
  'order',
  'what',
  'ended',
  'far charge',
  'parent cost',
  'charge',
  'refund',
  'child cost',
  'charge',
  'refund',
];

const moneyOf = ({ child, parent, farSays }: OrderBooks): bigint[] => [
  farSays.charge,
  parent.cost,
  parent.charge,
  parent.refunded,
  child.cost,
  child.charge,
  child.refunded,
];

/** The three sets of books side by side, each at its own prices: far provider, parent, child. */
export function booksTable(orders: readonly { readonly placed: Placed; readonly books: OrderBooks }[]): string {
  const rows = orders.map(({ placed, books }) => [
    String(placed.id),
    placed.what,
    books.child.statuses.join(', '),
    ...moneyOf(books).map(formatMoney),
  ]);
  const sums = orders
    .map(({ books }) => moneyOf(books))
    .reduce((sum, row) => sum.map((one, at) => one + (row[at] ?? 0n)));
  const all = [HEAD, ...rows, ['', 'together', '', ...sums.map(formatMoney)]];
  const widths = HEAD.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  return all
    .map((row) => row.map((cell, at) => (at < 3 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))))
    .map((cells) => `  ${cells.join('  ')}`.trimEnd())
    .join('\n');
}
