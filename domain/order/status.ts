/** The statuses, attentions and reasons of an order, exactly as the API shows them. */

export const ORDER_STATUSES = ['Pending', 'Processing', 'In progress', 'Completed', 'Partial', 'Canceled'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** The statuses of a settled order. Only a correction changes one into another. */
export const FINAL_STATUSES = ['Completed', 'Partial', 'Canceled'] as const;
export type FinalStatus = (typeof FINAL_STATUSES)[number];

/** Attention is shown beside the status. When several apply, the later one in this list is shown. */
export const ATTENTIONS = ['none', 'stalled', 'paused', 'review', 'conflict', 'uncertain'] as const;
export type Attention = (typeof ATTENTIONS)[number];

/** Why an order is paused, Partial or Canceled. */
export const REASONS = ['private', 'throttled', 'overloaded', 'deleted', 'refused', 'requested', 'unknown'] as const;
export type Reason = (typeof REASONS)[number];

export const isFinal = (status: OrderStatus): status is FinalStatus =>
  (FINAL_STATUSES as readonly string[]).includes(status);

/** The final status of an order with this many delivered items. */
export function finalStatus(delivered: number, total: number): FinalStatus {
  if (delivered >= total) return 'Completed';
  return delivered > 0 ? 'Partial' : 'Canceled';
}

/** The delivered share in whole percent, rounded down so that 100 means everything. */
export const percentDelivered = (delivered: number, total: number): number => Math.floor((delivered * 100) / total);
