import { stream } from 'hono/streaming';
import { DEADLINES } from '../../../domain/limits.ts';
import { openStreams, orderFeed } from '../../order/order-events.ts';
import type { OrderFeed } from '../../order/order-feed.ts';
import type { Visit } from '../page.ts';

/** Milliseconds of silence before a comment is sent, so that no proxy takes the connection for dead. */
const HEARTBEAT_MS = 15_000;

/** Milliseconds after which a browser that lost its stream connects again. */
const RETRY_MS = 3_000;

/** A message with HTML whose elements replace those with the same ids. */
const partsMessage = (markup: string): string =>
  `event: parts\n${markup
    .split('\n')
    .map((line) => `data: ${line}\n`)
    .join('')}\n`;

/** Collects which of these orders have changed since the last call of `next`; at first all have. */
function followAll(feed: OrderFeed, orderIds: readonly number[]) {
  const changed = new Set(orderIds);
  let isOver = false;
  let wake = (): void => {};
  const followings = orderIds.map((id) => {
    const following = feed.follow(id);
    void (async () => {
      for (;;) {
        const news = await following.next(HEARTBEAT_MS);
        if (news === 'over') return;
        if (news === 'changed') {
          changed.add(id);
          wake();
        }
      }
    })();
    return following;
  });
  return {
    /** Waits up to `ms` milliseconds for changes; undefined after `stop`. */
    next: async (ms: number): Promise<number[] | undefined> => {
      if (changed.size === 0 && !isOver) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = setTimeout(resolve, ms);
        });
        clearTimeout(timer);
      }
      if (isOver) return undefined;
      const ids = [...changed];
      changed.clear();
      return ids;
    },
    stop: (): void => {
      isOver = true;
      for (const following of followings) following.stop();
      wake();
    },
  };
}

/**
 * Server-sent events that renew what a page shows of these orders: `render` makes the HTML for those that have changed. It reads
 * through REST v1 each time, so a session that has ended gets nothing more. The stream ends after DEADLINES.stream; the browser
 * then connects again.
 */
export function streamParts(
  { c, deps, session }: Visit,
  orderIds: readonly number[],
  render: (changed: readonly number[]) => Promise<string>,
): Response {
  const { closing, log } = deps;
  c.header('Content-Type', 'text/event-stream; charset=utf-8');
  // Tells a proxy to pass the answer on at once.
  c.header('X-Accel-Buffering', 'no');
  if (c.req.method === 'HEAD' || closing?.aborted === true) return c.body(null, 200);
  const streams = openStreams(deps);
  streams.take(session.keyId);
  return stream(c, async (client) => {
    const news = followAll(orderFeed(deps), orderIds);
    const age = setTimeout(news.stop, DEADLINES.stream).unref();
    closing?.addEventListener('abort', news.stop);
    client.onAbort(news.stop);
    try {
      await client.write(`retry: ${RETRY_MS}\n\n`);
      for (let ids = await news.next(HEARTBEAT_MS); ids !== undefined; ids = await news.next(HEARTBEAT_MS)) {
        await client.write(ids.length === 0 ? ':\n\n' : partsMessage(await render(ids)));
      }
    } catch (error) {
      // The browser connects again, and learns then whether its session has ended.
      if (!client.aborted) log.warn({ err: error }, 'a live page broke');
    } finally {
      clearTimeout(age);
      closing?.removeEventListener('abort', news.stop);
      news.stop();
      streams.release(session.keyId);
    }
  });
}
