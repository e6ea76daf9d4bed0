import { z } from '@hono/zod-openapi';
import { type BatchRow, batchesOf, listOrders, type OrderRow } from '../../db/order/orders.ts';
import { orderView } from '../../db/order/view.ts';
import { LIMITS } from '../../domain/limits.ts';
import { ATTENTIONS, ORDER_STATUSES } from '../../domain/order/status.ts';
import { idempotencyKey } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { orderBody, orderRequest } from '../placement/order-body.ts';
import { placedOrder } from '../placement/placed-order.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import {
  answersWith,
  idParam,
  idQuery,
  isYes,
  jsonBody,
  page,
  pageQuery,
  printableText,
  timestamp,
  yesOrNo,
} from '../v1/schemas.ts';
import { orderSchema, orderTag } from './order-view.ts';
import { ownOrder } from './own-order.ts';

/** Whether an If-None-Match header contains this tag, by the weak comparison of RFC 9110. */
function matches(header: string | undefined, tag: string): boolean {
  const opaque = (text: string) => text.trim().replace(/^W\//, '');
  const tags = (header ?? '').split(',').map(opaque);
  return tags.includes('*') || tags.includes(opaque(tag));
}

const create = defineRoute(
  {
    method: 'post',
    path: '/v1/orders',
    scope: 'orders:write',
    tags: ['orders'],
    summary: 'Place an order',
    idempotency: 'required',
    request: { body: jsonBody(orderBody) },
    responses: answersWith(201, 'The order as it was accepted', orderSchema),
  },
  async (c, deps) => {
    const asked = {
      accountId: c.get('caller').accountId,
      route: 'POST /v1/orders',
      request: orderRequest(c.req.valid('json')),
      idempotencyKey: idempotencyKey(c.req.header('idempotency-key')),
    };
    return c.json(await placedOrder(deps, c, asked), 201);
  },
);

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/orders',
    scope: 'orders:read',
    tags: ['orders'],
    summary: 'Orders, newest first',
    request: {
      query: pageQuery({
        status: z.enum(ORDER_STATUSES).optional(),
        attention: z.enum(ATTENTIONS).optional(),
        service: idQuery.optional(),
        reference: printableText(LIMITS.reference).optional(),
        archived: yesOrNo.openapi({
          description:
            'true: only orders that have ended and that neither a refill nor a correction can follow; false: only the other orders',
        }),
        from: timestamp.optional(),
        to: timestamp.optional(),
      }),
    },
    responses: answersWith(200, 'A page of orders', page(orderSchema)),
  },
  async (c, deps) => {
    const { limit, cursor, archived, ...rest } = c.req.valid('query');
    const { accountId } = c.get('caller');
    const filter = { ...rest, archived: isYes(archived), before: decodeCursor(cursor) };
    const { rows: orders, stoppedAt } = await reading(deps, c, (sql) => listOrders(sql, accountId, filter, limit + 1));
    const ids = orders.map(({ id }) => id);
    const batches = new Map<number, BatchRow[]>(ids.map((id) => [id, []]));
    for (const batch of await reading(deps, c, (sql) => batchesOf(sql, ids, LIMITS.batchesShown)))
      batches.get(batch.order)?.push(batch);
    const now = new Date();
    const view = (order: OrderRow) => orderView(order, batches.get(order.id) ?? [], deps.config.CURRENCY, now);
    return c.json(
      pageOf(orders, limit, ({ id }) => id, view, stoppedAt),
      200,
    );
  },
);

const get = defineRoute(
  {
    method: 'get',
    path: '/v1/orders/{id}',
    scope: 'orders:read',
    tags: ['orders'],
    summary: 'One order',
    request: { params: idParam },
    responses: {
      ...answersWith(200, 'The order', orderSchema),
      304: { description: 'The order has not changed since If-None-Match; only elapsedSeconds may differ' },
    },
  },
  async (c, deps) => {
    const order = await ownOrder(deps, c, c.req.valid('param').id);
    const batches = await reading(deps, c, (sql) => batchesOf(sql, [order.id], LIMITS.batchesShown));
    const view = orderView(order, batches, deps.config.CURRENCY, new Date());
    const tag = orderTag(view);
    c.header('ETag', tag);
    return matches(c.req.header('if-none-match'), tag) ? c.body(null, 304) : c.json(view, 200);
  },
);

export const orderRoutes = [create, list, get];
