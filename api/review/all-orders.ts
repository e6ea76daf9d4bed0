import { z } from '@hono/zod-openapi';
import { attemptsOf } from '../../db/dispatch/attempt-views.ts';
import {
  listAllOrders,
  ORDER_SORTS,
  ordersAtProvider,
  readStaffOrder,
  type StaffOrderRow,
} from '../../db/review/all-orders.ts';
import { lastEvents, orderFacts, orderMoney, type StaffBatchRow, staffBatchesOf } from '../../db/review/order-file.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { ATTENTIONS, ORDER_STATUSES } from '../../domain/order/status.ts';
import { attemptView } from '../dispatch/attempt-view.ts';
import { InvalidRequest } from '../http/problems.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readId } from '../v1/ids.ts';
import {
  answersWith,
  idParam,
  idQuery,
  isYes,
  page,
  pageQuery,
  printableText,
  providerOrder,
  timestamp,
  yesOrNo,
} from '../v1/schemas.ts';
import { staffOrderSchema, staffOrderView } from './all-order-view.ts';
import { orderFileSchema, orderFileView } from './order-file-view.ts';

const tags = ['staff'];

const query = pageQuery({
  sort: z.enum(ORDER_SORTS).default('newest').openapi({
    description: 'age: only orders In progress, the one that has been In progress for the longest time first',
  }),
  account: idQuery.optional(),
  service: idQuery.optional(),
  provider: idQuery.optional().openapi({ description: 'A provider that has, or had, a batch of the order' }),
  providerOrder: providerOrder.optional().openapi({ description: 'The id of an order at its provider, whole' }),
  link: printableText(LIMITS.link).optional().openapi({ description: 'The link of the order, as it was given' }),
  status: z.enum(ORDER_STATUSES).optional(),
  attention: z.enum(ATTENTIONS).optional(),
  archived: yesOrNo.openapi({ description: 'As in GET /v1/orders' }),
  from: timestamp.optional().openapi({ description: 'Orders placed at this moment or later' }),
  to: timestamp.optional().openapi({ description: 'Orders placed before this moment' }),
});

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/orders',
    scope: 'admin',
    tags,
    summary: 'The orders of all accounts, newest first',
    request: { query },
    responses: answersWith(200, 'A page of orders', page(staffOrderSchema)),
  },
  async (c, deps) => {
    const { limit, cursor, archived, providerOrder, ...rest } = c.req.valid('query');
    if (rest.sort === 'age' && rest.status !== undefined && rest.status !== 'In progress')
      throw new InvalidRequest([{ path: 'status', message: 'is In progress when sort is age' }]);
    const ids =
      providerOrder === undefined
        ? undefined
        : await reading(deps, c, (sql) => ordersAtProvider(sql, providerOrder, rest.provider));
    const filter = { ...rest, ids, archived: isYes(archived), after: decodeCursor(cursor) };
    const { rows, stoppedAt } = await reading(deps, c, (sql) => listAllOrders(sql, filter, limit + 1));
    const orders = rows.map(({ id }) => id);
    const all = await reading(deps, c, (sql) => staffBatchesOf(sql, orders, LIMITS.batchesShown));
    const batches = new Map<number, StaffBatchRow[]>(orders.map((id) => [id, []]));
    for (const batch of all) batches.get(batch.order)?.push(batch);
    const now = new Date();
    const view = (order: StaffOrderRow) =>
      staffOrderView(order, batches.get(order.id) ?? [], deps.config.CURRENCY, now);
    return c.json(
      pageOf(rows, limit, ({ id }) => id, view, stoppedAt),
      200,
    );
  },
);

const get = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/orders/{id}',
    scope: 'admin',
    tags,
    summary: 'One order of any account, with its attempts, its money and its last events',
    request: { params: idParam },
    responses: answersWith(200, 'The order', orderFileSchema),
  },
  async (c, deps) => {
    const id = readId(c.req.valid('param').id) ?? 0;
    const [order, facts] = await reading(deps, c, (sql) => Promise.all([readStaffOrder(sql, id), orderFacts(sql, id)]));
    if (order === undefined || facts === undefined) throw new Refusal('order_not_found');
    const [batches, attempts, money, events] = await reading(deps, c, (sql) =>
      Promise.all([
        staffBatchesOf(sql, [id], LIMITS.batchesShown),
        attemptsOf(sql, [id], 'all', LIMITS.attemptsShown),
        orderMoney(sql, id, LIMITS.moneyShown),
        lastEvents(sql, id, LIMITS.eventsShown),
      ]),
    );
    const view = staffOrderView(order, batches, deps.config.CURRENCY, new Date());
    return c.json(orderFileView(view, facts, { attempts: attempts.map(attemptView), money, events }), 200);
  },
);

export const allOrderRoutes = [list, get];
