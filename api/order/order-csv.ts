import type { CurrentOrder } from './order-view.ts';

/** Fields of an order that are one cell each, in the order of the file's columns. */
const FIELDS = [
  'id',
  'status',
  'attention',
  'service',
  'link',
  'quantity',
  'runs',
  'totalQuantity',
  'price',
  'charge',
  'refunded',
  'currency',
  'delivered',
  'remains',
  'percent',
  'startCount',
  'reason',
  'createdAt',
  'scheduledAt',
  'startedAt',
  'settledAt',
  'completedAt',
  'elapsedSeconds',
  'intervalMinutes',
  'nextRunAt',
  'refillUntil',
  'reference',
] as const satisfies readonly (keyof CurrentOrder)[];

/** The columns of a CSV file of orders: those of JSON, without batches. Metadata is JSON in one cell. */
export const ORDER_COLUMNS = {
  ...Object.fromEntries(FIELDS.map((name) => [name, (order: CurrentOrder) => order[name]])),
  metadata: ({ metadata }: CurrentOrder) => (Object.keys(metadata).length === 0 ? null : JSON.stringify(metadata)),
};
