import { z } from '@hono/zod-openapi';
import { stream } from 'hono/streaming';
import type { StreamingApi } from 'hono/utils/stream';
import { orderEvents } from '../../db/order/orders.ts';
import { Refusal } from '../../domain/errors.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import { isFinal } from '../../domain/order/status.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { InvalidRequest } from '../http/problems.ts';
import { reading } from '../limits/reads.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readId } from '../v1/ids.ts';
import { perApp } from '../v1/per-app.ts';
import { idParam } from '../v1/schemas.ts';
import { createOrderFeed } from './order-feed.ts';
import { type StreamedOrder, streamOrderEvents } from './order-stream.ts';
import { ownOrder } from './own-order.ts';

const HEARTBEAT_MS = 15_000;

/** Milliseconds after which a client that lost its stream should connect again. */
const RETRY_MS = 3_000;

/**
 * OpenAPI 3.1 cannot describe the messages of a stream: some tools read the schema as the whole text, others as one message. Both
 * readings fit this schema.
 */
const streamed = z
  .union([
    z.string().openapi({ description: 'The stream, as text' }),
    z
      .object({
        id: z.string().optional().openapi({ description: 'The id of the event, for Last-Event-ID' }),
        event: z.string().openapi({ description: '`progress`, or the type of an event of the timeline' }),
        data: z.string().openapi({ description: 'JSON: the progress of the order, or the event as in the timeline' }),
      })
      .openapi({ description: 'One message of the stream' }),
  ])
  .openapi({ description: 'Server-sent events' });

/** The id in Last-Event-ID. @throws InvalidRequest when it is not an id. */
function lastEvent(c: ApiContext): number | undefined {
  const text = c.req.header('last-event-id');
  if (text === undefined || text === '' || text === '0') return undefined;
  const id = readId(text);
  if (id === undefined) throw new InvalidRequest([{ path: 'last-event-id', message: 'must be the id of an event' }]);
  return id;
}

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

/** Writes the events of an order to a client until the order has ended, the stream is too old, or this process stops. */
async function sendEvents(deps: Deps, client: StreamingApi, order: StreamedOrder): Promise<void> {
  const { log, closing } = deps;
  const news = orderFeed(deps).follow(order.orderId);
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
    await streamOrderEvents(deps, order, news, client);
  } catch (error) {
    // The stream ends here. Its client connects again and continues after the last event it has.
    log.warn({ err: error, orderId: order.orderId }, 'a stream of order events broke');
  } finally {
    clearTimeout(age);
    closing?.removeEventListener('abort', news.stop);
    news.stop();
  }
}

const events = defineRoute(
  {
    method: 'get',
    path: '/v1/orders/{id}/events',
    scope: 'orders:read',
    tags: ['orders'],
    summary: "An order's events, live",
    description: `Server-sent events: each event of the timeline, with its type and id, and \`progress\` whenever the numbers change. The stream begins after Last-Event-ID. It ends when the order has ended and every event was sent, and after ${DEADLINES.stream / 60_000} minutes: reconnect with Last-Event-ID. 204 means that the order has ended and no event is left to send. A key may have ${LIMITS.streamsPerKey} streams at the same time.`,
    request: {
      params: idParam,
      headers: z.object({
        'last-event-id': z
          .string()
          .optional()
          .openapi({
            param: { name: 'last-event-id', in: 'header' },
            pattern: '^(0|[1-9][0-9]{0,14})?$',
            description: 'The id of the last event that you have',
          }),
      }),
    },
    responses: {
      200: { description: 'The stream', content: { 'text/event-stream': { schema: streamed } } },
      204: { description: 'The order has ended, and you have every event' },
    },
  },
  async (c, deps) => {
    const { accountId, limitedAs } = c.get('caller');
    const after = lastEvent(c);
    const order = await ownOrder(deps, c, c.req.valid('param').id);
    const left =
      after === undefined ? 1 : (await reading(deps, c, (sql) => orderEvents(sql, order.id, after, 1))).length;
    if (isFinal(order.status) && left === 0) return c.body(null, 204);
    c.header('Content-Type', 'text/event-stream; charset=utf-8');
    // Tells a proxy to pass the answer on at once: a buffered stream would never arrive.
    c.header('X-Accel-Buffering', 'no');
    // The body of an answer to HEAD is never read, so a stream for it would never end.
    if (c.req.method === 'HEAD' || deps.closing?.aborted === true) return c.body(null, 200);

    const streams = openStreams(deps);
    streams.take(limitedAs);
    return stream(c, async (client) => {
      try {
        await sendEvents(deps, client, { orderId: order.id, accountId, after, heartbeatMs: HEARTBEAT_MS });
      } finally {
        streams.release(limitedAs);
      }
    });
  },
);

export const orderEventRoutes = [events];
