import type { Order, ServiceStats } from '../../../../client/openapi.ts';

/** What the expected end of an order follows from. */
type Expected = Pick<
  Order,
  'settledAt' | 'attention' | 'createdAt' | 'scheduledAt' | 'nextRunAt' | 'runs' | 'intervalMinutes' | 'batches'
>;

/** How many runs have begun, by the latest batches. */
export const runsBegun = (batches: Expected['batches']): number => Math.max(0, ...batches.map(({ batch }) => batch));

/** Milliseconds since 1970 at which the last run begins, or began. */
function lastRunAt({ createdAt, scheduledAt, nextRunAt, runs, intervalMinutes, batches }: Expected): number {
  const begun = runsBegun(batches);
  if (nextRunAt !== null && begun < runs) {
    return Date.parse(nextRunAt) + (runs - begun - 1) * (intervalMinutes ?? 0) * 60_000;
  }
  const last = runs > 1 ? batches.at(-1)?.startedAt : scheduledAt;
  return Math.max(Date.parse(last ?? createdAt), Date.parse(createdAt));
}

/**
 * When an order is expected to be Completed, by the times that its service took lately: the time in which half of the orders were
 * Completed, and once that has passed, the one for 95 % of them. Null when it cannot be known: nothing was measured, the order
 * needs attention, or it takes longer than nearly all others.
 */
export function expectedAt(
  order: Expected,
  measured: Pick<ServiceStats, 'completedSeconds'> | undefined,
  now: Date,
): string | null {
  if (order.settledAt !== null || order.attention !== 'none' || measured === undefined) return null;
  const begins = lastRunAt(order);
  const { p50, p95 } = measured.completedSeconds;
  const ends = [p50, p95].flatMap((seconds) => (seconds === null ? [] : [begins + seconds * 1_000]));
  const end = ends.find((at) => at > now.getTime());
  return end === undefined ? null : new Date(end).toISOString();
}
