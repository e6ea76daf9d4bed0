import type { Tx } from '../../db/client.ts';
import {
  type BulkResult,
  type BulkRow,
  bulkEffect,
  bulkResults,
  createBulkResolution,
  findBulkResolution,
} from '../../db/review/bulk-resolutions.ts';
import { Refusal } from '../../domain/errors.ts';
import { formatMoney } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { actionOf } from '../../domain/review/order-actions.ts';
import type { Resolution } from '../../domain/review/resolution.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { InvalidRequest } from '../http/problems.ts';
import { idempotencyKey, once } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { byStaff } from '../order/ask-order.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readId } from '../v1/ids.ts';
import { answersWith, idParam, jsonBody, pageQuery, timeOf } from '../v1/schemas.ts';
import {
  type BulkResolutionBody,
  bulkPageSchema,
  bulkResolutionBody,
  bulkSchema,
  dryRunSchema,
} from './bulk-resolution-bodies.ts';
import { startBulkResolution } from './start-bulk-resolution.ts';

const tags = ['staff'];
/** Where the progress of every decision about many orders is. */
export const PROGRESS_PATH = '/v1/admin/reviews/resolutions';

export const bulkView = ({ actor, resolution, createdAt, endedAt, ...row }: BulkRow) => ({
  ...row,
  by: actor,
  action: actionOf(resolution),
  status: row.waiting > 0 ? ('deciding' as const) : ('ended' as const),
  createdAt: createdAt.toISOString(),
  endedAt: timeOf(endedAt),
});
const resultView = ({ at, ...result }: BulkResult) => ({ ...result, at: timeOf(at) });

/** The orders of a decision. @throws InvalidRequest unless either ids or a filter is given. */
export function setOf<F>({
  ids,
  filter,
}: {
  readonly ids?: readonly number[] | undefined;
  readonly filter?: F | undefined;
}): { readonly ids: readonly number[] } | { readonly filter: F } {
  if (ids !== undefined && filter === undefined) return { ids };
  if (ids === undefined && filter !== undefined) return { filter };
  throw new InvalidRequest([{ path: '', message: 'needs either ids or a filter' }]);
}

/** @throws Refusal `not_found`. */
async function bulkOf(deps: Deps, c: ApiContext, text: string): Promise<BulkRow> {
  const id = readId(text);
  const row = id === undefined ? undefined : await reading(deps, c, (sql) => findBulkResolution(sql, id));
  if (row === undefined) throw new Refusal('not_found', 'decision not found');
  return row;
}

/**
 * Stores a decision about many orders, once for an Idempotency-Key, and starts the workflow that carries it out. `store` returns
 * the id of the decision, or undefined when it is about too many orders.
 * @throws Refusal `too_many_orders`.
 */
export async function takeDecision(
  deps: Deps,
  c: ApiContext,
  request: unknown,
  store: (tx: Tx) => Promise<number | undefined>,
): Promise<BulkRow> {
  const effect = async (tx: Tx) => {
    const id = await store(tx);
    if (id === undefined) throw new Refusal('too_many_orders', `at most ${LIMITS.bulkOrders}: narrow the filter`);
    return { id };
  };
  const { id } = await once(c, deps, { request, effect });
  const row = await bulkOf(deps, c, String(id));
  if (row.endedAt === null) await startBulkResolution(deps, id, row.total);
  return row;
}

/** @throws InvalidRequest without a reason. */
export function neededReason(reason = ''): string {
  if (reason === '') throw new InvalidRequest([{ path: 'reason', message: 'is required, unless it is a dry run' }]);
  return reason;
}

async function decideMany(deps: Deps, c: ApiContext, body: BulkResolutionBody): Promise<BulkRow> {
  const set = setOf(body);
  const { ids: _, filter: __, dryRun: ___, reason: given, ...resolution } = body;
  const reason = neededReason(given);
  const actor = byStaff(c.get('caller'));
  const wanted = { set, resolution: resolution as Resolution, actor, reason, most: LIMITS.bulkOrders };
  return takeDecision(deps, c, body, (tx) => createBulkResolution(tx, wanted));
}

const resolveMany = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/reviews/resolve',
    scope: 'admin',
    tags,
    summary: 'Decide about many waiting orders at once',
    description: `The decision is about the orders in ids, or about all that match the filter at this moment; at most ${LIMITS.bulkOrders}. Each order is decided about once and has its own result; an order that no longer waits is refused. If an order has several uncertain batches, the decision is about each.`,
    idempotency: 'required',
    request: { body: jsonBody(bulkResolutionBody) },
    responses: {
      ...answersWith(200, 'A dry run: what the decision would do', dryRunSchema),
      ...answersWith(202, 'The decision was accepted, and a workflow carries it out', bulkSchema),
    },
  },
  async (c, deps) => {
    const body = c.req.valid('json');
    idempotencyKey(c.req.header('idempotency-key'));
    if (body.dryRun) {
      const set = setOf(body);
      const { held, ...effect } = await reading(deps, c, (sql) => bulkEffect(sql, set, body.action));
      return c.json({ dryRun: true as const, ...effect, held: formatMoney(held), currency: deps.config.CURRENCY }, 200);
    }
    const row = await decideMany(deps, c, body);
    c.header('Location', `${PROGRESS_PATH}/${row.id}`);
    return c.json(bulkView(row), 202);
  },
);

const get = defineRoute(
  {
    method: 'get',
    path: `${PROGRESS_PATH}/{id}`,
    scope: 'admin',
    tags,
    summary: "The progress of a decision about many orders, and each order's result",
    description: 'Of a decision of reviews/resolve, and of orders/actions.',
    request: { params: idParam, query: pageQuery({}) },
    responses: answersWith(200, 'The decision, with a page of its orders', bulkPageSchema),
  },
  async (c, deps) => {
    const bulk = await bulkOf(deps, c, c.req.valid('param').id);
    const { limit, cursor } = c.req.valid('query');
    const results = await reading(deps, c, (sql) => bulkResults(sql, bulk.id, decodeCursor(cursor) ?? 0, limit + 1));
    return c.json({ ...bulkView(bulk), ...pageOf(results, limit, ({ order }) => order, resultView) }, 200);
  },
);

export const bulkResolutionRoutes = [resolveMany, get];
