import { z } from '@hono/zod-openapi';
import { withTimeout } from '../../db/client.ts';
import { listOrders } from '../../db/order/order-list.ts';
import {
  type ActionableOrder,
  type BatchRow,
  batchesOf,
  findActionableOrder,
  findOrder,
} from '../../db/order/orders.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { ATTENTIONS, ORDER_STATUSES } from '../../domain/order/status.ts';
import type { Deps } from '../deps.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { idempotencyKey, markReplayed } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { orderBody, orderRequest } from '../placement/order-body.ts';
import { placeOrder } from '../placement/place.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { idsQuery, readIds, someOf } from '../v1/queries.ts';
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

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/orders',
    scope: 'orders:read',
    tags: ['orders'],
    summary: 'Orders, newest first or oldest first',
    request: {
      query: pageQuery({
        ids: idsQuery.optional(),
        status: someOf(ORDER_STATUSES).optional(),
        attention: z.enum(ATTENTIONS).optional(),
        service: idQuery.optional(),
        link: printableText(LIMITS.link).optional().openapi({ description: 'Exactly this link' }),
        reference: printableText(LIMITS.reference).optional(),
        dripFeed: yesOrNo.openapi({ description: 'true: only orders with several runs; false: only the others' }),
        archived: yesOrNo.openapi({
          description:
            'true: only orders that have ended and that neither a refill nor a correction can follow; false: only the other orders',
        }),
        from: timestamp.optional(),
        to: timestamp.optional(),
        sort: z.enum(['-createdAt', 'createdAt']).default('-createdAt').openapi({ description: '-: newest first' }),
      }),
    },
    responses: answersWith(200, 'A page of orders', page(currentOrderSchema)),
  },
  async (c, deps) => {
    const { limit, cursor, ids: given, status = [], archived, dripFeed, ...rest } = c.req.valid('query');
    const { accountId } = c.get('caller');
    const chosen = {
      ids: given === undefined ? undefined : readIds(given),
      archived: isYes(archived),
      dripFeed: isYes(dripFeed),
    };
    const filter = { ...rest, ...chosen, status, after: decodeCursor(cursor) };
    const { rows: orders, stoppedAt } = await reading(deps, c, (sql) => listOrders(sql, accountId, filter, limit + 1));
    const ids = orders.map(({ id }) => id);
    const batches = new Map<number, BatchRow[]>(ids.map((id) => [id, []]));
    for (const batch of await reading(deps, c, (sql) => batchesOf(sql, ids, LIMITS.batchesShown)))
      batches.get(batch.order)?.push(batch);
    const now = new Date();
    const view = (order: ActionableOrder) =>
      currentOrder(order, batches.get(order.id) ?? [], deps.config.CURRENCY, now);
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

export const orderRoutes = [create, list, get];
