import { z } from '@hono/zod-openapi';
import { ALERT_KINDS, type Alert, listAlerts } from '../../db/reconcile/alerts.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, isYes, page, pageQuery, timeOf, yesOrNo } from '../v1/schemas.ts';

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

const alertView = ({ at, resolvedAt, ...rest }: Alert) => ({
  ...rest,
  at: at.toISOString(),
  resolvedAt: timeOf(resolvedAt),
});

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/alerts',
    scope: 'admin',
    tags: ['staff'],
    summary: 'Alerts, newest first',
    request: { query: pageQuery({ open: yesOrNo }) },
    responses: answersWith(200, 'A page of alerts', page(alert)),
  },
  async (c, deps) => {
    const { limit, cursor, open } = c.req.valid('query');
    const filter = { open: isYes(open), before: decodeCursor(cursor) };
    const rows = await reading(deps, c, (sql) => listAlerts(sql, filter, limit + 1));
    return c.json(
      pageOf(rows, limit, ({ id }) => id, alertView),
      200,
    );
  },
);

export const adminAlertRoutes = [list];
