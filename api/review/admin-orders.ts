import { z } from '@hono/zod-openapi';
import { withTimeout } from '../../db/client.ts';
import { type AttemptRow, attemptsOf } from '../../db/dispatch/attempt-views.ts';
import { type OrderRow, readOrder } from '../../db/order/orders.ts';
import { type ListedReview, listReviews } from '../../db/review/reviews.ts';
import { Refusal } from '../../domain/errors.ts';
import { formatMoney } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { ATTENTIONS, ORDER_STATUSES } from '../../domain/order/status.ts';
import { REFILL_STATUSES } from '../../domain/refill/rules.ts';
import { allowedResolutions, RESOLUTIONS, readResolution } from '../../domain/review/resolution.ts';
import { type ResolveMessage, resolveUpdate } from '../../workflows/contract.ts';
import { audit } from '../account/audit.ts';
import type { Deps } from '../deps.ts';
import { attemptSchema, attemptView } from '../dispatch/attempt-view.ts';
import type { ApiContext } from '../http/context.ts';
import { InvalidRequest } from '../http/problems.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { repeatable } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { askOrder, byStaff, queryOrder } from '../order/ask-order.ts';
import { acceptedSchema, acceptedView } from '../order/order-actions.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readId } from '../v1/ids.ts';
import { answersWith, idParam, idQuery, jsonBody, page, pageQuery, timeOf, timestamp } from '../v1/schemas.ts';
import { resolutionBody } from './resolution-body.ts';

const tags = ['staff'];
const review = z
  .object({
    order: z.int(),
    account: z.int(),
    accountName: z.string(),
    service: z.int(),
    serviceName: z.string(),
    status: z.enum(ORDER_STATUSES),
    attention: z.enum(ATTENTIONS),
    reason: z.string().nullable(),
    delivered: z.int(),
    totalQuantity: z.int(),
    held: z.string().openapi({ description: 'The money that is held for the order; 0 once it is settled' }),
    currency: z.string(),
    batches: z
      .array(
        z.object({
          batch: z.int(),
          provider: z.int().nullable(),
          providerName: z.string().nullable(),
          providerOrder: z.string().nullable(),
        }),
      )
      .openapi({
        description: `The last ${LIMITS.openBatchesShown} batches that have not ended, with the provider that has them or may have them`,
      }),
    createdAt: z.iso.datetime(),
    since: z.iso.datetime().nullable().openapi({ description: 'When the order began to wait' }),
    by: z.string().nullable(),
    why: z.string().nullable(),
    actions: z.array(z.enum(RESOLUTIONS)).openapi({ description: 'The actions that resolve accepts now' }),
    uncertain: z.array(attemptSchema).openapi({ description: 'Attempts that may or may not have been placed' }),
  })
  .openapi('Review');

/** The answer of the order's workflow. It holds the provider's order ids, so it is for staff alone. */
const liveOrder = z
  .object({
    orderId: z.int(),
    status: z.enum(ORDER_STATUSES),
    attention: z.enum(ATTENTIONS),
    reason: z.string().nullable(),
    totalQuantity: z.int(),
    delivered: z.int(),
    price: z.string(),
    charge: z.string(),
    refunded: z.string(),
    runs: z.int(),
    runsBegun: z.int(),
    nextRunAt: z.iso.datetime().nullable(),
    queued: z.boolean().openapi({ description: 'Whether the order waits for an earlier order for its link' }),
    parked: z.string().nullable().openapi({
      description: 'Why the order stands still: the step that PostgreSQL refuses to store, and when it is tried again',
    }),
    batches: z
      .array(
        z.object({
          batch: z.int(),
          quantity: z.int(),
          state: z.enum(['sending', 'running', 'uncertain', 'ended']),
          attempt: z.int(),
          provider: z.int().nullable(),
          providerOrder: z.string().nullable(),
          delivered: z.int(),
        }),
      )
      .readonly()
      .openapi({ description: 'Batches that have not ended' }),
    refillUntil: z.iso.datetime().nullable(),
    refill: z
      .object({ id: z.int().nullable(), status: z.enum(REFILL_STATUSES), missing: z.int().nullable() })
      .nullable(),
    events: z.array(z.string()).readonly(),
  })
  .openapi('LiveOrder');

const reviewQuery = {
  attention: z.enum(ATTENTIONS).exclude(['none']).optional(),
  provider: idQuery.optional().openapi({ description: 'The provider that has the order, or may have it' }),
  service: idQuery.optional(),
  from: timestamp.optional().openapi({ description: 'Orders placed at this moment or later' }),
  to: timestamp.optional().openapi({ description: 'Orders placed before this moment' }),
};

const reviewView = (
  { createdAt, since, held, batches, ...row }: ListedReview,
  attempts: readonly AttemptRow[],
  currency: string,
) => ({
  ...row,
  held: formatMoney(held),
  currency,
  batches: [...batches],
  uncertain: attempts.filter(({ order }) => order === row.order).map(attemptView),
  createdAt: createdAt.toISOString(),
  since: timeOf(since),
  actions: [...allowedResolutions(row.attention)],
});

/** @throws Refusal `order_not_found`. */
export async function anyOrder(deps: Deps, c: ApiContext, text: string): Promise<OrderRow> {
  const id = readId(text);
  const order = id === undefined ? undefined : await reading(deps, c, (sql) => readOrder(sql, id));
  if (order === undefined) throw new Refusal('order_not_found');
  return order;
}

const reviews = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/reviews',
    scope: 'admin',
    tags,
    summary: 'Orders that wait for a person, oldest first',
    request: { query: pageQuery(reviewQuery) },
    responses: answersWith(200, 'A page of orders', page(review)),
  },
  async (c, deps) => {
    const { limit, cursor, ...filter } = c.req.valid('query');
    const { rows, stoppedAt } = await reading(deps, c, (sql) =>
      listReviews(sql, { ...filter, after: decodeCursor(cursor) }, limit + 1),
    );
    const orders = rows.filter((row) => row.attention === 'uncertain').map(({ order }) => order);
    const uncertain = await reading(deps, c, (sql) => attemptsOf(sql, orders, 'unknown', LIMITS.attemptsShown));
    return c.json(
      pageOf(
        rows,
        limit,
        ({ order }) => order,
        (row) => reviewView(row, uncertain, deps.config.CURRENCY),
        stoppedAt,
      ),
      200,
    );
  },
);

const resolve = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/orders/{id}/resolve',
    scope: 'admin',
    tags,
    summary: 'Decide about an order that waits for a person',
    description:
      'The attention of the order decides which actions are possible; any other is refused, and noted in the timeline. When a refill waits, the decision is about the refill: `extend` waits on, `complete` closes it as Completed, `cancel` closes it as Rejected, `partial` gives back what is above `delivered`.',
    idempotency: 'optional',
    request: { params: idParam, body: jsonBody(resolutionBody) },
    responses: answersWith(202, 'The decision was accepted', acceptedSchema),
  },
  async (c, deps) => {
    const { id } = c.req.valid('param');
    const body = c.req.valid('json');
    const taken = await repeatable(c, deps, { id, body }, async (updateId) => {
      const order = await anyOrder(deps, c, id);
      const resolution = readResolution(body, order.totalQuantity);
      if (typeof resolution === 'string') throw new InvalidRequest([{ path: '', message: resolution }]);
      const message: ResolveMessage = {
        ...resolution,
        by: byStaff(c.get('caller')),
        ...(body.reason === undefined ? {} : { reason: body.reason }),
      };
      await withTimeout(QUERY_MS, audit(deps.sql, c, body));
      const sentence = await askOrder(deps, {
        asker: c.get('caller').accountId,
        order,
        update: resolveUpdate,
        message,
        updateId,
      });
      return { id: order.id, message: sentence };
    });
    return c.json(acceptedView(taken), 202);
  },
);

const workflow = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/orders/{id}/workflow',
    scope: 'admin',
    tags,
    summary: 'An order as its workflow knows it at this moment',
    request: { params: idParam },
    responses: answersWith(200, 'The answer of the workflow', liveOrder),
  },
  async (c, deps) => {
    const { id } = await anyOrder(deps, c, c.req.valid('param').id);
    return c.json(await queryOrder(deps, id), 200);
  },
);

export const adminOrderRoutes = [reviews, resolve, workflow];
