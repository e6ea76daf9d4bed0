import { expect } from 'vitest';
import { booksOf } from '../reads/books.ts';
import type { OrderStep } from './order-steps.ts';
import type { SteppedOrder } from './stepped-order.ts';

/** Expects the order to end with this status, to charge exactly for what was delivered, and to have been sent this many times. */
export async function ends(order: SteppedOrder, status: string, delivered: number, sends: number): Promise<void> {
  await order.becomes({ status, delivered, attention: 'none' });
  const { price, charge, refunded, escrow } = await booksOf(order.world.sql, order.id);
  expect({ charge, refunded, escrow }).toEqual({
    charge: 90_000n * BigInt(delivered),
    refunded: price - 90_000n * BigInt(delivered),
    escrow: 0n,
  });
  expect(order.sends).toBe(sends);
}

/** Lets the order continue from its step, and expects it to end as the step says. */
export async function goesOn(order: SteppedOrder, { finish, sends, ...step }: OrderStep): Promise<void> {
  const { status, delivered } = step.ends ?? { status: 'Completed', delivered: 1000 };
  await finish?.(order);
  await ends(order, status, delivered, sends);
}
