import { withTimeout } from '../../db/client.ts';
import { batchesOf, findActionableOrder, findOrder } from '../../db/order/orders.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../deps.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { idempotencyKey, markReplayed } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { orderBody, orderRequest } from '../placement/order-body.ts';
import { placeOrder } from '../placement/place.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam, jsonBody } from '../v1/schemas.ts';
import {
  currentOrder,
  currentOrderSchema,
  orderSchema,
  orderTag,
  type ShownOrder,
  viewAtPlacement,
} from './order-view.ts';
import { ownOrderBy } from './own-order.ts';

/** Whether an If-None-Match header contains this tag, by the weak comparison of RFC 9110. */
function matches(header: string | undefined, tag: string): boolean {
  const opaque = (text: string) => text.trim().replace(/^W\//, '');
  const tags = (header ?? '').split(',').map(opaque);
  return tags.includes('*') || tags.includes(opaque(tag));
}

/** @throws Refusal `outcome_unknown`: the order exists but cannot be read now; a repeat of the request will read it. */
async function readPlaced({ sql, config }: Deps, accountId: number, orderId: number): Promise<ShownOrder> {
  const order = await withTimeout(QUERY_MS, findOrder(sql, accountId, orderId)).catch(() => undefined);
  if (order === undefined) throw new Refusal('outcome_unknown');
  return viewAtPlacement(order, config.CURRENCY);
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
    const { accountId } = c.get('caller');
    const key = idempotencyKey(c.req.header('idempotency-key'));
    const request = orderRequest(c.req.valid('json'));
    const placed = await placeOrder(deps, {
      accountId,
      route: 'POST /v1/orders',
      request,
      idempotencyKey: key,
      late: 'keep',
    });
    if (placed.kind === 'unknown') throw new Refusal('outcome_unknown');
    if (placed.replayed) markReplayed(c);
    if (placed.kind === 'refused') throw placed.refusal;
    c.header('Location', `/v1/orders/${placed.orderId}`);
    return c.json(placed.view ?? (await readPlaced(deps, accountId, placed.orderId)), 201);
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
