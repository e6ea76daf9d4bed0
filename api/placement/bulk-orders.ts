import { z } from '@hono/zod-openapi';
import { withTimeout } from '../../db/client.ts';
import {
  type BulkOrdersRow,
  bulkOrderLines,
  cancelBulkOrders,
  findBulkOrders,
  LINE_STATUSES,
} from '../../db/placement/bulk-orders.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { CSV_NOTE, csvAnswer, lastOf, pagesFrom, wantsCsv, withCsv } from '../http/csv.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readId } from '../v1/ids.ts';
import { answersWith, idParam, pageQuery } from '../v1/schemas.ts';
import {
  bulkLineView,
  bulkOrdersPageSchema,
  bulkOrdersSchema,
  bulkOrdersView,
  KEPT_LINE_COLUMNS,
} from './bulk-view.ts';

/** @throws Refusal `not_found`, for another account's list too. */
async function ownBulkOrders(deps: Deps, c: ApiContext, text: string): Promise<BulkOrdersRow> {
  const id = readId(text);
  const row =
    id === undefined ? undefined : await reading(deps, c, (sql) => findBulkOrders(sql, c.get('caller').accountId, id));
  if (row === undefined) throw new Refusal('not_found', 'list not found');
  return row;
}

const get = defineRoute(
  {
    method: 'get',
    path: '/v1/orders/batch/{id}',
    scope: 'orders:read',
    tags: ['orders'],
    summary: 'The progress of a large list, and the results of its lines',
    description: CSV_NOTE,
    request: { params: idParam, query: pageQuery({ status: z.enum(LINE_STATUSES).optional() }) },
    responses: withCsv(answersWith(200, 'The list, with a page of its lines', bulkOrdersPageSchema)),
  },
  async (c, deps) => {
    const list = await ownBulkOrders(deps, c, c.req.valid('param').id);
    const { limit, cursor, status } = c.req.valid('query');
    const filter = { after: decodeCursor(cursor) ?? 0, status };
    if (wantsCsv(c)) {
      const pages = linesFrom(deps, c, list.id, filter);
      return csvAnswer(c, deps, { name: `list-${list.id}`, columns: KEPT_LINE_COLUMNS, pages });
    }
    const lines = await reading(deps, c, (sql) => bulkOrderLines(sql, list.id, filter, limit + 1));
    return c.json({ ...bulkOrdersView(list), ...pageOf(lines, limit, ({ line }) => line, bulkLineView) }, 200);
  },
);

/** All lines of a list from behind a line on, page by page. */
const linesFrom = (deps: Deps, c: ApiContext, list: number, filter: Parameters<typeof bulkOrderLines>[2]) =>
  pagesFrom(filter.after, async (after) => {
    const from = { ...filter, after: after ?? 0 };
    const rows = await reading(deps, c, (sql) => bulkOrderLines(sql, list, from, LIMITS.csvPage));
    return { rows: rows.map(bulkLineView), next: lastOf(rows, (row) => row.line) };
  });

const cancel = defineRoute(
  {
    method: 'post',
    path: '/v1/orders/batch/{id}/cancel',
    scope: 'orders:write',
    tags: ['orders'],
    summary: 'Cancel the waiting lines of a list',
    description: 'Orders that were placed stay; cancel them one by one. A repeat does no harm.',
    request: { params: idParam },
    responses: answersWith(202, 'The list as it is now', bulkOrdersSchema.extend({ canceledNow: z.int() })),
  },
  async (c, deps) => {
    const { id } = await ownBulkOrders(deps, c, c.req.valid('param').id);
    const canceledNow = await withTimeout(QUERY_MS, cancelBulkOrders(deps.sql, id));
    return c.json({ ...bulkOrdersView(await ownBulkOrders(deps, c, String(id))), canceledNow }, 202);
  },
);

export const bulkOrderRoutes = [get, cancel];
