import { z } from '@hono/zod-openapi';
import type { EventRow } from '../../db/order/orders.ts';
import type { OrderFacts, OrderMoneyRow } from '../../db/review/order-file.ts';
import { formatMoney } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { allowedResolutions, RESOLUTIONS } from '../../domain/review/resolution.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import { attemptSchema, type attemptView } from '../dispatch/attempt-view.ts';
import { timeOf } from '../v1/schemas.ts';
import { type StaffOrderView, staffOrderParts } from './all-order-view.ts';

const review = z.object({
  since: z.iso.datetime().nullable().openapi({ description: 'When the order began to wait' }),
  by: z.string().nullable(),
  why: z.string().nullable(),
  actions: z.array(z.enum(RESOLUTIONS)).openapi({ description: 'The actions that resolve accepts now' }),
});

const moneyLine = z.object({
  id: z.int(),
  kind: z.string().openapi({ example: 'charge' }),
  from: z.string().openapi({ description: 'The account of the ledger that the money left', example: 'escrow:10001' }),
  to: z.string().openapi({ example: 'revenue' }),
  amount: z.string(),
  note: z.string().nullable().openapi({ description: "The provider's own figure of a cost" }),
  at: z.iso.datetime(),
});

const event = z.object({
  id: z.int(),
  type: z.string(),
  by: z.string(),
  version: z.int(),
  data: z.record(z.string(), z.unknown()),
  at: z.iso.datetime(),
});

/** An order with all that staff need to decide about it. */
export const orderFileSchema = z
  .object({
    ...staffOrderParts,
    pausedBy: z.string().nullable(),
    canceledBy: z.string().nullable(),
    workflowId: z
      .string()
      .openapi({ description: "The id of the order's workflow in Temporal", example: 'order-10001' }),
    review: review.nullable().openapi({ description: 'null: the order does not wait for a person' }),
    attempts: z.array(attemptSchema).openapi({ description: `The last ${LIMITS.attemptsShown}, newest first` }),
    money: z.array(moneyLine).openapi({ description: `The last ${LIMITS.moneyShown} movements, oldest first` }),
    events: z.array(event).openapi({ description: `The last ${LIMITS.eventsShown} events, oldest first` }),
  })
  .openapi('StaffOrderFile');

interface History {
  readonly attempts: ReturnType<typeof attemptView>[];
  readonly money: readonly OrderMoneyRow[];
  readonly events: readonly EventRow[];
}

export function orderFileView(order: StaffOrderView, facts: OrderFacts, { attempts, money, events }: History) {
  const { since, by, why, ...rest } = facts;
  return {
    ...order,
    ...rest,
    workflowId: orderWorkflowId(order.id),
    review:
      order.attention === 'none'
        ? null
        : { since: timeOf(since), by, why, actions: [...allowedResolutions(order.attention)] },
    attempts,
    money: money.map(({ amount, at, ...row }) => ({ ...row, amount: formatMoney(amount), at: at.toISOString() })),
    events: events.map(({ actor, at, ...row }) => ({ ...row, by: actor, at: at.toISOString() })),
  };
}
