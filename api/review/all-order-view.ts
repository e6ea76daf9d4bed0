import { z } from '@hono/zod-openapi';
import { orderView } from '../../db/order/view.ts';
import type { StaffOrderRow } from '../../db/review/all-orders.ts';
import type { StaffBatchRow } from '../../db/review/order-file.ts';
import { isFinal } from '../../domain/order/status.ts';
import { sortedMetadata } from '../../domain/placement/metadata.ts';
import { orderSchema, type ShownOrder } from '../order/order-view.ts';
import { timeOf } from '../v1/schemas.ts';

const staffBatch = z.object({
  ...orderSchema.shape.batches.element.shape,
  provider: z.int().nullable(),
  providerName: z.string().nullable(),
  providerService: z.string().nullable(),
  providerOrder: z.string().nullable(),
  providerStatus: z.string().nullable().openapi({ description: "Our word for the provider's last status" }),
  providerCharge: z.string().nullable(),
  remains: z.int().nullable().openapi({ description: 'What the provider said last' }),
  startCount: z.int().nullable(),
  progressAt: z.iso.datetime().nullable().openapi({
    description: 'When more was delivered for the last time, or else when the provider accepted the batch',
  }),
  refill: z.int().nullable().openapi({ description: 'The number of the refill that the batch belongs to' }),
});

/** An order of any account. It holds the provider's order ids, so it is for staff alone. */
export const staffOrderParts = {
  ...orderSchema.shape,
  account: z.int(),
  accountName: z.string(),
  serviceName: z.string(),
  expectedSeconds: z.number().nullable().openapi({
    description:
      'The 95th percentile of the time to Completed of the service; null for a drip-feed, or when it is not known',
  }),
  isLate: z.boolean().openapi({ description: 'Whether the order runs longer than expectedSeconds' }),
  batches: z.array(staffBatch),
};

export const staffOrderSchema = z.object(staffOrderParts).openapi('StaffOrder');

type StaffBatchView = ShownOrder['batches'][number] &
  Omit<StaffBatchRow, 'order' | 'state' | 'startedAt' | 'progressAt'> & {
    progressAt: string | null;
  };
export type StaffOrderView = Omit<ShownOrder, 'batches'> & {
  account: number;
  accountName: string;
  serviceName: string;
  expectedSeconds: number | null;
  isLate: boolean;
  batches: StaffBatchView[];
};

/** An order with its batches as it is now. */
export function staffOrderView(
  order: StaffOrderRow,
  batches: readonly StaffBatchRow[],
  currency: string,
  now: Date,
): StaffOrderView {
  const view = orderView(order, batches, currency, now);
  const { expectedSeconds, account, accountName, serviceName } = order;
  return {
    ...view,
    metadata: sortedMetadata(order.metadata),
    account,
    accountName,
    serviceName,
    expectedSeconds,
    isLate: !isFinal(order.status) && expectedSeconds !== null && view.elapsedSeconds > expectedSeconds,
    batches: batches.map(
      ({ order: _, state: __, startedAt: ___, progressAt, ...row }, at) =>
        ({ ...view.batches[at], ...row, progressAt: timeOf(progressAt) }) as StaffBatchView,
    ),
  };
}
