import { z } from '@hono/zod-openapi';
import type { ActionableOrder, BatchRow } from '../../db/order/orders.ts';
import { ACTIONS, type Action, type ActionFacts, denialsOf } from '../../domain/order/can.ts';
import { DENIAL_CODES, type Denial } from '../../domain/order/denial.ts';

const permission = z
  .object({
    allowed: z.boolean(),
    code: z.enum(DENIAL_CODES).optional().openapi({ description: 'Why not; absent when it is allowed' }),
    reason: z.string().optional().openapi({ description: 'The same as a sentence, which the action itself answers' }),
    from: z.iso.datetime().optional().openapi({ description: 'From when it is allowed, when time alone decides' }),
  })
  .openapi('Permission');

export const canSchema = z
  .object(Object.fromEntries(ACTIONS.map((action) => [action, permission])) as Record<Action, typeof permission>)
  .openapi({ description: 'What you can do with the order now. A request that would change nothing is not allowed.' });

export type Can = z.infer<typeof canSchema>;

/** What decides about the actions of an order. `batches`: its last ones. */
function factsOf({ status, totalQuantity, delivered, actionFacts }: ActionableOrder, batches: readonly BatchRow[]) {
  const { refill, ...rest } = actionFacts;
  return {
    ...rest,
    status,
    totalQuantity,
    delivered,
    isSent: status === 'In progress' || batches.some(({ state, isInFlight }) => isInFlight || state === 'uncertain'),
    batches: batches.map(({ state, stop }) => ({ state, stop, stopAsked: stop !== null })),
    refill: { ...refill, status, delivered },
  } satisfies ActionFacts;
}

const permissionOf = (denial: Denial | undefined): z.infer<typeof permission> => {
  if (denial === undefined) return { allowed: true };
  const { code, reason, from } = denial;
  return { allowed: false, code, reason, ...(from === undefined ? {} : { from: new Date(from).toISOString() }) };
};

/** What the customer can do with an order at this time. */
export function canOf(order: ActionableOrder, batches: readonly BatchRow[], now: Date): Can {
  const denials = denialsOf(factsOf(order, batches), now.getTime());
  return Object.fromEntries(ACTIONS.map((action) => [action, permissionOf(denials[action])])) as Can;
}
