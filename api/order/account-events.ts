import { setTimeout as sleep } from 'node:timers/promises';
import { z } from '@hono/zod-openapi';
import { accountEvents, eventMark } from '../../db/order/account-events.ts';
import { ownOrderIds } from '../../db/order/orders.ts';
import { Refusal } from '../../domain/errors.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import { createEventHorizon } from '../../domain/order/event-horizon.ts';
import type { ApiContext } from '../http/context.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { perApp } from '../v1/per-app.ts';
import { idsQuery, readIds } from '../v1/queries.ts';
import { answersWith, page, pageQuery } from '../v1/schemas.ts';
import { streamAccountEvents } from './account-stream.ts';
import { answerStream, EVENT_ID, lastEvent, lastEventHeader, readEventId, streamSchema } from './event-stream.ts';
import { accountEventView } from './event-view.ts';
import { eventSchema } from './history.ts';
import { HEARTBEAT_MS } from './order-stream.ts';

const accountEvent = eventSchema.extend({ order: z.int() }).openapi('AccountEvent');

const afterQuery = z
  .string()
  .optional()
  .openapi({ pattern: EVENT_ID, description: 'Only events after the one with this id; 0: from the first one on' });

/** Milliseconds that a request waits for transactions that may still add an event below those that it can see. */
const WHOLE_MS = 1_000;
const WHOLE_STEP_MS = 20;

/**
 * The id up to which the events are whole (see createEventHorizon): a reader who goes on after it misses none.
 * @throws Refusal `unavailable` when a transaction that takes long keeps this process from knowing.
 */
const wholeEvents = perApp((deps) => {
  const horizon = createEventHorizon();
  return async (c: ApiContext): Promise<number> => {
    const first = await reading(deps, c, eventMark);
    let whole = horizon.take(first);
    const until = performance.now() + WHOLE_MS;
    while (whole < first.newest && performance.now() < until) {
      await sleep(WHOLE_STEP_MS);
      whole = horizon.take(await reading(deps, c, eventMark));
    }
    if (whole === 0 && first.newest > 0)
      throw new Refusal('unavailable', 'a long transaction is writing events; try again later');
    return whole;
  };
});

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/events',
    scope: 'orders:read',
    tags: ['events'],
    summary: 'The events of all your orders, newest first or oldest first',
    description:
      'To follow what happens, ask oldest first (`sort=at`), and go on with `after` and the id of the last event that you have: no event is missed, and none comes twice.',
    request: {
      query: pageQuery({
        sort: z.enum(['-at', 'at']).default('-at').openapi({ description: '-: newest first' }),
        after: afterQuery,
      }),
    },
    responses: answersWith(200, 'A page of events', page(accountEvent)),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const { limit, cursor, sort, after } = c.req.valid('query');
    const range = {
      accountId,
      direction: sort === 'at' ? 'asc' : 'desc',
      after: readEventId('after', after),
      cursor: decodeCursor(cursor),
      upTo: sort === 'at' ? await wholeEvents(deps)(c) : undefined,
    } as const;
    const rows = await reading(deps, c, (sql) => accountEvents(sql, range, limit + 1));
    return c.json(
      pageOf(
        rows,
        limit,
        ({ id }) => id,
        (row) => accountEventView(row, accountId),
      ),
      200,
    );
  },
);

const streamed = defineRoute(
  {
    method: 'get',
    path: '/v1/events/stream',
    scope: 'orders:read',
    tags: ['events'],
    summary: 'The events of all your orders, live',
    description: `Server-sent events: each event of \`GET /v1/events\`, with its type and id, from Last-Event-ID on, or from \`after\`, or from now on. With \`orders\` also \`progress\` for each of these orders, at first and whenever its numbers change. The stream ends after ${DEADLINES.stream / 60_000} minutes: reconnect with Last-Event-ID. A key may have ${LIMITS.streamsPerKey} streams at the same time.`,
    request: {
      headers: lastEventHeader,
      query: z.strictObject({
        after: afterQuery,
        orders: idsQuery
          .optional()
          .openapi({ description: `Up to ${LIMITS.ordersFollowed} ids of orders whose progress you want to see` }),
      }),
    },
    responses: { 200: { description: 'The stream', content: { 'text/event-stream': { schema: streamSchema } } } },
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const { after, orders: given } = c.req.valid('query');
    const wanted = readEventId('after', after);
    const begin = lastEvent(c) ?? wanted;
    const asked = given === undefined ? [] : readIds(given, { path: 'orders', most: LIMITS.ordersFollowed });
    const orders = asked.length === 0 ? [] : await reading(deps, c, (sql) => ownOrderIds(sql, accountId, asked));
    const upTo = await wholeEvents(deps)(c);
    const account = { accountId, orders, after: begin ?? upTo, upTo, heartbeatMs: HEARTBEAT_MS };
    return answerStream(deps, c, { orders, account: accountId }, (client, news) =>
      streamAccountEvents(deps, account, news, client),
    );
  },
);

export const accountEventRoutes = [list, streamed];
