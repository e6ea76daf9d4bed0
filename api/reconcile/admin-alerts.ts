import { createRoute, z } from '@hono/zod-openapi';
import { ALERT_KINDS, type Alert, listAlerts } from '../../db/reconcile/alerts.ts';
import type { Deps } from '../deps.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { answersWith, isYes, page, pageQuery, problemAnswer, routes, timeOf, yesOrNo } from '../v1/routes.ts';

const alert = z
  .object({
    id: z.int(),
    kind: z.enum(ALERT_KINDS),
    subject: z.string().openapi({ example: 'provider:3' }),
    detail: z.string().openapi({ example: 'funds' }),
    at: z.iso.datetime(),
    resolvedAt: z.iso.datetime().nullable(),
  })
  .openapi('Alert');

const list = createRoute({
  method: 'get',
  path: '/v1/admin/alerts',
  tags: ['staff'],
  summary: 'What the operator must look at, newest first',
  request: { query: pageQuery({ open: yesOrNo }) },
  responses: { ...answersWith(200, 'A page of alerts', page(alert)), default: problemAnswer },
});

const alertView = ({ at, resolvedAt, ...rest }: Alert) => ({
  ...rest,
  at: at.toISOString(),
  resolvedAt: timeOf(resolvedAt),
});

export const adminAlertRoutes = (deps: Deps) =>
  routes().openapi(list, async (c) => {
    const { limit, cursor, open } = c.req.valid('query');
    const filter = { open: isYes(open), before: decodeCursor(cursor) };
    const rows = await reading(deps, c, (sql) => listAlerts(sql, filter, limit + 1));
    return c.json(
      pageOf(rows, limit, ({ id }) => id, alertView),
      200,
    );
  });
