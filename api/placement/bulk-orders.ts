import { createRoute, z } from '@hono/zod-openapi';
import { within } from '../../db/client.ts';
import { cancelMass, findMass, type MassRow, massLines } from '../../db/placement/bulk-orders.ts';
import { Refusal } from '../../domain/errors.ts';
import type { ApiContext, Deps } from '../deps.ts';
import { TRANSACTION_MS } from '../http/timeouts.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { readId } from '../v1/ids.ts';
import { answersWith, idParam, pageQuery, problemAnswer, routes } from '../v1/routes.ts';
import { massLineView, massPageSchema, massSchema, massView } from './bulk-view.ts';

const get = createRoute({
  method: 'get',
  path: '/v1/orders/batch/{id}',
  tags: ['orders'],
  summary: 'How far a large list has come, and what became of its lines',
  request: { params: idParam, query: pageQuery({}) },
  responses: { ...answersWith(200, 'The list, with a page of its lines', massPageSchema), default: problemAnswer },
});

const cancel = createRoute({
  method: 'post',
  path: '/v1/orders/batch/{id}/cancel',
  tags: ['orders'],
  summary: 'Place no further line of a list',
  description: 'What was placed stays, and is canceled order by order. Asking twice does no harm.',
  request: { params: idParam },
  responses: {
    ...answersWith(202, 'The list as it is now', massSchema.extend({ canceledNow: z.int() })),
    default: problemAnswer,
  },
});

export function massRoutes(deps: Deps) {
  const { sql } = deps;

  /** @throws Refusal `not_found`, for another account's list too. */
  async function ownMass(c: ApiContext, text: string): Promise<MassRow> {
    const id = readId(text);
    const row =
      id === undefined ? undefined : await reading(deps, c, (sql) => findMass(sql, c.get('caller').accountId, id));
    if (row === undefined) throw new Refusal('not_found', 'there is no such list');
    return row;
  }

  return routes()
    .openapi(get, async (c) => {
      const mass = await ownMass(c, c.req.valid('param').id);
      const { limit, cursor } = c.req.valid('query');
      const lines = await reading(deps, c, (sql) => massLines(sql, mass.id, decodeCursor(cursor) ?? 0, limit + 1));
      return c.json({ ...massView(mass), ...pageOf(lines, limit, ({ line }) => line, massLineView) }, 200);
    })
    .openapi(cancel, async (c) => {
      const { id } = await ownMass(c, c.req.valid('param').id);
      const canceledNow = await within(TRANSACTION_MS, cancelMass(sql, id));
      return c.json({ ...massView(await ownMass(c, String(id))), canceledNow }, 202);
    });
}
