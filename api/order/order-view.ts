import { z } from '@hono/zod-openapi';
import type { ActionableOrder, BatchRow, OrderRow } from '../../db/order/orders.ts';
import { type OrderView, orderView } from '../../db/order/view.ts';
import { LIMITS } from '../../domain/limits.ts';
import { ATTENTIONS, ORDER_STATUSES } from '../../domain/order/status.ts';
import { sortedMetadata } from '../../domain/placement/metadata.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import { type Can, canOf, canSchema } from './order-can.ts';

const amount = z.string().openapi({ example: '0.27819' });
const time = z.iso.datetime().nullable();

const batch = z.object({
  batch: z.int(),
  quantity: z.int(),
  status: z.enum(ORDER_STATUSES),
  delivered: z.int(),
  startedAt: time,
});

export const orderSchema = z
  .object({
    id: z.int(),
    status: z.enum(ORDER_STATUSES),
    attention: z.enum(ATTENTIONS),
    service: z.int(),
    link: z.string(),
    quantity: z.int().openapi({ description: 'The quantity of each run' }),
    runs: z.int(),
    totalQuantity: z.int().openapi({ description: 'quantity × runs' }),
    price: amount,
    charge: amount.openapi({
      description: 'Equals the price until the order is settled. After that, charge + refunded = price.',
    }),
    refunded: amount,
    currency: z.string(),
    delivered: z.int(),
    remains: z.int(),
    percent: z.int(),
    startCount: z.int().nullable(),
    reason: z.string().nullable(),
    createdAt: z.iso.datetime(),
    scheduledAt: time,
    startedAt: time,
    settledAt: time,
    completedAt: time,
    elapsedSeconds: z.int().openapi({ description: 'From startedAt to settledAt, or until now' }),
    intervalMinutes: z.int().nullable(),
    nextRunAt: time.openapi({ description: 'When the next run is due; null while the order is paused' }),
    refillUntil: time,
    reference: z.string().nullable(),
    metadata: z.record(z.string(), z.string()).openapi({ description: 'Your own keys and values; {} without any' }),
    reorderOf: z.int().nullable().openapi({ description: 'The order whose undelivered rest this order orders again' }),
    batches: z
      .array(batch)
      .openapi({ description: `The last ${LIMITS.batchesShown} batches; none before the first is sent` }),
    version: z.int(),
  })
  .openapi('Order');

/** The order as it is now, with what its customer can do with it. */
export const currentOrderSchema = orderSchema
  .extend({
    can: canSchema,
    fields: z.record(z.string(), z.string()).optional().openapi({
      description: 'The fields that its service type adds, such as `comments`; absent without any, and in lists',
    }),
  })
  .openapi('CurrentOrder');

/** An order with its metadata, which webhooks leave out: with it an order may be too large for a message. */
export interface ShownOrder extends OrderView {
  metadata: Record<string, string>;
}

/** An order as it is now, with what its customer can do with it. */
export interface CurrentOrder extends ShownOrder {
  can: Can;
  fields?: Record<string, string>;
}

export const currentOrder = (
  order: ActionableOrder,
  batches: readonly BatchRow[],
  currency: string,
  now: Date,
): CurrentOrder => ({
  ...orderView(order, batches, currency, now),
  metadata: sortedMetadata(order.metadata),
  can: canOf(order, batches, now),
  ...(Object.keys(order.fields ?? {}).length === 0 ? {} : { fields: { ...order.fields } }),
});

/**
 * An entity tag that changes with every field except `elapsedSeconds`, which follows from `startedAt`. The tag is weak because of
 * that field.
 */
export function orderTag({ elapsedSeconds: _, ...rest }: CurrentOrder): string {
  return `W/"v${rest.version}-${fingerprintOf('order', rest).slice(0, 16)}"`;
}

/** What stays as it was when an order was accepted. */
type AcceptedOrder = Pick<
  OrderRow,
  | 'id'
  | 'service'
  | 'link'
  | 'quantity'
  | 'runs'
  | 'totalQuantity'
  | 'price'
  | 'createdAt'
  | 'scheduledAt'
  | 'intervalMinutes'
  | 'reference'
  | 'metadata'
  | 'reorderOf'
>;

/** The order as it was when it was accepted: the answer to placing it, the first time and at every repeat. */
export function viewAtPlacement(order: AcceptedOrder, currency: string): ShownOrder {
  const untouched: Omit<OrderRow, 'subscription'> = {
    ...order,
    status: 'Pending',
    attention: 'none',
    charge: order.price,
    refunded: 0n,
    delivered: 0,
    startCount: null,
    reason: null,
    startedAt: null,
    settledAt: null,
    completedAt: null,
    nextRunAt: order.scheduledAt ?? (order.runs > 1 ? order.createdAt : null),
    refillUntil: null,
    version: 1,
  };
  return {
    ...orderView(untouched, [], currency, order.createdAt),
    metadata: sortedMetadata(order.metadata),
  };
}
