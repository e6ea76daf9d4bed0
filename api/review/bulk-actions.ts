import { z } from '@hono/zod-openapi';
import { actionEffect, createBulkAction } from '../../db/review/bulk-actions.ts';
import { formatMoney } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { ATTENTIONS, ORDER_STATUSES } from '../../domain/order/status.ts';
import { ORDER_ACTIONS } from '../../domain/review/order-actions.ts';
import { idempotencyKey } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { byStaff } from '../order/ask-order.ts';
import { defineRoute } from '../v1/define-route.ts';
import { LARGEST_ID } from '../v1/ids.ts';
import { answersWith, intBetween, jsonBody, printableText, reasonText, timestamp } from '../v1/schemas.ts';
import { bulkSchema, dryRunSchema } from './bulk-resolution-bodies.ts';
import { bulkView, neededReason, PROGRESS_PATH, setOf, takeDecision } from './bulk-resolutions.ts';

const tags = ['staff'];
const id = intBetween(1, LARGEST_ID).optional();

/** The orders of an action: placed at `from` or later, and before `to`. */
const filter = z
  .strictObject({
    account: id,
    service: id,
    provider: id.openapi({ description: 'A provider that has the order now; for a refill, one that had it' }),
    link: printableText(LIMITS.link).optional(),
    status: z.enum(ORDER_STATUSES).optional(),
    attention: z.enum(ATTENTIONS).optional(),
    from: timestamp.optional().openapi({ description: 'Orders placed at this moment or later' }),
    to: timestamp.optional().openapi({ description: 'Orders placed before this moment' }),
  })
  .refine((one) => Object.values(one).some((value) => value !== undefined), 'must have at least one field')
  .openapi('ActionFilter', { minProperties: 1 });

const body = z
  .strictObject({
    action: z.enum(ORDER_ACTIONS),
    ids: z.array(z.int().min(1)).min(1).max(LIMITS.bulkOrders).optional(),
    filter: filter
      .optional()
      .openapi({ description: 'Instead of ids: all orders that the action is possible for now and that match' }),
    reason: reasonText.optional().openapi({ description: 'Required, unless it is a dry run' }),
    dryRun: z.boolean().default(false).openapi({ description: 'Only say what the action would touch' }),
  })
  .openapi('BulkAction');

export const ACTIONS_PATH = '/v1/admin/orders/actions';

const actOnMany = defineRoute(
  {
    method: 'post',
    path: ACTIONS_PATH,
    scope: 'admin',
    tags,
    summary: 'Cancel, pause, resume, refill or redispatch many orders at once',
    description: `The action is about the orders in ids, or about all that match the filter at this moment; at most ${LIMITS.bulkOrders}. Each order is asked once and has its own result. GET ${PROGRESS_PATH}/{id} has the progress. redispatch is possible only for orders that are stalled, paused or in review.`,
    idempotency: 'required',
    request: { body: jsonBody(body) },
    responses: {
      ...answersWith(200, 'A dry run: what the action would touch', dryRunSchema),
      ...answersWith(202, 'The action was accepted, and a workflow carries it out', bulkSchema),
    },
  },
  async (c, deps) => {
    const wanted = c.req.valid('json');
    idempotencyKey(c.req.header('idempotency-key'));
    const { action } = wanted;
    const set = setOf(wanted);
    if (wanted.dryRun) {
      const { held, ...effect } = await reading(deps, c, (sql) => actionEffect(sql, set, action));
      return c.json({ dryRun: true as const, ...effect, held: formatMoney(held), currency: deps.config.CURRENCY }, 200);
    }
    const reason = neededReason(wanted.reason);
    const actor = byStaff(c.get('caller'));
    const row = await takeDecision(deps, c, wanted, (tx) =>
      createBulkAction(tx, { set, action, actor, reason, most: LIMITS.bulkOrders }),
    );
    c.header('Location', `${PROGRESS_PATH}/${row.id}`);
    return c.json(bulkView(row), 202);
  },
);

export const bulkActionRoutes = [actOnMany];
