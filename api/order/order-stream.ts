import { withTimeout } from '../../db/client.ts';
import { findOrder, type OrderRow, orderEvents } from '../../db/order/orders.ts';
import { isFinal, percentDelivered } from '../../domain/order/status.ts';
import type { Deps } from '../deps.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { eventView } from './event-view.ts';
import type { Following } from './order-feed.ts';

/** Events that one query reads. */
const PAGE = 100;

/** The client's end of the stream. */
export interface StreamClient {
  /** Resolves when there is room for more. */
  write(text: string): Promise<unknown>;
  readonly aborted: boolean;
}

export interface StreamedOrder {
  readonly orderId: number;
  readonly accountId: number;
  /** The last event that the client has. */
  readonly after: number | undefined;
  /** Milliseconds of silence before a comment is sent, so that no proxy takes the connection for dead. */
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

/** Sends an order's events after the client's last one, and its progress, until it has ended and the client has every event. */
export async function streamOrderEvents(
  { streamSql: sql }: Pick<Deps, 'streamSql'>,
  order: StreamedOrder,
  news: Following,
  client: StreamClient,
): Promise<void> {
  const { orderId, accountId, heartbeatMs } = order;
  let { after } = order;
  let sent = '';
  for (let change = 'changed'; change !== 'over' && !client.aborted; change = await news.next(heartbeatMs)) {
    if (change === 'silence') {
      await client.write(':\n\n');
      continue;
    }
    // The order is read before its events: one transaction writes both its end and the event that says so.
    const row = await withTimeout(QUERY_MS, findOrder(sql, accountId, orderId));
    if (row === undefined) return;
    let events = await withTimeout(QUERY_MS, orderEvents(sql, orderId, after, PAGE));
    while (events.length > 0 && !client.aborted) {
      await client.write(events.map((event) => message(event.type, eventView(event, accountId), event.id)).join(''));
      after = events.at(-1)?.id;
      events = events.length < PAGE ? [] : await withTimeout(QUERY_MS, orderEvents(sql, orderId, after, PAGE));
    }
    const progress = message('progress', progressOf(row));
    if (progress !== sent) await client.write(progress);
    sent = progress;
    if (isFinal(row.status)) return;
  }
}
