import { type Sql, withTimeout } from '../../db/client.ts';
import { accountEvents } from '../../db/order/account-events.ts';
import type { OrderProgress } from '../../db/order/orders.ts';
import type { Deps } from '../deps.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { perApp } from '../v1/per-app.ts';
import { accountEventView } from './event-view.ts';
import type { Following, News } from './order-feed.ts';
import { firstNews, message, progressOf, type StreamClient } from './order-stream.ts';

/** Events that one query reads. */
const PAGE = 100;

/** Pages that are kept; the oldest goes first. */
const MOST_PAGES = 1_000;

export interface StreamedAccount {
  readonly accountId: number;
  /** Orders whose progress the client sees. */
  readonly orders: readonly number[];
  /** The client has all events up to this one. */
  readonly after: number;
  /** The events are whole up to this one when the stream begins. */
  readonly upTo: number;
  readonly heartbeatMs: number;
}

interface Page {
  readonly text: string;
  /** The last event of the page; undefined when there is none. */
  readonly last: number | undefined;
  readonly isFull: boolean;
}

type ReadPage = (accountId: number, after: number, upTo: number) => Promise<Page>;

const readPage =
  (sql: Sql): ReadPage =>
  async (accountId, after, upTo) => {
    const range = { accountId, direction: 'asc', after, upTo } as const;
    const rows = await withTimeout(QUERY_MS, accountEvents(sql, range, PAGE));
    return {
      text: rows.map((row) => message(row.type, accountEventView(row, accountId), row.id)).join(''),
      last: rows.at(-1)?.id,
      isFull: rows.length === PAGE,
    };
  };

/**
 * The streams of one account are mostly at the same event, so they share what is read: only pages up to the newest event are kept.
 * A full page is a step of a client on a long way there, and is kept only while it is read.
 */
export function sharedPages(read: ReadPage): ReadPage {
  let newest = 0;
  const pages = new Map<string, Promise<Page>>();
  return (accountId, after, upTo) => {
    if (upTo > newest) {
      newest = upTo;
      pages.clear();
    }
    const name = `${accountId} ${after} ${upTo}`;
    const known = pages.get(name);
    if (known !== undefined) return known;
    const page = read(accountId, after, upTo);
    if (upTo < newest) return page;
    const [oldest] = pages.keys();
    if (pages.size >= MOST_PAGES && oldest !== undefined) pages.delete(oldest);
    pages.set(name, page);
    // A page that failed is read again.
    const forget = () => void (pages.get(name) === page && pages.delete(name));
    page.then(({ isFull }) => isFull && forget(), forget);
    return page;
  };
}

const pagesOf = perApp(({ streamSql }) => sharedPages(readPage(streamSql)));

/** The progress of an order as text, made once for all streams that show it. */
const texts = new WeakMap<OrderProgress, string>();

function progressText(row: OrderProgress): string {
  const text = texts.get(row) ?? message('progress', { order: row.id, ...progressOf(row) });
  texts.set(row, text);
  return text;
}

/**
 * Sends the events of an account after the client's last one, and the progress of some of its orders, until the client leaves. The
 * first message, `begin`, says where the stream is, so that a client that saw no event goes on there too.
 */
export async function streamAccountEvents(
  deps: Deps,
  { accountId, orders, upTo, heartbeatMs, ...begin }: StreamedAccount,
  following: Following,
  client: StreamClient,
): Promise<void> {
  const pageOf = pagesOf(deps);
  const sent = new Map<number, string>();
  let { after } = begin;
  await client.write(message('begin', { after }, after));
  let news: News | 'silence' | 'over' = await firstNews(deps.streamSql, orders, upTo);
  for (; news !== 'over' && !client.aborted; news = await following.next(heartbeatMs)) {
    if (news === 'silence') {
      await client.write(':\n\n');
      continue;
    }
    const changed = news.orders.filter((row) => sent.get(row.id) !== progressText(row));
    for (const row of changed) sent.set(row.id, progressText(row));
    if (changed.length > 0) await client.write(changed.map(progressText).join(''));
    for (const end = news.eventsUpTo ?? after; after < end && !client.aborted; ) {
      const { text, last, isFull } = await pageOf(accountId, after, end);
      if (text !== '') await client.write(text);
      after = isFull ? (last ?? end) : end;
    }
  }
}
