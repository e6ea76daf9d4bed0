import type { Denial } from '../order/denial.ts';
import { isFinal, type OrderStatus } from '../order/status.ts';

/** The facts that decide whether the rest of an order can be ordered again. Quantities are over all runs. */
export interface ReorderFacts {
  readonly status: OrderStatus;
  readonly totalQuantity: number;
  readonly delivered: number;
}

/** What was ordered, paid for and not delivered. The settlement has refunded it. */
export const undeliveredQuantity = ({ totalQuantity, delivered }: Omit<ReorderFacts, 'status'>): number =>
  totalQuantity - delivered;

/**
 * Why the undelivered quantity of an order cannot be ordered again; undefined when it can. The reason of the end does not matter:
 * a customer also cancels a slow order in order to move it to another service.
 */
export function whyNoReorder(facts: ReorderFacts): Denial | undefined {
  const { status } = facts;
  if (!isFinal(status)) {
    return { code: 'order_open', reason: `the order has not ended: ${status}; what is left may still be delivered` };
  }
  if (undeliveredQuantity(facts) === 0) return { code: 'nothing_undelivered', reason: 'everything was delivered' };
  return undefined;
}
