import { z } from '@hono/zod-openapi';
import { batchQuantity, setBatchCounts } from '../../db/review/batch-counts.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { InvalidRequest } from '../http/problems.ts';
import { once } from '../idempotency/idempotency.ts';
import { byStaff } from '../order/ask-order.ts';
import { defineRoute } from '../v1/define-route.ts';
import { LARGEST_ID } from '../v1/ids.ts';
import { answersWith, idParam, intBetween, jsonBody, staffReason } from '../v1/schemas.ts';
import { anyOrder } from './admin-orders.ts';

const body = z
  .strictObject({
    batch: intBetween(1, LARGEST_ID),
    startCount: intBetween(0, LIMITS.startCount).optional(),
    remains: intBetween(0, LIMITS.quantity).optional().openapi({
      description: 'At most the quantity of the batch. Possible while the batch runs at its provider',
    }),
    reason: staffReason,
  })
  .refine(({ startCount, remains }) => startCount !== undefined || remains !== undefined, 'needs startCount or remains')
  .openapi('NewCounts');

const counts = z
  .object({
    order: z.int(),
    batch: z.int(),
    quantity: z.int(),
    delivered: z.int(),
    startCount: z.int().nullable(),
    remains: z.int().nullable(),
  })
  .openapi('BatchCounts');

const setCounts = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/orders/{id}/counts',
    scope: 'admin',
    tags: ['staff'],
    summary: 'Set the start count and what remains of a batch',
    description:
      'For what the provider says wrongly or not at all. The order shows the new numbers, and its timeline says who set them. No money moves: only the last word of a provider, or a resolution, settles an order. The next word of the provider replaces `remains`.',
    idempotency: 'required',
    request: { params: idParam, body: jsonBody(body) },
    responses: answersWith(200, 'The batch with its new counts', counts),
  },
  async (c, deps) => {
    const wanted = c.req.valid('json');
    const { id } = await anyOrder(deps, c, c.req.valid('param').id);
    const { batch, startCount, remains, reason } = wanted;
    const answer = await once(c, deps, {
      request: { id, body: wanted },
      effect: async (tx) => {
        const quantity = await batchQuantity(tx, id, batch);
        if (quantity === undefined) throw new Refusal('not_found', 'the order has no such batch');
        if (remains !== undefined && remains > quantity)
          throw new InvalidRequest([
            { path: 'remains', message: `must be at most ${quantity}, the quantity of the batch` },
          ]);
        const by = byStaff(c.get('caller'));
        const { outcome, ...set } = await setBatchCounts(tx, { orderId: id, batch, startCount, remains, by, reason });
        if (outcome !== 'set')
          throw new Refusal('not_possible', 'remains can be set only while the batch runs at its provider');
        return { order: id, batch, ...set };
      },
    });
    return c.json(answer, 200);
  },
);

export const batchCountRoutes = [setCounts];
