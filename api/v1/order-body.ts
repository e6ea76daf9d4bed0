import { z } from '@hono/zod-openapi';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { OrderRequest } from '../../domain/placing.ts';
import { count, moment, money, words } from './routes.ts';

/** A start further ahead is a slip of the pen; one that has passed means now. */
const start = moment
  .refine((at) => at.getTime() <= Date.now() + LIMITS.scheduleDays * 86_400_000, {
    message: `must not be more than ${LIMITS.scheduleDays} days ahead`,
  })
  .openapi({ description: 'When to start; what has passed means now' });

/** What POST /v1/orders takes; whether the service takes it too is for the domain to say. */
export const orderBody = z
  .strictObject({
    service: z.int(),
    link: z.string(),
    quantity: z.number().optional().openapi({ type: 'integer', minimum: 1, description: 'Per run; not for packages' }),
    dripFeed: z
      .strictObject({ runs: count(1, LIMITS.runs), intervalMinutes: count(1, LIMITS.intervalMinutes) })
      .optional(),
    scheduledAt: start.optional(),
    comments: z.string().optional(),
    reference: words(LIMITS.reference).optional().openapi({ description: 'Your own name for the order' }),
    maxCharge: money.optional().openapi({ description: 'Refuse when the price is above this' }),
  })
  .openapi('NewOrder');

/** @throws Refusal `unexpected_field` for what no service takes yet. */
export function orderRequest(body: z.output<typeof orderBody>): OrderRequest {
  const { service, link, quantity, dripFeed, scheduledAt, comments, reference, maxCharge } = body;
  if (comments !== undefined) throw new Refusal('unexpected_field', 'comments: the service does not take them');
  return {
    service,
    link,
    ...(quantity === undefined ? {} : { quantity }),
    ...(dripFeed === undefined ? {} : { dripFeed }),
    ...(scheduledAt === undefined ? {} : { scheduledAt: scheduledAt.getTime() }),
    ...(reference === undefined ? {} : { reference }),
    ...(maxCharge === undefined ? {} : { maxCharge: maxCharge.toString() }),
  };
}
