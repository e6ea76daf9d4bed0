import { orderEvents } from '../../db/order/orders.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import { isFinal } from '../../domain/order/status.ts';
import { reading } from '../limits/reads.ts';
import { defineRoute } from '../v1/define-route.ts';
import { idParam } from '../v1/schemas.ts';
import { answerStream, lastEvent, lastEventHeader, streamSchema } from './event-stream.ts';
import { HEARTBEAT_MS, streamOrderEvents } from './order-stream.ts';
import { ownOrder } from './own-order.ts';

const events = defineRoute(
  {
    method: 'get',
    path: '/v1/orders/{id}/events',
    scope: 'orders:read',
    tags: ['orders'],
    summary: "An order's events, live",
    description: `Server-sent events: each event of the timeline, with its type and id, and \`progress\` whenever the numbers change. The stream begins after Last-Event-ID. It ends when the order has ended and every event was sent, and after ${DEADLINES.stream / 60_000} minutes: reconnect with Last-Event-ID. 204 means that the order has ended and no event is left to send. A key may have ${LIMITS.streamsPerKey} streams at the same time.`,
    request: { params: idParam, headers: lastEventHeader },
    responses: {
      200: { description: 'The stream', content: { 'text/event-stream': { schema: streamSchema } } },
      204: { description: 'The order has ended, and you have every event' },
    },
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const after = lastEvent(c) || undefined;
    const order = await ownOrder(deps, c, c.req.valid('param').id);
    const left =
      after === undefined ? 1 : (await reading(deps, c, (sql) => orderEvents(sql, order.id, after, 1))).length;
    if (isFinal(order.status) && left === 0) return c.body(null, 204);
    const streamed = { orderId: order.id, accountId, after, heartbeatMs: HEARTBEAT_MS };
    return answerStream(deps, c, { orders: [order.id] }, (client, news) =>
      streamOrderEvents(deps, streamed, news, client),
    );
  },
);

export const orderEventRoutes = [events];
