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

/** The id of the account's newest event; 0 when it has none. */
export async function newestEvent({ v1 }: Visit): Promise<number> {
  const { data } = await v1.GET('/v1/events', { params: { query: { limit: 1 } } });
  return data[0]?.id ?? 0;
}

/**
 * Counts the orders that were accepted after the event `since`, without those that the page shows. The page brings `since` with
 * it, so a stream that begins again counts on.
 */
export function newOrderCounter({ v1 }: Visit, since: number, shown: ReadonlySet<number>) {
  let seen = since;
  let count = 0;
  /** How many there are by now, at most about EVENTS. */
  return async ({ eventsUpTo }: News): Promise<number> => {
    if (eventsUpTo === undefined) return count;
    while (count < EVENTS) {
      const query = { sort: 'at', after: String(seen), limit: EVENTS } as const;
      const { data } = await v1.GET('/v1/events', { params: { query } });
      count += data.filter(({ type, order }) => type === 'order.accepted' && !shown.has(order)).length;
      seen = data.at(-1)?.id ?? seen;
      if (data.length < EVENTS) break;
    }
    return count;
  };
}
