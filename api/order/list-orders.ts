import { z } from '@hono/zod-openapi';
import { listOrders, type OrderFilter } from '../../db/order/order-list.ts';
import { type ActionableOrder, batchesByOrder } from '../../db/order/orders.ts';
import { LIMITS } from '../../domain/limits.ts';
import { ATTENTIONS, ORDER_STATUSES } from '../../domain/order/status.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { CSV_NOTE, csvAnswer, lastOf, pagesFrom, wantsCsv, withCsv } from '../http/csv.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { idsQuery, readIds, someOf } from '../v1/queries.ts';
import { answersWith, idQuery, isYes, page, pageQuery, printableText, timestamp, yesOrNo } from '../v1/schemas.ts';
import { ORDER_COLUMNS } from './order-csv.ts';
import { type CurrentOrder, currentOrder, currentOrderSchema } from './order-view.ts';

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/orders',
    scope: 'orders:read',
    tags: ['orders'],
    summary: 'Orders, newest first or oldest first',
    description: CSV_NOTE,
    request: {
      query: pageQuery({
        ids: idsQuery.optional(),
        status: someOf(ORDER_STATUSES).optional(),
        attention: someOf(ATTENTIONS).optional(),
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
    responses: withCsv(answersWith(200, 'A page of orders', page(currentOrderSchema))),
  },
  async (c, deps) => {
    const {
      limit,
      cursor,
      ids: given,
      status = [],
      attention = [],
      archived,
      dripFeed,
      ...rest
    } = c.req.valid('query');
    const { accountId } = c.get('caller');
    const chosen = {
      ids: given === undefined ? undefined : readIds(given),
      archived: isYes(archived),
      dripFeed: isYes(dripFeed),
    };
    const filter = { ...rest, ...chosen, status, attention, after: decodeCursor(cursor) };
    if (wantsCsv(c)) {
      return csvAnswer(c, deps, { name: 'orders', columns: ORDER_COLUMNS, pages: pagesOf(deps, c, filter) });
    }
    const { rows: orders, stoppedAt } = await reading(deps, c, (sql) => listOrders(sql, accountId, filter, limit + 1));
    const ids = orders.map(({ id }) => id);
    const batches = await reading(deps, c, (sql) => batchesByOrder(sql, ids, LIMITS.batchesShown));
    const now = new Date();
    const view = (order: ActionableOrder) =>
      currentOrder(order, batches.get(order.id) ?? [], deps.config.CURRENCY, now);
    return c.json(
      pageOf(orders, limit, ({ id }) => id, view, stoppedAt),
      200,
    );
  },
);

/** All orders that a filter finds, page by page. */
function pagesOf(deps: Deps, c: ApiContext, filter: OrderFilter): AsyncIterator<readonly CurrentOrder[], void> {
  const { accountId } = c.get('caller');
  return pagesFrom(filter.after, async (after) => {
    const from = { ...filter, after };
    const { rows, stoppedAt } = await reading(deps, c, (sql) => listOrders(sql, accountId, from, LIMITS.csvPage));
    const now = new Date();
    return {
      rows: rows.map((order) => currentOrder(order, [], deps.config.CURRENCY, now)),
      next: lastOf(rows, ({ id }) => id) ?? stoppedAt,
    };
  });
}

export const listOrderRoutes = [list];
