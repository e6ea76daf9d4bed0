import type { OrderRow } from '../../db/order/orders.ts';
import { LIMITS } from '../../domain/limits.ts';

/** A run of an order as it was planned when the order was placed. */
export interface PlannedRun {
  readonly run: number;
  readonly dueAt: string;
  readonly quantity: number;
  /** Quantity of all runs up to this one. */
  readonly total: number;
}

type Planned = Pick<OrderRow, 'runs' | 'quantity' | 'intervalMinutes' | 'scheduledAt' | 'createdAt'>;

/**
 * The schedule of an order as it was placed, thinned evenly to at most LIMITS.samples runs including the first and the last. A
 * pause does not shift this plan, so that a reader sees which runs came late.
 */
export function plannedRuns({ runs, quantity, intervalMinutes, scheduledAt, createdAt }: Planned): PlannedRun[] {
  const points = Math.min(runs, LIMITS.samples);
  const start = (scheduledAt ?? createdAt).getTime();
  return Array.from({ length: points }, (_, point) => {
    const before = points === 1 ? 0 : Math.round((point * (runs - 1)) / (points - 1));
    const dueAt = new Date(start + before * (intervalMinutes ?? 0) * 60_000).toISOString();
    return { run: before + 1, dueAt, quantity, total: (before + 1) * quantity };
  });
}
