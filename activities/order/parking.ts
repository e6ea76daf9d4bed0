import { activityInfo, type Info } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { isDatabaseTrouble, isPermanent, nameOfError } from '../../db/errors.ts';
import { raiseAlert, resolveAlert } from '../../db/reconcile/alerts.ts';
import { PARKED } from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';

const alertOf = (orderId: number) => ({ kind: 'order_parked', subject: `order:${orderId}` }) as const;

/** The order that an activity is about, by what it is given: the order's id, or something that has it. */
function orderOf(given: unknown): number {
  const { orderId, key } = (given ?? {}) as { readonly orderId?: number; readonly key?: { readonly orderId: number } };
  return typeof given === 'number' ? given : (orderId ?? key?.orderId ?? 0);
}

/** So long a step may be tried in the slot of its workflow task; and the least wait for which it leaves that slot. */
const IN_SLOT_MS = 3_000;
const LEAVES_SLOT_MS = 4_000;
/** The waits that its options give it all the same: the first, each twice the one before, and the longest. */
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 60_000;

/**
 * A local activity whose tries are slow, at a lock say, would hold its workflow task for long although the waits between them
 * are short: after some seconds the next try is asked for so late that it waits as a timer.
 */
function outOfItsSlot(error: unknown): unknown {
  const info = infoOfThis();
  if (info?.isLocal !== true || !isDatabaseTrouble(error)) return error;
  const since = Date.now() - info.scheduledTimestampMs;
  if (since < IN_SLOT_MS) return error;
  const usual = Math.min(FIRST_WAIT_MS * 2 ** (info.attempt - 1), LONGEST_WAIT_MS);
  const nextRetryDelay = Math.max(usual, LEAVES_SLOT_MS);
  return ApplicationFailure.create({
    message: `the database cannot be worked with: ${nameOfError(error)}`,
    nextRetryDelay,
  });
}

/** Undefined where a test or a simulation calls an activity by itself. */
function infoOfThis(): Info | undefined {
  try {
    return activityInfo();
  } catch {
    return undefined;
  }
}

/**
 * The activities of an order, which fail for good where they would otherwise be tried for ever: at an error that PostgreSQL gives
 * each time. The failure has the workflow park its order, which holds up no other; the alert tells staff.
 */
export function parking<T extends Record<string, (...given: never[]) => Promise<unknown>>>(
  { sql, log }: Pick<Deps, 'sql' | 'log'>,
  activities: T,
): T {
  async function park(orderId: number, step: string, error: unknown): Promise<never> {
    const why = nameOfError(error);
    log.error({ order: orderId, step, err: error }, 'an order is parked: a step of it can never be done as it is');
    const detail = `it stands still: its step ${step} can never be written down as it is (${why}); it is tried again every hour`;
    await raiseAlert(sql, { ...alertOf(orderId), detail }).catch((failed: unknown) =>
      log.error({ order: orderId, err: failed }, 'the alert about a parked order could not be raised'),
    );
    // The workflow's history keeps this, so it has no words of the database's.
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

/** An order that was parked goes on. */
export const createParkActivities = ({ sql }: Pick<Deps, 'sql'>) => ({
  unpark: (orderId: number): Promise<void> => resolveAlert(sql, alertOf(orderId)),
});
