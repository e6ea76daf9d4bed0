import { Context, heartbeat } from '@temporalio/activity';
import type { Sql } from '../../db/client.ts';
import {
  type BatchCursor,
  compactBatches,
  type EndedCursor,
  FIRST_ENDED,
  finishCompaction,
  ordersToCompact,
} from '../../db/reconcile/compaction.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../runtime/deps.ts';

/** How much one transaction compacts, and how many transactions a run makes. */
export interface CompactionBounds {
  readonly orders: number;
  readonly batches: number;
  readonly steps: number;
}

const USUAL: CompactionBounds = {
  orders: LIMITS.compactedOrders,
  batches: LIMITS.compactedBatches,
  steps: LIMITS.compactionSteps,
};

/** Less than the activity's deadline in workflows/reconcile/housekeeping.ts. */
const LASTS_MS = 8 * 60_000;

/**
 * Compacts archived orders: thins their delivery curves, forgets their requests and what was said about their attempts. A run ends
 * when no order is left, or at its bounds. Orders are marked when they are done, so the next run, or a repeat after a crash,
 * continues with the others.
 */
export function createCompactOrders({ sql, log }: Deps, bounds: CompactionBounds = USUAL) {
  return async (): Promise<void> => {
    const begun = performance.now();
    const { cancellationSignal } = Context.current();
    let steps = 0;
    /** Counts one transaction; false when the run is over. */
    const mayStep = (): boolean => {
      heartbeat();
      steps += 1;
      return steps <= bounds.steps && !cancellationSignal.aborted && performance.now() - begun < LASTS_MS;
    };

    const all = { orders: 0, rows: 0 };
    let after: EndedCursor | undefined = FIRST_ENDED;
    while (after !== undefined && mayStep()) {
      const found: Awaited<ReturnType<typeof ordersToCompact>> = await ordersToCompact(sql, after, bounds.orders);
      after = found.length < bounds.orders ? undefined : found.at(-1);
      const ready = found.filter(({ isReady }) => isReady).map(({ id }) => id);
      const done = await compact(sql, ready, bounds.batches, mayStep);
      all.orders += done.orders;
      all.rows += done.rows;
    }
    if (all.orders > 0) log.info(all, 'compacted archived orders');
    cancellationSignal.throwIfAborted();
  };
}

/** Compacts these orders, as far as the run's steps go. A whole drip-feed takes fewer steps than a run has. */
async function compact(sql: Sql, orders: readonly number[], batches: number, mayStep: () => boolean) {
  let rows = 0;
  let last: BatchCursor | undefined = { orderId: 0, batch: 0 };
  while (last !== undefined && orders.length > 0 && mayStep()) {
    const step: Awaited<ReturnType<typeof compactBatches>> = await compactBatches(sql, orders, last, batches);
    rows += step?.changed ?? 0;
    last = step;
  }
  const reached = last?.orderId ?? Number.POSITIVE_INFINITY;
  const whole = orders.filter((id) => id < reached);
  return { rows, orders: whole.length === 0 ? 0 : await finishCompaction(sql, whole) };
}
