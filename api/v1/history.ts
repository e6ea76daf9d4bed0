import { createRoute, z } from '@hono/zod-openapi';
import { within } from '../../db/client.ts';
import { deliverySamples, type EventRow, orderEvents } from '../../db/orders.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import type { Deps } from '../deps.ts';
import { QUERY_MS } from '../patience.ts';
import { ownOrder } from './orders.ts';
import { answersWith, idParam, page, pageQuery, problemAnswer, routes } from './routes.ts';

const event = z
  .object({
    id: z.int(),
    type: z.string().openapi({ example: 'order.completed' }),
    by: z.string(),
    at: z.iso.datetime(),
    version: z.int(),
    data: z.record(z.string(), z.unknown()),
  })
  .openapi('OrderEvent');

const curve = z
  .object({
    order: z.int(),
    totalQuantity: z.int(),
    samples: z.array(z.object({ batch: z.int(), at: z.iso.datetime(), delivered: z.int() })),
  })
  .openapi('Delivery');

const timeline = createRoute({
  method: 'get',
  path: '/v1/orders/{id}/timeline',
  tags: ['orders'],
  summary: 'What happened to an order, and who did it, oldest first',
  request: { params: idParam, query: pageQuery({}) },
  responses: { ...answersWith(200, 'A page of events', page(event)), default: problemAnswer },
});

const delivery = createRoute({
  method: 'get',
  path: '/v1/orders/{id}/delivery',
  tags: ['orders'],
  summary: 'The delivery curve: when how much of each batch had been delivered',
  request: { params: idParam },
  responses: { ...answersWith(200, 'The points, oldest first', curve), default: problemAnswer },
});

/** What a customer may read of an event: a provider's own words are not for them. */
const SHOWN = ['batch', 'delivered', 'reason'];

const eventView = ({ id, type, actor, at, version, data }: EventRow) => ({
  id,
  type,
  by: actor,
  at: at.toISOString(),
  version,
  data: Object.fromEntries(Object.entries(data).filter(([name]) => SHOWN.includes(name))),
});

export function historyRoutes(deps: Deps) {
  const { sql } = deps;
  return routes()
    .openapi(timeline, async (c) => {
      const order = await ownOrder(deps, c.get('caller').accountId, c.req.valid('param').id);
      const { limit, cursor } = c.req.valid('query');
      const events = await within(QUERY_MS, orderEvents(sql, order.id, decodeCursor(cursor), limit + 1));
      return c.json(
        pageOf(events, limit, ({ id }) => id, eventView),
        200,
      );
    })
    .openapi(delivery, async (c) => {
      const order = await ownOrder(deps, c.get('caller').accountId, c.req.valid('param').id);
      const samples = await within(QUERY_MS, deliverySamples(sql, order.id));
      const points = samples.map(({ batch, at, delivered }) => ({ batch, at: at.toISOString(), delivered }));
      return c.json({ order: order.id, totalQuantity: order.totalQuantity, samples: points }, 200);
    });
}
