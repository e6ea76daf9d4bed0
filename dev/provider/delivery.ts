import { digest, type OrderState, totalQuantity } from './order.ts';
import { parseScript, type Script } from './script.ts';

/** An order's delivery at one moment. */
export interface Delivery {
  readonly status: string;
  readonly delivered: number;
  /** When the order first ended, in milliseconds since 1970; undefined while it runs. */
  readonly endedAt: number | undefined;
  /** How many items are charged: all of them, or only those delivered. */
  readonly charged: number;
}

const SEGMENTS = 8;

const plans = new WeakMap<OrderState, { script: Script; pace: number[] }>();

/**
 * The order's script and pace, computed once: every new order of a link counts the link's other orders, which may be thousands.
 */
function planOf(order: OrderState): { script: Script; pace: number[] } {
  const known = plans.get(order);
  if (known !== undefined) return known;
  const plan = { script: parseScript(order.script), pace: paceOf(order.jitter) };
  plans.set(order, plan);
  return plan;
}

/** The order's parsed script. */
export const scriptOf = (order: OrderState): Script => planOf(order).script;

/** When each eighth of a run is delivered, as shares of its duration from 0 to 1. The steps are unequal and always increase. */
function paceOf(jitter: string): number[] {
  const bytes = digest(jitter);
  const weights = Array.from({ length: SEGMENTS }, (_, n) => 128 + (bytes[n] ?? 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const ends = [0];
  for (const weight of weights) ends.push((ends.at(-1) ?? 0) + weight / total);
  return ends;
}

/** Milliseconds from the start until item number `level` is delivered; Infinity when it never is. */
function reachedAfter(order: OrderState, script: Script, pace: readonly number[], level: number): number {
  if (level === 0) return 0;
  if (script.stallAt !== undefined && level > script.stallAt) return Number.POSITIVE_INFINITY;
  const run = Math.ceil(level / order.quantity) - 1;
  const share = (level - run * order.quantity) / order.quantity;
  const segment = Math.min(Math.floor(share * SEGMENTS), SEGMENTS - 1);
  const from = pace[segment] ?? 0;
  const to = pace[segment + 1] ?? 1;
  const onClock = run * order.intervalMs + order.durationMs * (from + (to - from) * (share * SEGMENTS - segment));
  if (script.privateAt === undefined || level <= script.privateAt.delivered) return onClock;
  if (order.publicAt === undefined) return Number.POSITIVE_INFINITY;
  const pausedAfter = reachedAfter(order, script, pace, script.privateAt.delivered);
  const publicAfter = order.publicAt - order.at - order.delayMs;
  return onClock + Math.max(publicAfter - pausedAfter, 0);
}

/**
 * The order's delivery at `now`. It depends only on the journalled record and the clock, so after a kill the orders are as far
 * along as if the provider had kept running. Delivered counts never decrease before the order's end.
 */
export function deliveryOf(order: OrderState, now: number): Delivery {
  const { script, pace } = planOf(order);
  const total = totalQuantity(order);
  const startsAt = order.at + order.delayMs;
  const reachedAt = (level: number): number => startsAt + reachedAfter(order, script, pace, level);
  const deliveredBy = (moment: number, most: number): number => {
    let low = 0;
    for (let high = most; low < high; ) {
      const middle = Math.ceil((low + high) / 2);
      if (reachedAt(middle) <= moment) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  const most = Math.min(script.ending?.delivered ?? total, total);
  const endsAt = reachedAt(most);
  const canceledAt = order.cancelRequestedAt === undefined ? undefined : order.cancelRequestedAt + order.cancelMs;
  if (canceledAt !== undefined && canceledAt < endsAt && canceledAt <= now) {
    const delivered = deliveredBy(canceledAt, most);
    return flipped(script, total, now, delivered === 0 ? 'Canceled' : 'Partial', delivered, canceledAt);
  }
  if (endsAt <= now) return flipped(script, total, now, script.ending?.status ?? 'Completed', most, endsAt);
  if (now < startsAt) {
    const status = now < order.at + order.delayMs / 2 ? 'Pending' : 'Processing';
    return { status, delivered: 0, endedAt: undefined, charged: total };
  }
  const delivered = deliveredBy(now, most);
  const paused = script.privateAt?.delivered === delivered && reachedAt(delivered + 1) === Number.POSITIVE_INFINITY;
  const status = paused ? (script.privateAt?.word ?? 'In progress') : 'In progress';
  return { status, delivered, endedAt: undefined, charged: total };
}

/** An ended order's delivery, with the scripted status changes after its end. */
function flipped(
  script: Script,
  total: number,
  now: number,
  status: string,
  delivered: number,
  endedAt: number,
): Delivery {
  const flip = script.flips.findLast((one) => endedAt + one.afterSeconds * 1000 <= now);
  const word = flip?.status ?? status;
  const count = Math.min(flip?.delivered ?? (flip?.status === 'Completed' ? total : delivered), total);
  const charged = word === 'Partial' || word === 'Canceled' ? count : total;
  return { status: word, delivered: count, endedAt, charged };
}

/** How many delivered items are gone from the target again at `now`. A refill brings them back. */
export function droppedBy(order: OrderState, now: number, endedAt: number | undefined): number {
  const { drop } = scriptOf(order);
  return drop !== undefined && endedAt !== undefined && endedAt + drop.afterSeconds * 1000 <= now ? drop.count : 0;
}

/** True for panel API v2's three final statuses. */
export const isEnded = (status: string): boolean =>
  status === 'Completed' || status === 'Partial' || status === 'Canceled';
