import { z } from '@hono/zod-openapi';
import { withTimeout } from '../../db/client.ts';
import { addTest } from '../../db/webhook/deliveries.ts';
import { type DeliveryRow, listDeliveries, replayEvent, replayPeriod } from '../../db/webhook/delivery-log.ts';
import type { WebhookRow } from '../../db/webhook/webhooks.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { DELIVERY_STATES, eventName, readEventName } from '../../domain/webhook/webhooks.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { repeatable } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { changing } from '../limits/transactions.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam, jsonBody, page, pageQuery, timeOf, timestamp } from '../v1/schemas.ts';
import { ownWebhook } from './own-webhook.ts';

const tags = ['webhooks'];

const eventId = z.string().openapi({ example: 'evt_42', description: 'The webhook-id that receivers see' });
const time = z.iso.datetime().nullable();

const delivery = z
  .object({
    event: eventId,
    type: z.string().openapi({ example: 'order.completed' }),
    order: z.int().nullable(),
    state: z.enum(DELIVERY_STATES),
    attempts: z.int().openapi({ description: 'All attempts, those before a replay included' }),
    lastStatus: z
      .int()
      .nullable()
      .openapi({ description: 'The HTTP status of the last attempt, or the reply of the mail server' }),
    lastError: z.string().nullable().openapi({
      description:
        'Why the last attempt had no status: address_refused, no_connection, tls, timeout, broken_answer, login or no_mailer',
    }),
    createdAt: z.iso.datetime(),
    lastAttemptAt: time,
    nextAttemptAt: time,
    deliveredAt: time,
  })
  .openapi('WebhookDelivery');

const replayBody = z
  .union([z.strictObject({ event: eventId }), z.strictObject({ from: timestamp, to: timestamp })])
  .openapi({ description: 'One event, or all events from `from` until before `to`' });
type Again = z.output<typeof replayBody>;

const deliveryView = ({ event, createdAt, lastAttemptAt, nextAttemptAt, deliveredAt, ...row }: DeliveryRow) => ({
  event: eventName(event),
  ...row,
  createdAt: createdAt.toISOString(),
  lastAttemptAt: timeOf(lastAttemptAt),
  nextAttemptAt: timeOf(nextAttemptAt),
  deliveredAt: timeOf(deliveredAt),
});

/** @throws Refusal `webhook_disabled`, `webhook_unconfirmed` */
function enabled({ id, disabledReason }: WebhookRow): number {
  if (disabledReason === null) return id;
  throw new Refusal(disabledReason === 'unconfirmed' ? 'webhook_unconfirmed' : 'webhook_disabled');
}

/** Queues events for another delivery. The webhook is locked, so that it cannot be disabled meanwhile. */
async function sendAgain(deps: Deps, c: ApiContext, text: string, what: Again): Promise<number> {
  const { accountId } = c.get('caller');
  const events = await changing(deps, c, async (tx) => {
    const id = enabled(await ownWebhook(tx, accountId, text, true));
    if ('event' in what) {
      const event = readEventName(what.event);
      const found = event !== undefined && (await replayEvent(tx, accountId, id, event));
      if (!found) throw new Refusal('event_not_found');
      return 1;
    }
    return replayPeriod(tx, id, what.from, what.to);
  });
  if (events !== undefined) return events;
  // After the commit: a period with too many events was read too, and must wait before it is read again.
  throw new Refusal('too_many_events', `the period has more than ${LIMITS.replayEvents} events: choose a shorter one`);
}

const test = defineRoute(
  {
    method: 'post',
    path: '/v1/webhooks/{id}/test',
    scope: 'webhooks:manage',
    tags,
    summary: 'Send a webhook.test event',
    description: `At most ${LIMITS.testsAMinute} tests a minute.`,
    idempotency: 'optional',
    request: { params: idParam },
    responses: answersWith(202, 'The event that is sent', z.object({ event: eventId })),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const { id: text } = c.req.valid('param');
    // Read before a stored answer is repeated: the webhook may have been deleted since.
    const webhook = await reading(deps, c, (sql) => ownWebhook(sql, accountId, text));
    const event = await repeatable(c, deps, { id: text }, async () => {
      const id = enabled(webhook);
      return withTimeout(QUERY_MS, addTest(deps.sql, id));
    });
    return c.json({ event: eventName(event) }, 202);
  },
);

const replay = defineRoute(
  {
    method: 'post',
    path: '/v1/webhooks/{id}/replay',
    scope: 'webhooks:manage',
    tags,
    summary: 'Send events again',
    description: `An event keeps its webhook-id, so that receivers recognise it; at most ${LIMITS.replayEvents} events at once. A period can be sent again once in ${LIMITS.replayCooldown} seconds, and so can a single event.`,
    idempotency: 'optional',
    request: { params: idParam, body: jsonBody(replayBody) },
    responses: answersWith(202, 'How many events are sent', z.object({ events: z.int() })),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const { id } = c.req.valid('param');
    const what = c.req.valid('json');
    await reading(deps, c, (sql) => ownWebhook(sql, accountId, id));
    const events = await repeatable(c, deps, { id, what }, () => sendAgain(deps, c, id, what));
    return c.json({ events }, 202);
  },
);

const deliveries = defineRoute(
  {
    method: 'get',
    path: '/v1/webhooks/{id}/deliveries',
    scope: 'webhooks:manage',
    tags,
    summary: 'The delivery log, newest event first',
    request: { params: idParam, query: pageQuery({ state: z.enum(DELIVERY_STATES).optional() }) },
    responses: answersWith(200, 'A page of deliveries', page(delivery)),
  },
  async (c, deps) => {
    const { limit, cursor, state } = c.req.valid('query');
    const { accountId } = c.get('caller');
    const { id } = await reading(deps, c, (sql) => ownWebhook(sql, accountId, c.req.valid('param').id));
    const { rows, stoppedAt } = await reading(deps, c, (sql) =>
      listDeliveries(sql, id, { state, before: decodeCursor(cursor) }, limit + 1),
    );
    return c.json(
      pageOf(rows, limit, ({ event }) => event, deliveryView, stoppedAt),
      200,
    );
  },
);

export const webhookDeliveryRoutes = [test, replay, deliveries];
