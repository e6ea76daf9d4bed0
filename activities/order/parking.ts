import { activityInfo, type Info } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { isDatabaseTrouble, isPermanent, nameOfError } from '../../db/errors.ts';
import { raiseAlert, resolveAlert } from '../../db/reconcile/alerts.ts';
import { PARKED } from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';

const alertOf = (orderId: number) => ({ kind: 'order_parked', subject: `order:${orderId}` }) as const;

/** The order of an activity, from its argument: the order's id, or an object that has it. */
function orderOf(given: unknown): number {
  const { orderId, key } = (given ?? {}) as { readonly orderId?: number; readonly key?: { readonly orderId: number } };
  return typeof given === 'number' ? given : (orderId ?? key?.orderId ?? 0);
}

/** How long the tries of a step may hold the slot of their workflow task. */
const IN_SLOT_MS = 3_000;
/** Temporal turns a wait this long into a timer, which frees the slot. */
const LEAVES_SLOT_MS = 4_000;
/** The waits of the retry options in workflows/activities.ts: the first, which doubles with each try, and the longest. */
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 60_000;

/**
 * A local activity whose tries are slow, at a lock for example, would hold its workflow task for long, because the waits between
 * its tries are short. After IN_SLOT_MS its error asks for a wait that is long enough to become a timer.
 */
function outOfItsSlot(error: unknown): unknown {
  const info = infoOfThis();
  if (info?.isLocal !== true || !isDatabaseTrouble(error)) return error;
  const since = Date.now() - info.scheduledTimestampMs;
  if (since < IN_SLOT_MS) return error;
  const usual = Math.min(FIRST_WAIT_MS * 2 ** (info.attempt - 1), LONGEST_WAIT_MS);
  const nextRetryDelay = Math.max(usual, LEAVES_SLOT_MS);
  return ApplicationFailure.create({
    message: `the database is not available: ${nameOfError(error)}`,
    nextRetryDelay,
  });
}

/** Undefined when a test or a simulation calls an activity without Temporal. */
function infoOfThis(): Info | undefined {
  try {
    return activityInfo();
  } catch {
    return undefined;
  }
}

/**
 * Wraps the activities of an order. A permanent error fails the activity at once instead of being retried for ever. The workflow
 * then parks its order, other orders go on, and an alert tells staff.
 */
export function parking<T extends Record<string, (...given: never[]) => Promise<unknown>>>(
  { sql, log }: Pick<Deps, 'sql' | 'log'>,
  activities: T,
): T {
  async function park(orderId: number, step: string, error: unknown): Promise<never> {
    const why = nameOfError(error);
    log.error({ order: orderId, step, err: error }, 'an order is parked: one of its steps cannot succeed');
    const detail = `the order is parked: its step ${step} fails each time (${why}); it is tried again at least every hour`;
    await raiseAlert(sql, { ...alertOf(orderId), detail }).catch((failed: unknown) =>
      log.error({ order: orderId, err: failed }, 'failed to raise the alert about a parked order'),
    );
    // The workflow's history keeps this text, so it must not quote the database.
    throw ApplicationFailure.nonRetryable(`${step}: ${why}`, PARKED);
  }
  const wrapped = Object.entries(activities).map(([step, activity]) => [
    step,
    async (...given: never[]) => {
      try {
        return await activity(...given);
      } catch (error) {
        if (error instanceof ApplicationFailure) throw error;
        if (isPermanent(error)) return park(orderOf(given[0]), step, error);
        throw outOfItsSlot(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}

/** `unpark` resolves the alert about an order that was parked and goes on. */
export const createParkActivities = ({ sql }: Pick<Deps, 'sql'>) => ({
  unpark: (orderId: number): Promise<void> => resolveAlert(sql, alertOf(orderId)),
});
