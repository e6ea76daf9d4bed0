import { type Sql, withTimeout } from '../../db/client.ts';
import { type OrderProgress, orderEvents, orderProgress } from '../../db/order/orders.ts';
import { isFinal, percentDelivered } from '../../domain/order/status.ts';
import type { Deps } from '../deps.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { eventView } from './event-view.ts';
import type { Following, News } from './order-feed.ts';

/** Milliseconds of silence before a comment is sent, so that no proxy takes the connection for dead. */
export const HEARTBEAT_MS = 15_000;

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
  readonly heartbeatMs: number;
}

/** One message per https://html.spec.whatwg.org/multipage/server-sent-events.html. */
export const message = (type: string, data: object, id?: number): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;

export const progressOf = ({ status, attention, delivered, totalQuantity, version }: OrderProgress) => ({
  status,
  attention,
  delivered,
  remains: totalQuantity - delivered,
  percent: percentDelivered(delivered, totalQuantity),
  version,
});

/** The orders as they are when a stream begins. The feed tells later changes only. */
export const firstNews = async (sql: Sql, orders: readonly number[], eventsUpTo?: number): Promise<News> => ({
  orders: orders.length === 0 ? [] : await withTimeout(QUERY_MS, orderProgress(sql, orders)),
  eventsUpTo,
});

/** Sends an order's events after the client's last one, and its progress, until it has ended and the client has every event. */
export async function streamOrderEvents(
  { streamSql: sql }: Pick<Deps, 'streamSql'>,
  order: StreamedOrder,
  following: Following,
  client: StreamClient,
): Promise<void> {
  const { orderId, accountId, heartbeatMs } = order;
  let { after } = order;
  let sent = '';
  let news: News | 'silence' | 'over' = await firstNews(sql, [orderId]);
  for (; news !== 'over' && !client.aborted; news = await following.next(heartbeatMs)) {
    if (news === 'silence') {
      await client.write(':\n\n');
      continue;
    }
    let events = await withTimeout(QUERY_MS, orderEvents(sql, orderId, after, PAGE));
    while (events.length > 0 && !client.aborted) {
      await client.write(events.map((event) => message(event.type, eventView(event, accountId), event.id)).join(''));
      after = events.at(-1)?.id;
      events = events.length < PAGE ? [] : await withTimeout(QUERY_MS, orderEvents(sql, orderId, after, PAGE));
    }
    // The progress was read before the events: one transaction writes both the end of an order and the event that says so.
    for (const row of news.orders) {
      const progress = message('progress', progressOf(row));
      if (progress !== sent) await client.write(progress);
      sent = progress;
      if (isFinal(row.status)) return;
    }
  }
}
