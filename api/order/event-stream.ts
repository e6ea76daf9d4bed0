import { z } from '@hono/zod-openapi';
import { stream } from 'hono/streaming';
import type { StreamingApi } from 'hono/utils/stream';
import { Refusal } from '../../domain/errors.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { InvalidRequest } from '../http/problems.ts';
import { readId } from '../v1/ids.ts';
import { perApp } from '../v1/per-app.ts';
import { createOrderFeed, type Followed, type Following } from './order-feed.ts';

/** Milliseconds after which a client that lost its stream should connect again. */
const RETRY_MS = 3_000;

/**
 * OpenAPI 3.1 cannot describe the messages of a stream: some tools read the schema as the whole text, others as one message. Both
 * readings fit this schema.
 */
export const streamSchema = z
  .union([
    z.string().openapi({ description: 'The stream, as text' }),
    z
      .object({
        id: z.string().optional().openapi({ description: 'The id of the event, for Last-Event-ID' }),
        event: z.string().openapi({
          description: '`progress`, or the type of an event of the timeline; `begin` in the stream of an account',
        }),
        data: z.string().openapi({ description: 'JSON: the progress of the order, or the event as in the timeline' }),
      })
      .openapi({ description: 'One message of the stream' }),
  ])
  .openapi({ description: 'Server-sent events' });

/** For the document: the id of an event, as text. */
export const EVENT_ID = '^(0|[1-9][0-9]{0,14})?$';

export const lastEventHeader = z.object({
  'last-event-id': z
    .string()
    .optional()
    .openapi({
      param: { name: 'last-event-id', in: 'header' },
      pattern: EVENT_ID,
      description: 'The id of the last event that you have',
    }),
});

/** The id of an event in a field of the request; undefined when it is absent or empty. @throws InvalidRequest for other text. */
export function readEventId(path: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const id = text === '0' ? 0 : readId(text);
  if (id === undefined) throw new InvalidRequest([{ path, message: 'must be the id of an event' }]);
  return id;
}

/** The id in Last-Event-ID. */
export const lastEvent = (c: ApiContext): number | undefined =>
  readEventId('last-event-id', c.req.header('last-event-id'));

/** Counts the open streams of each key. */
function streamCounter(most: number) {
  const counts = new Map<number, number>();
  return {
    /** @throws Refusal `rate_limited` */
    take: (key: number): void => {
      const count = counts.get(key) ?? 0;
      if (count >= most) throw new Refusal('rate_limited', `at most ${most} streams of one key at the same time`);
      counts.set(key, count + 1);
    },
    release: (key: number): void => {
      const count = (counts.get(key) ?? 0) - 1;
      if (count > 0) counts.set(key, count);
      else counts.delete(key);
    },
  };
}

const orderFeed = perApp(createOrderFeed);
const openStreams = perApp(() => streamCounter(LIMITS.streamsPerKey));

type Send = (client: StreamingApi, news: Following) => Promise<void>;

/**
 * Answers with a stream of server-sent events about what it follows. It is open until `send` ends, it is too old, or this process
 * stops.
 * @throws Refusal `rate_limited` when the key has too many streams.
 */
export function answerStream(deps: Deps, c: ApiContext, followed: Followed, send: Send): Response {
  c.header('Content-Type', 'text/event-stream; charset=utf-8');
  // Tells a proxy to pass the answer on at once: a buffered stream would never arrive.
  c.header('X-Accel-Buffering', 'no');
  // The body of an answer to HEAD is never read, so a stream for it would never end.
  if (c.req.method === 'HEAD' || deps.closing?.aborted === true) return c.body(null, 200);

  const { limitedAs } = c.get('caller');
  const streams = openStreams(deps);
  streams.take(limitedAs);
  return stream(c, async (client) => {
    try {
      await serve(deps, client, followed, send);
    } finally {
      streams.release(limitedAs);
    }
  });
}

async function serve(deps: Deps, client: StreamingApi, followed: Followed, send: Send): Promise<void> {
  const { log, closing } = deps;
  const news = orderFeed(deps).follow(followed);
  const end = () => {
    news.stop();
    // A client that no longer reads would otherwise hold the stream open.
    client.abort();
  };
  const age = setTimeout(end, DEADLINES.stream).unref();
  closing?.addEventListener('abort', news.stop);
  client.onAbort(news.stop);
  try {
    await client.write(`retry: ${RETRY_MS}\n\n`);
    await send(client, news);
  } catch (error) {
    // The stream ends here. Its client connects again and continues after the last event it has.
    const { account, orders } = followed;
    log.warn({ err: error, account, orders: orders.slice(0, 1) }, 'a stream of order events broke');
  } finally {
    clearTimeout(age);
    closing?.removeEventListener('abort', news.stop);
    news.stop();
  }
}
