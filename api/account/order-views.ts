import { z } from '@hono/zod-openapi';
import { deleteOrderView, keepOrderView, listOrderViews } from '../../db/account/order-views.ts';
import { withTimeout } from '../../db/client.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { TRANSACTION_MS } from '../http/timeouts.ts';
import { once } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readId } from '../v1/ids.ts';
import { answersWith, idParam, jsonBody, printableText } from '../v1/schemas.ts';

const tags = ['orders'];

const fields = {
  name: printableText(LIMITS.viewName),
  query: printableText(LIMITS.viewQuery).openapi({
    description: 'The query string of the page `/app/orders`, without the question mark',
    example: 'status=open&service=1',
  }),
};

const view = z.object({ id: z.int(), name: z.string(), query: z.string() }).openapi('OrderListView');

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/views',
    scope: 'orders:read',
    tags,
    summary: 'Your saved views of the list of orders, by name',
    responses: answersWith(200, `All of them, at most ${LIMITS.orderViews}`, z.object({ data: z.array(view) })),
  },
  async (c, deps) => {
    const data = await reading(deps, c, (sql) => listOrderViews(sql, c.get('caller').accountId));
    return c.json({ data }, 200);
  },
);

const save = defineRoute(
  {
    method: 'post',
    path: '/v1/views',
    scope: 'orders:write',
    tags,
    summary: 'Save a view of the list of orders, in place of the one with the same name',
    idempotency: 'required',
    request: { body: jsonBody(z.strictObject(fields).openapi('NewOrderListView')) },
    responses: answersWith(201, 'The view', view),
  },
  async (c, deps) => {
    const body = c.req.valid('json');
    const { accountId } = c.get('caller');
    const answer = await once(c, deps, { request: body, effect: (tx) => keepOrderView(tx, accountId, body) });
    return c.json(answer, 201);
  },
);

const remove = defineRoute(
  {
    method: 'delete',
    path: '/v1/views/{id}',
    scope: 'orders:write',
    tags,
    summary: 'Delete a saved view',
    request: { params: idParam },
    responses: answersWith(200, 'The view, deleted', view),
  },
  async (c, deps) => {
    const id = readId(c.req.valid('param').id);
    const work = id === undefined ? undefined : deleteOrderView(deps.sql, c.get('caller').accountId, id);
    const deleted = work && (await withTimeout(TRANSACTION_MS, work));
    if (deleted === undefined) throw new Refusal('not_found', 'view not found');
    return c.json(deleted, 200);
  },
);

export const orderViewRoutes = [list, save, remove];
