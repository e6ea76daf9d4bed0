import type { FC } from 'hono/jsx';
import type { News } from '../../../order/order-feed.ts';
import type { Visit } from '../../page.ts';

/** Events of one read. */
const EVENTS = 100;

/** Leads to the list with the orders that were placed since the page was opened; empty while there are none. */
export const NewOrders: FC<{ count: number }> = ({ count }) => (
  <p id="new-orders" class="new-orders" aria-live="polite">
    {count === 0 ? '' : <a href="/app/orders">{count >= EVENTS ? `${EVENTS}+` : count} new</a>}
  </p>
);

/** Counts the orders that were accepted after the first news of a stream. */
export function newOrderCounter({ v1 }: Visit) {
  let seen: number | undefined;
  let count = 0;
  /** How many there are by now. */
  return async ({ eventsUpTo }: News): Promise<number> => {
    if (eventsUpTo === undefined) return count;
    if (seen !== undefined && count < EVENTS) {
      const query = { sort: 'at', after: String(seen), limit: EVENTS } as const;
      const { data } = await v1.GET('/v1/events', { params: { query } });
      count += data.filter(({ type }) => type === 'order.accepted').length;
      seen = data.at(-1)?.id ?? seen;
    } else {
      seen = eventsUpTo;
    }
    return count;
  };
}
