import { formatMoney } from '../../domain/ledger/money.ts';
import { type Attention, finalStatus, type OrderStatus, percentDelivered } from '../../domain/order/status.ts';
import type { BatchRow, OrderRow } from './orders.ts';

/** A batch as its customer reads it. */
interface BatchView {
  batch: number;
  quantity: number;
  status: OrderStatus;
  delivered: number;
  startedAt: string | null;
}

/** An order as its customer reads it, in answers and in webhooks: money as decimal strings, times in RFC 3339. */
export interface OrderView {
  id: number;
  status: OrderStatus;
  attention: Attention;
  service: number;
  link: string;
  quantity: number;
  runs: number;
  totalQuantity: number;
  price: string;
  charge: string;
  refunded: string;
  currency: string;
  delivered: number;
  remains: number;
  percent: number;
  startCount: number | null;
  reason: string | null;
  createdAt: string;
  scheduledAt: string | null;
  startedAt: string | null;
  settledAt: string | null;
  completedAt: string | null;
  elapsedSeconds: number;
  intervalMinutes: number | null;
  nextRunAt: string | null;
  refillUntil: string | null;
  reference: string | null;
  reorderOf: number | null;
  batches: BatchView[];
  version: number;
}

const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null;

function batchStatus({ state, delivered, quantity }: BatchRow): OrderStatus {
  switch (state) {
    case 'waiting':
      return 'Pending';
    case 'sending':
    case 'uncertain':
      return 'Processing';
    case 'running':
      return 'In progress';
    case 'done':
      return finalStatus(delivered, quantity);
  }
}

function elapsedSeconds({ startedAt, settledAt }: Pick<OrderRow, 'startedAt' | 'settledAt'>, now: Date): number {
  if (startedAt === null) return 0;
  return Math.max(Math.floor(((settledAt ?? now).getTime() - startedAt.getTime()) / 1_000), 0);
}

/** An order as it is now. */
export function orderView(
  order: Omit<OrderRow, 'subscription' | 'metadata'>,
  batches: readonly BatchRow[],
  currency: string,
  now: Date,
): OrderView {
  return {
    id: order.id,
    status: order.status,
    attention: order.attention,
    service: order.service,
    link: order.link,
    quantity: order.quantity,
    runs: order.runs,
    totalQuantity: order.totalQuantity,
    price: formatMoney(order.price),
    charge: formatMoney(order.charge),
    refunded: formatMoney(order.refunded),
    currency,
    delivered: order.delivered,
    remains: order.totalQuantity - order.delivered,
    percent: percentDelivered(order.delivered, order.totalQuantity),
    startCount: order.startCount,
    reason: order.reason,
    createdAt: order.createdAt.toISOString(),
    scheduledAt: timeOf(order.scheduledAt),
    startedAt: timeOf(order.startedAt),
    settledAt: timeOf(order.settledAt),
    completedAt: timeOf(order.completedAt),
    elapsedSeconds: elapsedSeconds(order, now),
    intervalMinutes: order.intervalMinutes,
    nextRunAt: timeOf(order.nextRunAt),
    refillUntil: timeOf(order.refillUntil),
    reference: order.reference,
    reorderOf: order.reorderOf,
    batches: batches.map((row) => ({
      batch: row.batch,
      quantity: row.quantity,
      status: batchStatus(row),
      delivered: row.delivered,
      startedAt: timeOf(row.startedAt),
    })),
    version: order.version,
  };
}
