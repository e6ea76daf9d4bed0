import { formatMoney } from '../../domain/ledger/money.ts';
import type { OrderBooks, WholeBooks } from './books.ts';
import type { Placed } from './trade.ts';

/** One comparison of two sets of books. */
export interface Check {
  readonly what: string;
  readonly agrees: boolean;
  /** The figures or statuses that were compared. */
  readonly found: string;
}

const sameMoney = (what: string, one: bigint, other: bigint): Check => ({
  what,
  agrees: one === other,
  found: one === other ? formatMoney(one) : `${formatMoney(one)} and ${formatMoney(other)}`,
});

const checked = (what: string, agrees: boolean, found: string): Check => ({ what, agrees, found });

/** Checks of one order, at every level. */
export function orderChecks({ id, ends }: Placed, { child, parentSays, parent, farSays }: OrderBooks): Check[] {
  const of = (what: string) => `order ${id}: ${what}`;
  const words = [child.statuses, parentSays.statuses, parent.statuses, farSays.statuses].flat();
  const remains = [child.remains, parentSays.remains, parent.remains, farSays.remains];
  return [
    checked(
      of('every level has the expected final status'),
      words.every((word) => word === ends),
      [...new Set(words)].join(', '),
    ),
    checked(of('remains is the same at every level'), new Set(remains).size === 1, [...new Set(remains)].join(', ')),
    sameMoney(of("the child's charge plus refund is its price"), child.charge + child.refunded, child.price),
    sameMoney(of("the parent's charge plus refund is its price"), parent.charge + parent.refunded, parent.price),
    sameMoney(of("the child's cost is the parent's charge"), child.cost, parent.charge),
    sameMoney(of('the parent reports that charge over panel API v2'), parentSays.charge, parent.charge),
    sameMoney(of("the parent's cost is the far provider's charge"), parent.cost, farSays.charge),
  ];
}

/** Checks of the books' totals. */
export const wholeChecks = (books: WholeBooks, orders: readonly OrderBooks[]): Check[] => [
  sameMoney("the child's debt to the parent is what its account there has spent", books.childOwes, books.spentAtParent),
  sameMoney(
    'what that account has spent is what its orders were charged',
    books.spentAtParent,
    orders.reduce((sum, { parent }) => sum + parent.charge, 0n),
  ),
  sameMoney("the parent's debt to the far provider is what it has spent there", books.parentOwes, books.spentAtFar),
  checked('neither ledger has drift', books.drift.length === 0, books.drift.join('; ') || 'no drift'),
];

/** Whether every level has the far provider's final status. */
export const hasEnded = ({ ends }: Placed, { child, parent, farSays }: OrderBooks): boolean =>
  [child.statuses, parent.statuses, farSays.statuses].every(
    (words) => words.length > 0 && words.every((word) => word === ends),
  );
