import { isServiceType, ruleOf, upstreamOrder } from '../catalogue/service-types.ts';
import type { Denial } from '../order/denial.ts';
import { isFinal, type OrderStatus } from '../order/status.ts';
import type { OrderFields } from './order-fields.ts';
import type { OrderRequest } from './order-terms.ts';

/** The facts that decide whether the rest of an order can be ordered again. Quantities are over all runs. */
export interface ReorderFacts {
  readonly status: OrderStatus;
  readonly totalQuantity: number;
  readonly delivered: number;
  /** The order that has ordered the rest already; null when none has. */
  readonly reorderedBy: number | null;
}

/** What was ordered, paid for and not delivered. The settlement has refunded it. */
export const undeliveredQuantity = ({
  totalQuantity,
  delivered,
}: Pick<ReorderFacts, 'totalQuantity' | 'delivered'>): number => totalQuantity - delivered;

/**
 * Why the undelivered quantity of an order cannot be ordered again; undefined when it can. The reason of the end does not matter:
 * a customer also cancels a slow order in order to move it to another service.
 */
export function whyNoReorder(facts: ReorderFacts): Denial | undefined {
  const { status, reorderedBy } = facts;
  if (!isFinal(status)) {
    return { code: 'order_open', reason: `the order has not ended: ${status}; what is left may still be delivered` };
  }
  if (undeliveredQuantity(facts) === 0) return { code: 'nothing_undelivered', reason: 'everything was delivered' };
  if (reorderedBy === null) return undefined;
  return { code: 'already_reordered', reason: `order ${reorderedBy} orders the rest of this order` };
}

/** An order whose rest is ordered again. */
export interface ReorderedOrder extends Omit<ReorderFacts, 'reorderedBy'> {
  readonly id: number;
  readonly type: string;
  readonly link: string;
  readonly fields: OrderFields;
}

/**
 * The request that orders the undelivered quantity at once, on another service, for the same target. The rest of a list of
 * comments or names is its last lines, and that of a drip-feed is one run.
 */
export function reorderRequest(
  order: ReorderedOrder,
  wanted: Pick<OrderRequest, 'service' | 'reference' | 'maxCharge'>,
): OrderRequest {
  const { id, type, link, fields } = order;
  const left = undeliveredQuantity(order);
  const known = isServiceType(type);
  const { quantity, fields: rest } = known ? upstreamOrder(type, fields, left) : { quantity: left, fields };
  const target = known && ruleOf(type).target === 'username' ? {} : { link };
  return {
    ...wanted,
    ...target,
    ...(quantity === undefined ? {} : { quantity }),
    ...(Object.keys(rest).length === 0 ? {} : { fields: { ...rest } }),
    reorderOf: id,
  };
}

/** Whether services of this type differ only in price and quality, so that one can be chosen for the customer. */
export const isInterchangeable = (type: string): boolean => isServiceType(type) && ruleOf(type).quantity !== 'one';
