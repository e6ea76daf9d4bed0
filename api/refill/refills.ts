import { z } from '@hono/zod-openapi';
import { withTimeout } from '../../db/client.ts';
import { findRefills, type RefillRow, refillsOf, refillsOfAccount } from '../../db/refill/refills.ts';
import { Refusal } from '../../domain/errors.ts';
import { REFILL_STATUSES, REFUSED_BY_PROVIDER } from '../../domain/refill/rules.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { repeatable } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { byCustomer } from '../order/ask-order.ts';
import { askManyOrders, manyOrdersBody, manyOrdersRow } from '../order/many-orders.ts';
import { readReason, reasonBody } from '../order/order-actions.ts';
import { ownOrder } from '../order/own-order.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam, jsonBody, page, pageQuery, timeOf } from '../v1/schemas.ts';
import { askForRefill } from './request-refill.ts';

const refillSchema = z
  .object({
    id: z.int(),
    order: z.int(),
    status: z.enum(REFILL_STATUSES),
    missing: z
      .int()
      .nullable()
      .openapi({ description: 'Items that are gone from the target; null when the target was not counted' }),
    reason: z.string().nullable(),
    rejection: z
      .string()
      .nullable()
      .openapi({ description: 'Why the provider refused the refill; null when it did not, or when a person decided' }),
    requestedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .openapi('Refill');

/** A refill as the order's account may read it: without the notes of staff. */
const refillView = ({ requestedBy, reason, why, requestedAt, endedAt, ...row }: RefillRow, accountId: number) => ({
  ...row,
  reason: requestedBy === byCustomer(accountId) ? reason : null,
  rejection: REFUSED_BY_PROVIDER.find((refusal) => refusal === why) ?? null,
  requestedAt: requestedAt.toISOString(),
  endedAt: timeOf(endedAt),
});

const create = defineRoute(
  {
    method: 'post',
    path: '/v1/orders/{id}/refills',
    scope: 'orders:write',
    tags: ['orders'],
    summary: 'Ask for a refill of a Completed order',
    description:
      'Possible within refillDays of the Completed timestamp, one refill at a time, with a rest between two. A refusal says why. A repeat does no harm: it is refused while the first refill is under way.',
    idempotency: 'optional',
    request: { params: idParam, body: reasonBody },
    responses: answersWith(202, 'The refill that was requested', refillSchema),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const { id } = c.req.valid('param');
    const { reason } = await readReason(c);
    const taken = await repeatable(c, deps, { id, reason }, async (updateId) => {
      const order = await ownOrder(deps, c, id);
      const message = { by: byCustomer(accountId), ...(reason === undefined ? {} : { reason }) };
      return { refill: await askForRefill(deps, { asker: accountId, order, message, updateId }) };
    });
    const [row] = await withTimeout(QUERY_MS, findRefills(deps.sql, accountId, [taken.refill]));
    if (row === undefined) throw new Refusal('outcome_unknown');
    c.header('Location', `/v1/orders/${row.order}/refills`);
    return c.json(refillView(row, accountId), 202);
  },
);

const manyRefills = z
  .object({ data: z.array(z.object({ ...manyOrdersRow, refill: z.union([refillSchema, z.null()]) })) })
  .openapi('ManyRefills');

const createMany = defineRoute(
  {
    method: 'post',
    path: '/v1/orders/refills',
    scope: 'orders:write',
    tags: ['orders'],
    summary: 'Ask for refills of many orders, each with its own answer',
    description:
      'As `POST /v1/orders/{id}/refills` for each id. An order that cannot be refilled, or that is not yours, is refused in its own row and stops no other.',
    idempotency: 'required',
    request: { body: jsonBody(manyOrdersBody) },
    responses: answersWith(200, 'A row for each id, in the order asked', manyRefills),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const body = c.req.valid('json');
    const message = { by: byCustomer(accountId), ...(body.reason === undefined ? {} : { reason: body.reason }) };
    const rows = await askManyOrders(c, deps, body, (order, updateId) =>
      askForRefill(deps, { asker: accountId, order, message, updateId }),
    );
    const ids = rows.flatMap(({ answer }) => answer ?? []);
    const found = await withTimeout(QUERY_MS, findRefills(deps.sql, accountId, ids));
    const views = new Map(found.map((row) => [row.id, refillView(row, accountId)]));
    const data = rows.map(({ answer, ...row }) => ({ ...row, refill: views.get(answer ?? 0) ?? null }));
    return c.json({ data }, 200);
  },
);

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/orders/{id}/refills',
    scope: 'orders:read',
    tags: ['orders'],
    summary: 'The refills of an order, newest first',
    request: { params: idParam, query: pageQuery({}) },
    responses: answersWith(200, 'A page of refills', page(refillSchema)),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const order = await ownOrder(deps, c, c.req.valid('param').id);
    const { limit, cursor } = c.req.valid('query');
    const rows = await reading(deps, c, (sql) => refillsOf(sql, order.id, decodeCursor(cursor), limit + 1));
    return c.json(
      pageOf(
        rows,
        limit,
        ({ id }) => id,
        (row) => refillView(row, accountId),
      ),
      200,
    );
  },
);

const listAll = defineRoute(
  {
    method: 'get',
    path: '/v1/refills',
    scope: 'orders:read',
    tags: ['orders'],
    summary: 'The refills of all your orders, newest first',
    request: { query: pageQuery({ status: z.enum(REFILL_STATUSES).optional() }) },
    responses: answersWith(200, 'A page of refills', page(refillSchema)),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const { limit, cursor, status } = c.req.valid('query');
    const filter = { status, before: decodeCursor(cursor) };
    const rows = await reading(deps, c, (sql) => refillsOfAccount(sql, accountId, filter, limit + 1));
    return c.json(
      pageOf(
        rows,
        limit,
        ({ id }) => id,
        (row) => refillView(row, accountId),
      ),
      200,
    );
  },
);

export const refillRoutes = [createMany, create, list, listAll];
