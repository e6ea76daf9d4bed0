import { createRoute, z } from '@hono/zod-openapi';
import { deliverySamples, orderEvents } from '../../db/order/orders.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../deps.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { answersWith, idParam, page, pageQuery, problemAnswer, routes, timeOf } from '../v1/routes.ts';
import { plannedRuns } from './delivery-plan.ts';
import { eventView } from './event-view.ts';
import { ownOrder } from './orders.ts';

const event = z
  .object({
    id: z.int(),
    type: z.string().openapi({ example: 'order.completed' }),
    by: z.string().openapi({ description: 'Your account, `provider`, `system` or `staff`' }),
    at: z.iso.datetime(),
    version: z.int(),
    data: z.record(z.string(), z.unknown()),
  })
  .openapi('OrderEvent');

const curve = z
  .object({
    order: z.int(),
    totalQuantity: z.int(),
    nextRunAt: z.iso.datetime().nullable(),
    planned: z
      .array(z.object({ run: z.int(), dueAt: z.iso.datetime(), quantity: z.int(), total: z.int() }))
      .openapi({ description: `The schedule as it was placed, in at most ${LIMITS.samples} of its runs` }),
    samples: z.array(
      z.object({
        batch: z.int(),
        at: z.iso.datetime(),
        delivered: z.int().openapi({ description: 'Of the batch' }),
        total: z.int().openapi({ description: 'Of all batches' }),
      }),
    ),
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
  summary: 'The delivery curve: what was planned, and when how much had been delivered',
  request: { params: idParam },
  responses: { ...answersWith(200, 'The points, oldest first', curve), default: problemAnswer },
});

export function historyRoutes(deps: Deps) {
  return routes()
    .openapi(timeline, async (c) => {
      const { accountId } = c.get('caller');
      const order = await ownOrder(deps, c, c.req.valid('param').id);
      const { limit, cursor } = c.req.valid('query');
      const events = await reading(deps, c, (sql) => orderEvents(sql, order.id, decodeCursor(cursor), limit + 1));
      return c.json(
        pageOf(
          events,
          limit,
          ({ id }) => id,
          (row) => eventView(row, accountId),
        ),
        200,
      );
    })
    .openapi(delivery, async (c) => {
      const order = await ownOrder(deps, c, c.req.valid('param').id);
      const samples = await reading(deps, c, (sql) => deliverySamples(sql, order.id, LIMITS.samplesShown));
      const curve = {
        order: order.id,
        totalQuantity: order.totalQuantity,
        nextRunAt: timeOf(order.nextRunAt),
        planned: plannedRuns(order),
        samples: samples.map(({ at, ...sample }) => ({ ...sample, at: at.toISOString() })),
      };
      return c.json(curve, 200);
    });
}
