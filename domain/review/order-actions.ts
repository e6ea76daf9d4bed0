import type { Resolution } from './resolution.ts';

/** What staff may ask of an order, whether it waits for a person or not. `redispatch` is the one that only a waiting order takes. */
export const ORDER_ACTIONS = ['cancel', 'pause', 'resume', 'refill', 'redispatch'] as const;
export type OrderAction = (typeof ORDER_ACTIONS)[number];

/** A request to the order's workflow; unlike a resolution, it also goes to an order that does not wait for a person. */
export interface OrderAsk {
  readonly ask: Exclude<OrderAction, 'redispatch'>;
}

/** What one decision of staff about many orders does with each. */
export type BulkDecision = Resolution | OrderAsk;

/** How a decision about many orders is stored: `redispatch` is a resolution. */
export const decisionOf = (action: OrderAction): BulkDecision =>
  action === 'redispatch' ? { action } : { ask: action };

export const isAsk = (decision: BulkDecision): decision is OrderAsk => 'ask' in decision;

/** The name of what a decision does. */
export const actionOf = (decision: BulkDecision): OrderAction | Resolution['action'] =>
  isAsk(decision) ? decision.ask : decision.action;
