import { z } from '@hono/zod-openapi';
import { isUniqueViolation, type Tx } from '../../db/client.ts';
import { attemptsOf } from '../../db/dispatch/attempt-views.ts';
import { addLateOrder, type LateOrder, listLateOrders } from '../../db/dispatch/late-orders.ts';
import { Refusal } from '../../domain/errors.ts';
import { formatMoney } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { once } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { byStaff } from '../order/ask-order.ts';
import { anyOrder } from '../review/admin-orders.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import {
  answersWith,
  idParam,
  intBetween,
  jsonBody,
  page,
  pageQuery,
  providerOrder,
  reasonText,
  timeOf,
} from '../v1/schemas.ts';
import { attemptSchema, attemptView } from './attempt-view.ts';

const tags = ['staff'];
const MOST = 1_000_000;

const lateOrder = z
  .object({
    id: z.int(),
    order: z.int(),
    batch: z.int(),
    attempt: z.int(),
    provider: z.int(),
    providerName: z.string(),
    providerOrder: z.string(),
    foundBy: z.string(),
    at: z.iso.datetime(),
    providerStatus: z.string().nullable(),
    loss: z
      .string()
      .nullable()
      .openapi({ description: 'What the late order cost us; null until it has ended at the provider' }),
    bookedAt: z.iso.datetime().nullable(),
  })
  .openapi('LateOrder');

const lateView = ({ at, loss, bookedAt, ...row }: LateOrder) => ({
  ...row,
  at: at.toISOString(),
  loss: loss === null ? null : formatMoney(loss),
  bookedAt: timeOf(bookedAt),
});

/** The one decided attempt of a batch: only that attempt can have placed the late order. @throws Refusal `not_possible`. */
async function decidedAttempt(tx: Tx, orderId: number, batch: number): Promise<number> {
  const all = await attemptsOf(tx, [orderId], 'all', LIMITS.attemptsShown);
  const decided = all.filter((one) => one.batch === batch && ['released', 'refused'].includes(one.state));
  const [only] = decided;
  if (decided.length > 1)
    throw new Refusal('not_possible', 'the batch has several decided attempts: name one in `attempt`');
  if (only === undefined)
    throw new Refusal('not_possible', 'the batch has no decided attempt: see the attempts of the order');
  return only.attempt;
}

const attempts = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/orders/{id}/attempts',
    scope: 'admin',
    tags,
    summary: 'Every attempt to place an order with a provider, newest first',
    request: { params: idParam },
    responses: answersWith(200, 'The attempts', z.object({ data: z.array(attemptSchema) })),
  },
  async (c, deps) => {
    const { id } = await anyOrder(deps, c, c.req.valid('param').id);
    const rows = await reading(deps, c, (sql) => attemptsOf(sql, [id], 'all', LIMITS.attemptsShown));
    return c.json({ data: rows.map(attemptView) }, 200);
  },
);

const late = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/orders/{id}/late-orders',
    scope: 'admin',
    tags,
    summary: "Report a provider's order that turned up late",
    description:
      'An order is late when its attempt was decided as not placed or given up, and the provider has it after all. Holdfast asks the provider to stop it and books its cost as a loss. The customer is not charged, and the order of the customer stays as it is. While an attempt is still `unknown`, resolve it with `attach` instead.',
    idempotency: 'required',
    request: {
      params: idParam,
      body: jsonBody(
        z
          .strictObject({
            providerOrder,
            batch: intBetween(1, MOST).default(1),
            attempt: intBetween(1, MOST)
              .optional()
              .openapi({ description: 'Required when the batch has several decided attempts' }),
            reason: reasonText.optional(),
          })
          .openapi('NewLateOrder'),
      ),
    },
    responses: answersWith(201, 'The late order, which Holdfast now follows', lateOrder),
  },
  async (c, deps) => {
    const body = c.req.valid('json');
    const order = await anyOrder(deps, c, c.req.valid('param').id);
    const { batch } = body;
    const answer = await once(c, deps, {
      request: { id: order.id, body },
      effect: async (tx) => {
        const attempt = body.attempt ?? (await decidedAttempt(tx, order.id, batch));
        const key = { orderId: order.id, batch, attempt };
        const added = await addLateOrder(tx, key, body.providerOrder, byStaff(c.get('caller'))).catch((error) => {
          if (!isUniqueViolation(error)) throw error;
          throw new Refusal('conflict', 'this order of the provider belongs to another attempt or late order');
        });
        if (added === undefined) {
          throw new Refusal('not_possible', 'the attempt has not been decided: resolve the order with `attach`');
        }
        return lateView(added);
      },
    });
    return c.json(answer, 201);
  },
);

const lateOrders = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/late-orders',
    scope: 'admin',
    tags,
    summary: 'Late orders and their losses, newest first',
    request: { query: pageQuery({}) },
    responses: answersWith(200, 'A page of late orders', page(lateOrder)),
  },
  async (c, deps) => {
    const { limit, cursor } = c.req.valid('query');
    const rows = await reading(deps, c, (sql) => listLateOrders(sql, { before: decodeCursor(cursor) }, limit + 1));
    return c.json(
      pageOf(rows, limit, ({ id }) => id, lateView),
      200,
    );
  },
);

export const adminAttemptRoutes = [attempts, late, lateOrders];
