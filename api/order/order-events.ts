import { createRoute, z } from '@hono/zod-openapi';
import { stream } from 'hono/streaming';
import { orderEvents } from '../../db/order/orders.ts';
import { Refusal } from '../../domain/errors.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import { isFinal } from '../../domain/order/status.ts';
import type { ApiContext, Deps } from '../deps.ts';
import { InvalidRequest } from '../http/problems.ts';
import { reading } from '../limits/reads.ts';
import { readId } from '../v1/ids.ts';
import { idParam, problemAnswer, routes } from '../v1/routes.ts';
import { createOrderFeed } from './order-feed.ts';
import { tellOrder } from './order-stream.ts';
import { ownOrder } from './orders.ts';

const HEARTBEAT_MS = 15_000;

/** Milliseconds after which a client that lost its stream should come again. */
const RETRY_MS = 3_000;

/**
 * OpenAPI 3.1 has no word for the messages of a stream: some tools take a schema for the text, some for each message. Both
 * are right here.
 */
const streamed = z
  .union([
    z.string().openapi({ description: 'The stream, as text' }),
    z
      .object({
        id: z.string().optional().openapi({ description: 'Of the last event, for Last-Event-ID' }),
        event: z.string().openapi({ description: '`progress`, or the type of an event of the timeline' }),
        data: z.string().openapi({ description: 'JSON: how far the order is, or the event as the timeline has it' }),
      })
      .openapi({ description: 'One message of it' }),
  ])
  .openapi({ description: 'Server-sent events' });

const events = createRoute({
  method: 'get',
  path: '/v1/orders/{id}/events',
  tags: ['orders'],
  summary: 'What happens to an order, as it happens',
  description: `Server-sent events: each event of the timeline, by its type and with its id, and \`progress\` whenever the numbers change. It begins after Last-Event-ID, ends when the order has ended and all was sent, and after ${DEADLINES.stream / 60_000} minutes: come again with Last-Event-ID. 204 says that the order has ended and nothing is left to send. At most ${LIMITS.streamsPerKey} at the same time for a key.`,
  request: {
    params: idParam,
    headers: z.object({
      'last-event-id': z
        .string()
        .optional()
        .openapi({
          param: { name: 'last-event-id', in: 'header' },
          pattern: '^(0|[1-9][0-9]{0,14})?$',
          description: 'The last event you have',
        }),
    }),
  },
  responses: {
    200: { description: 'The stream', content: { 'text/event-stream': { schema: streamed } } },
    204: { description: 'The order has ended, and you have everything' },
    default: problemAnswer,
  },
});

/** @throws InvalidRequest when it is not an id. */
function lastEvent(c: ApiContext): number | undefined {
  const text = c.req.header('last-event-id');
  if (text === undefined || text === '' || text === '0') return undefined;
  const id = readId(text);
  if (id === undefined) throw new InvalidRequest([{ path: 'last-event-id', message: 'is not the id of an event' }]);
  return id;
}

/** How many of something each key has. */
function counted(most: number) {
  const counts = new Map<number, number>();
  return {
    /** @throws Refusal `rate_limited` */
    take: (key: number): void => {
      const count = counts.get(key) ?? 0;
      if (count >= most) throw new Refusal('rate_limited', `at most ${most} streams at the same time`);
      counts.set(key, count + 1);
    },
    release: (key: number): void => {
      const count = (counts.get(key) ?? 0) - 1;
      if (count > 0) counts.set(key, count);
      else counts.delete(key);
    },
  };
}

export function orderEventRoutes(deps: Deps) {
  const { log, closing } = deps;
  const feed = createOrderFeed(deps);
  const streams = counted(LIMITS.streamsPerKey);

  return routes().openapi(events, async (c) => {
    const { accountId, keyId } = c.get('caller');
    const after = lastEvent(c);
    const order = await ownOrder(deps, c, c.req.valid('param').id);
    const left =
      after === undefined ? 1 : (await reading(deps, c, (sql) => orderEvents(sql, order.id, after, 1))).length;
    if (isFinal(order.status) && left === 0) return c.body(null, 204);
    c.header('Content-Type', 'text/event-stream; charset=utf-8');
    // A proxy that collects an answer before it hands it on would hand on nothing.
    c.header('X-Accel-Buffering', 'no');
    // Nobody reads the body of an answer to HEAD, so nobody would ever end it.
    if (c.req.method === 'HEAD' || closing?.aborted === true) return c.body(null, 200);

    streams.take(keyId);
    const news = feed.follow(order.id);
    return stream(c, async (listener) => {
      const end = () => {
        news.stop();
        // Also a client that has stopped reading is left then.
        listener.abort();
      };
      const age = setTimeout(end, DEADLINES.stream).unref();
      closing?.addEventListener('abort', news.stop);
      listener.onAbort(news.stop);
      try {
        await listener.write(`retry: ${RETRY_MS}\n\n`);
        await tellOrder(deps, { orderId: order.id, accountId, after, heartbeatMs: HEARTBEAT_MS }, news, listener);
      } catch (error) {
        // It ends: its client comes again and goes on where it was.
        log.warn({ err: error, orderId: order.id }, 'a stream of events broke');
      } finally {
        clearTimeout(age);
        closing?.removeEventListener('abort', news.stop);
        news.stop();
        streams.release(keyId);
      }
    });
  });
}
