import { z } from '@hono/zod-openapi';
import { type Sql, withTimeout } from '../../db/client.ts';
import {
  type ReorderableOrder,
  type ReorderOffer,
  readReorderable,
  reorderOffers,
  requestOfKey,
} from '../../db/placement/reorders.ts';
import { isServiceType, readFieldsOf } from '../../domain/catalogue/service-types.ts';
import { Refusal } from '../../domain/errors.ts';
import { formatMoney, formatRate } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { OrderRequest } from '../../domain/placement/order-terms.ts';
import {
  isInterchangeable,
  type ReorderedOrder,
  reorderRequest,
  undeliveredQuantity,
  whyNoReorder,
} from '../../domain/placement/reorder.ts';
import { rounded } from '../../domain/report/figures.ts';
import type { Deps } from '../deps.ts';
import { InvalidRequest } from '../http/problems.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { idempotencyKey } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { orderSchema } from '../order/order-view.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readId } from '../v1/ids.ts';
import { answersWith, idParam, jsonBody, money, printableText } from '../v1/schemas.ts';
import { judgeRequest } from './order-terms.ts';
import { placedOrder } from './placed-order.ts';

const tags = ['orders'];

const candidateSchema = z.object({
  service: z.int(),
  name: z.string(),
  rate: z.string().openapi({ example: '0.9' }),
  price: z.string().openapi({ description: 'What the rest of the order costs there', example: '0.36' }),
  averageSeconds: z
    .number()
    .nullable()
    .openapi({ description: 'From the start of an order to Completed, as in the statistics of the service' }),
  partialShare: z
    .number()
    .nullable()
    .openapi({ description: 'The share of the orders that ended Partial, from 0 to 1' }),
});

const candidatesSchema = z
  .object({
    order: z.int(),
    quantity: z.int().openapi({ description: 'What was not delivered' }),
    currency: z.string(),
    data: z.array(candidateSchema).openapi({ description: 'The cheapest first' }),
  })
  .openapi('ReorderCandidates');

/**
 * The order of a path, whose rest can be ordered again.
 * @throws Refusal `order_not_found`, for another account's order too; `already_reordered`, `reorder_unavailable`.
 */
async function reorderable(sql: Sql, accountId: number, id: string): Promise<ReorderableOrder> {
  const order = await readReorderable(sql, accountId, readId(id) ?? 0);
  if (order === undefined) throw new Refusal('order_not_found');
  const denial = whyNoReorder(order);
  if (denial === undefined) return order;
  throw new Refusal(denial.code === 'already_reordered' ? denial.code : 'reorder_unavailable', denial.reason);
}

/**
 * The offers that take the rest of an order, the cheapest first. They are of the order's type, so its fields, which may be ten
 * thousand comments, are read once for all of them.
 */
export function takersOf(order: ReorderedOrder, offers: readonly ReorderOffer[]) {
  const request = reorderRequest(order, { service: 0 });
  const known = isServiceType(order.type) ? readFieldsOf(order.type, request.fields ?? {}) : undefined;
  const takers = offers.flatMap(({ service, averageSeconds, partialShare }) => {
    const { terms } = judgeRequest({ ...request, service: service.id }, { service }, known);
    return terms === undefined ? [] : [{ service, price: terms.price, averageSeconds, partialShare }];
  });
  return takers.sort((one, other) => Number(one.price - other.price));
}

/** The services of the category that take the rest of an order, the cheapest first. */
const candidatesFor = async (sql: Sql, order: ReorderableOrder) =>
  takersOf(order, await reorderOffers(sql, order, LIMITS.reorderServices));

/** The service that gets the rest of an order when its customer names none. */
async function serviceFor(sql: Sql, order: ReorderableOrder): Promise<number> {
  if (!isInterchangeable(order.type)) {
    throw new InvalidRequest([{ path: 'service', message: 'is needed: packages differ in what they contain' }]);
  }
  const [best] = await candidatesFor(sql, order);
  if (best === undefined) throw new Refusal('no_reorder_service');
  return best.service.id;
}

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/orders/{id}/reorder',
    scope: 'orders:read',
    tags,
    summary: 'Where the rest of an order can be ordered again',
    description:
      'The other services of the category and type that take the undelivered quantity now, with its price there. Refused as the reorder itself would be.',
    request: { params: idParam },
    responses: answersWith(200, 'The candidates', candidatesSchema),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const { order, candidates } = await reading(deps, c, async (sql) => {
      const order = await reorderable(sql, accountId, c.req.valid('param').id);
      return { order, candidates: await candidatesFor(sql, order) };
    });
    const data = candidates.map(({ service, price, averageSeconds, partialShare }) => ({
      service: service.id,
      name: service.name,
      rate: formatRate(service.rate),
      price: formatMoney(price),
      averageSeconds: rounded(averageSeconds, 1),
      partialShare: rounded(partialShare, 4),
    }));
    const quantity = undeliveredQuantity(order);
    return c.json({ order: order.id, quantity, currency: deps.config.CURRENCY, data }, 200);
  },
);

const reorderBody = z
  .strictObject({
    service: z.int().optional().openapi({ description: 'By default the cheapest candidate' }),
    reference: printableText(LIMITS.reference).optional().openapi({ description: 'Your own name for the new order' }),
    maxCharge: money.optional().openapi({ description: 'Refuse the order when its price is above this' }),
  })
  .openapi('Reorder');

/** The archived order of a claim needs no request: its claim is decided. */
const DECIDED: OrderRequest = { service: 0 };

/**
 * The request for the rest of an order. A repeat has the request that its key has made: the service that it chose, for example,
 * may no longer be the cheapest.
 */
async function requestFor(
  { sql }: Deps,
  asked: { readonly accountId: number; readonly id: string; readonly key: string },
  { service, reference, maxCharge }: z.output<typeof reorderBody>,
): Promise<OrderRequest> {
  const { accountId, id, key } = asked;
  const before = await requestOfKey(sql, accountId, key);
  if (before !== undefined) return before ?? DECIDED;
  const order = await reorderable(sql, accountId, id);
  return reorderRequest(order, {
    service: service ?? (await serviceFor(sql, order)),
    ...(reference === undefined ? {} : { reference }),
    ...(maxCharge === undefined ? {} : { maxCharge: maxCharge.toString() }),
  });
}

const create = defineRoute(
  {
    method: 'post',
    path: '/v1/orders/{id}/reorder',
    scope: 'orders:write',
    tags,
    summary: 'Order the rest of a Partial or Canceled order again, on another service',
    description:
      'Places a new order for the undelivered quantity and the same target: the rest of a list of comments is its last lines, and that of a drip-feed is one run. The new order is judged, paid and delivered like any other, and its `reorderOf` names the first. An order can be ordered again once; its new order can be, too.',
    idempotency: 'required',
    request: { params: idParam, body: jsonBody(reorderBody) },
    responses: answersWith(201, 'The new order as it was accepted', orderSchema),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const { id } = c.req.valid('param');
    const body = c.req.valid('json');
    const key = idempotencyKey(c.req.header('idempotency-key'));
    const request = await withTimeout(QUERY_MS, requestFor(deps, { accountId, id, key }, body));
    const sent = { id, ...body, ...(body.maxCharge === undefined ? {} : { maxCharge: formatMoney(body.maxCharge) }) };
    const asked = { accountId, route: 'POST /v1/orders/:id/reorder', request, sent, idempotencyKey: key };
    return c.json(await placedOrder(deps, c, asked), 201);
  },
);

export const reorderRoutes = [list, create];
