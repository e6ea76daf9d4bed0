import { within } from '../../db/client.ts';
import { findOrder, type OrderRow, orderEvents } from '../../db/order/orders.ts';
import { isFinal, percentDelivered } from '../../domain/order/status.ts';
import type { Deps } from '../deps.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { eventView } from './event-view.ts';
import type { Following } from './order-feed.ts';

/** Events that are read at once. */
const PAGE = 100;

/** Where a story is told to. */
export interface Listener {
  /** Resolves when there is room for more. */
  write(text: string): Promise<unknown>;
  readonly aborted: boolean;
}

export interface Story {
  readonly orderId: number;
  readonly accountId: number;
  /** The last event that the listener has. */
  readonly after: number | undefined;
  /** Milliseconds of silence after which a comment is sent, so that nothing on the way takes the connection for dead. */
  readonly heartbeatMs: number;
}

/** One message per https://html.spec.whatwg.org/multipage/server-sent-events.html. */
const message = (type: string, data: object, id?: number): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;

const progressOf = ({ status, attention, delivered, totalQuantity, version }: OrderRow) => ({
  status,
  attention,
  delivered,
  remains: totalQuantity - delivered,
  percent: percentDelivered(delivered, totalQuantity),
  version,
});

/** Tells an order's events after the last one the listener has, and its progress, until it has ended and all was told. */
export async function tellOrder({ sql }: Pick<Deps, 'sql'>, story: Story, news: Following, listener: Listener) {
  const { orderId, accountId, heartbeatMs } = story;
  let { after } = story;
  let shown = '';
  for (let heard = 'changed'; heard !== 'over' && !listener.aborted; heard = await news.next(heartbeatMs)) {
    if (heard === 'silence') {
      await listener.write(':\n\n');
      continue;
    }
    // Before its events: what ends it and the event that says so are written together.
    const order = await within(QUERY_MS, findOrder(sql, accountId, orderId));
    if (order === undefined) return;
    let events = await within(QUERY_MS, orderEvents(sql, orderId, after, PAGE));
    while (events.length > 0 && !listener.aborted) {
      await listener.write(events.map((row) => message(row.type, eventView(row, accountId), row.id)).join(''));
      after = events.at(-1)?.id;
      events = events.length < PAGE ? [] : await within(QUERY_MS, orderEvents(sql, orderId, after, PAGE));
    }
    const progress = message('progress', progressOf(order));
    if (progress !== shown) await listener.write(progress);
    shown = progress;
    if (isFinal(order.status)) return;
  }
}
