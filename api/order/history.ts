import { z } from '@hono/zod-openapi';
import { deliverySamples, orderEvents } from '../../db/order/orders.ts';
import { LIMITS } from '../../domain/limits.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam, page, pageQuery, timeOf } from '../v1/schemas.ts';
import { plannedRuns } from './delivery-plan.ts';
import { eventView } from './event-view.ts';
import { ownOrder } from './own-order.ts';

export const eventSchema = z
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
      .openapi({ description: `The schedule as it was placed, thinned to at most ${LIMITS.samples} runs` }),
    samples: z.array(
      z.object({
        batch: z.int(),
        at: z.iso.datetime(),
        delivered: z.int().openapi({ description: 'What the batch had delivered by then' }),
        total: z.int().openapi({ description: 'What all batches had delivered by then' }),
      }),
    ),
  })
  .openapi('Delivery');

const timeline = defineRoute(
  {
    method: 'get',
    path: '/v1/orders/{id}/timeline',
    scope: 'orders:read',
    tags: ['orders'],
    summary: "An order's timeline, oldest first or newest first: what happened, and who did it",
    request: {
      params: idParam,
      query: pageQuery({
        sort: z.enum(['at', '-at']).default('at').openapi({ description: '-: newest first' }),
      }),
    },
    responses: answersWith(200, 'A page of events', page(eventSchema)),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const order = await ownOrder(deps, c, c.req.valid('param').id);
    const { limit, cursor, sort } = c.req.valid('query');
    const direction = sort === 'at' ? 'asc' : 'desc';
    const events = await reading(deps, c, (sql) =>
      orderEvents(sql, order.id, decodeCursor(cursor), limit + 1, direction),
    );
    return c.json(
      pageOf(
        events,
        limit,
        ({ id }) => id,
        (row) => eventView(row, accountId),
      ),
      200,
    );
  },
);

const delivery = defineRoute(
  {
    method: 'get',
    path: '/v1/orders/{id}/delivery',
    scope: 'orders:read',
    tags: ['orders'],
    summary: 'The delivery curve beside its plan',
    request: { params: idParam },
    responses: answersWith(200, 'The points, oldest first', curve),
  },
  async (c, deps) => {
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
  },
);

export const historyRoutes = [timeline, delivery];
