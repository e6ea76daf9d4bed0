import { expect } from 'vitest';
import { booksOf } from '../reads/books.ts';
import type { OrderStep } from './order-steps.ts';
import type { SteppedOrder } from './stepped-order.ts';

/** It ends, with exactly what was delivered charged for, and sent as often as it should be. */
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

/** It goes on from the step that it was brought to, and ends. */
export async function goesOn(order: SteppedOrder, { finish, sends, ...step }: OrderStep): Promise<void> {
  const { status, delivered } = step.ends ?? { status: 'Completed', delivered: 1000 };
  await finish?.(order);
  await ends(order, status, delivered, sends);
}
