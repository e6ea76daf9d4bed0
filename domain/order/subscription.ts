import type { Attention, OrderStatus } from './status.ts';

/** The statuses of a subscription in panel API v2 (source: the contract page of the field, section 1.2). */
type SubscriptionWord = 'Active' | 'Paused' | 'Completed' | 'Expired' | 'Canceled';

/** The first moment, in UTC, after a day written as d/m/Y. */
function endOf(date: string): number {
  const [day = 0, month = 0, year = 0] = date.split('/').map(Number);
  return Date.UTC(year, month - 1, day + 1);
}

/** Whether a subscription's last day was over at that time. */
export const isExpired = (expiry: string, at: number): boolean => endOf(expiry) <= at;

/** An order's status in the words of subscriptions. An order that ended short was canceled, or had expired. */
export function subscriptionWord(
  order: { readonly status: OrderStatus; readonly attention: Attention; readonly settledAt: Date | null },
  expiry: string | null,
): SubscriptionWord {
  if (order.settledAt === null) return order.attention === 'paused' ? 'Paused' : 'Active';
  if (order.status === 'Completed') return 'Completed';
  return expiry !== null && isExpired(expiry, order.settledAt.getTime()) ? 'Expired' : 'Canceled';
}
