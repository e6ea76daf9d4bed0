import { batchesOf, findActionableOrder } from '../../db/order/orders.ts';
import { LIMITS } from '../../domain/limits.ts';
import { idempotencyKey } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { orderBody, orderRequest } from '../placement/order-body.ts';
import { placedOrder } from '../placement/placed-order.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam, jsonBody } from '../v1/schemas.ts';
import { currentOrder, currentOrderSchema, orderSchema, orderTag } from './order-view.ts';
import { ownOrderBy } from './own-order.ts';

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

const get = defineRoute(
  {
    method: 'get',
    path: '/v1/orders/{id}',
    scope: 'orders:read',
    tags: ['orders'],
    summary: 'One order',
    request: { params: idParam },
    responses: {
      ...answersWith(200, 'The order', currentOrderSchema),
      304: { description: 'The order has not changed since If-None-Match; only elapsedSeconds may differ' },
    },
  },
  async (c, deps) => {
    const order = await ownOrderBy(deps, c, c.req.valid('param').id, findActionableOrder);
    const batches = await reading(deps, c, (sql) => batchesOf(sql, [order.id], LIMITS.batchesShown));
    const view = currentOrder(order, batches, deps.config.CURRENCY, new Date());
    const tag = orderTag(view);
    c.header('ETag', tag);
    return matches(c.req.header('if-none-match'), tag) ? c.body(null, 304) : c.json(view, 200);
  },
);

export const orderRoutes = [create, get];
