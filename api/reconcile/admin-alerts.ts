import { z } from '@hono/zod-openapi';
import type { Tx } from '../../db/client.ts';
import {
  acknowledgeAlert,
  canResolve,
  findAlert,
  RESOLVED_BY_STAFF,
  resolveByStaff,
  snoozeAlert,
} from '../../db/reconcile/alert-acts.ts';
import { ALERT_KINDS, type Alert, listAlerts } from '../../db/reconcile/alerts.ts';
import { Refusal } from '../../domain/errors.ts';
import { changeByStaff } from '../account/audit.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { reading } from '../limits/reads.ts';
import { byStaff } from '../order/ask-order.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readId } from '../v1/ids.ts';
import {
  answersWith,
  idParam,
  intBetween,
  isYes,
  jsonBody,
  page,
  pageQuery,
  staffReason,
  timeOf,
  yesOrNo,
} from '../v1/schemas.ts';

/** A year. */
const MOST_MINUTES = 525_600;

const time = z.iso.datetime().nullable();

const alert = z
  .object({
    id: z.int(),
    kind: z.enum(ALERT_KINDS),
    subject: z.string().openapi({ example: 'provider:3' }),
    subjectName: z
      .string()
      .nullable()
      .openapi({ description: 'The name of the provider or service that the subject is about; null for any other' }),
    detail: z.string().openapi({ example: 'funds' }),
    at: z.iso.datetime(),
    resolvedAt: time,
    resolvedBy: z.string().nullable().openapi({ description: 'Who of staff resolved it; null: it ended by itself' }),
    canResolve: z.boolean().openapi({ description: 'Whether staff can resolve it now' }),
    acknowledgedAt: time.openapi({ description: 'When a member of staff said that they have seen it' }),
    acknowledgedBy: z.string().nullable(),
    snoozedUntil: time.openapi({ description: 'Until then staff do not want to see it' }),
    snoozedBy: z.string().nullable(),
  })
  .openapi('Alert');

const alertView = (alert: Alert) => {
  const { at, resolvedAt, acknowledgedAt, snoozedUntil, ...rest } = alert;
  return {
    ...rest,
    at: at.toISOString(),
    resolvedAt: timeOf(resolvedAt),
    acknowledgedAt: timeOf(acknowledgedAt),
    snoozedUntil: timeOf(snoozedUntil),
    canResolve: canResolve(alert),
  };
};

/** The refusal of an act on an alert that could not be done. */
async function whyNotDone(tx: Tx, id: number): Promise<Refusal> {
  const alert = await findAlert(tx, id);
  if (alert === undefined) return new Refusal('not_found', 'alert not found');
  return alert.resolvedAt === null
    ? new Refusal('conflict', `an alert ${alert.kind} ends by itself when its cause is over; acknowledge or snooze it`)
    : new Refusal('conflict', 'the alert has ended; when its cause comes back, it is a new alert');
}

/**
 * Changes an open alert, and writes down what was asked, and by which member of staff. Returns the alert as it is then.
 * @throws Refusal `not_found`, or `conflict` when the alert is not one that can be changed so
 */
async function changeAlert(
  c: ApiContext,
  deps: Deps,
  { id: text, asked }: { readonly id: string; readonly asked: unknown },
  change: (tx: Tx, id: number, by: string) => Promise<Alert | undefined>,
) {
  const id = readId(text) ?? 0;
  const by = byStaff(c.get('caller'));
  const changed = await changeByStaff(c, deps, asked, async (tx) => {
    const row = await change(tx, id, by);
    if (row === undefined) throw await whyNotDone(tx, id);
    return row;
  });
  return alertView(changed);
}

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

const acknowledge = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/alerts/{id}/acknowledge',
    scope: 'admin',
    tags: ['staff'],
    summary: 'Say that you have seen an open alert',
    description:
      'The first who says so stays; a repeat changes nothing. The alert ends when its cause is over. When the cause comes back, it is a new alert that staff have not seen.',
    request: { params: idParam },
    responses: answersWith(200, 'The alert', alert),
  },
  async (c, deps) => {
    const { id } = c.req.valid('param');
    return c.json(await changeAlert(c, deps, { id, asked: {} }, acknowledgeAlert), 200);
  },
);

const snooze = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/alerts/{id}/snooze',
    scope: 'admin',
    tags: ['staff'],
    summary: 'Put an open alert off for some minutes, from now on',
    request: {
      params: idParam,
      body: jsonBody(z.strictObject({ minutes: intBetween(1, MOST_MINUTES) })),
    },
    responses: answersWith(200, 'The alert', alert),
  },
  async (c, deps) => {
    const { id } = c.req.valid('param');
    const { minutes } = c.req.valid('json');
    const snoozed = await changeAlert(c, deps, { id, asked: { minutes } }, (tx, alertId, by) =>
      snoozeAlert(tx, alertId, minutes, by),
    );
    return c.json(snoozed, 200);
  },
);

const resolve = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/alerts/{id}/resolve',
    scope: 'admin',
    tags: ['staff'],
    summary: 'Resolve an open alert whose cause nothing looks at again',
    description: `Possible for ${RESOLVED_BY_STAFF.join(', ')}: the next time that it happens is a new alert. Any other alert ends by itself when its cause is over, and is refused with 409.`,
    request: { params: idParam, body: jsonBody(z.strictObject({ reason: staffReason })) },
    responses: answersWith(200, 'The alert', alert),
  },
  async (c, deps) => {
    const { id } = c.req.valid('param');
    const { reason } = c.req.valid('json');
    return c.json(await changeAlert(c, deps, { id, asked: { reason } }, resolveByStaff), 200);
  },
);

export const adminAlertRoutes = [list, acknowledge, snooze, resolve];
