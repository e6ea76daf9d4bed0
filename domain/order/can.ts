import { LIMITS } from '../limits.ts';
import { type ReorderFacts, whyNoReorder } from '../placement/reorder.ts';
import { type RefillFacts, type RefillTerms, whyNoRefill } from '../refill/rules.ts';
import type { Denial } from './denial.ts';
import { isFinal, type OrderStatus } from './status.ts';
import { mayAskStopAgain, type StoppedBatch, stopAgainAt, stopsSaid, time } from './stops.ts';

export const NOT_CANCELABLE = 'this service cannot be canceled once it has been sent';

/** The sentence for an order that has ended. */
export const endedAs = (status: OrderStatus): string => `the order has ended: ${status}`;

/** The facts that decide about a request to cancel, pause or resume. */
export interface RequestFacts {
  /** The sentence that says that the order has ended; null while it is open. */
  readonly ended: string | null;
  /** Whether a provider has, may have or had a part of the order. */
  readonly isSent: boolean;
  readonly cancelable: boolean;
  readonly cancelRequested: boolean;
  /** The actor of the pause; null when the order is not paused. */
  readonly pausedBy: string | null;
  /** When the customer last paused the order, in milliseconds since 1970; null when never. */
  readonly customersPausedAt: number | null;
  readonly batches: readonly StoppedBatch[];
}

const ended = ({ ended: reason }: RequestFacts): Denial | undefined =>
  reason === null ? undefined : { code: 'order_ended', reason };

/** Why a request to cancel would change nothing now; undefined when it would. */
export function whyNoCancel(facts: RequestFacts, now: number): Denial | undefined {
  const { isSent, cancelable, cancelRequested, batches } = facts;
  const over = ended(facts);
  if (over !== undefined) return over;
  if (cancelRequested) {
    if (batches.some((batch) => mayAskStopAgain(batch, now))) return undefined;
    const from = stopAgainAt(batches);
    return {
      code: 'already_requested',
      reason: `canceling has been requested already${stopsSaid(batches, now)}`,
      ...(from === undefined ? {} : { from }),
    };
  }
  return isSent && !cancelable ? { code: 'not_cancelable', reason: NOT_CANCELABLE } : undefined;
}

export function whyNoPause(facts: RequestFacts): Denial | undefined {
  const { pausedBy } = facts;
  // A provider's pause ends by the provider's report. A person's pause must last until a person resumes.
  const isPaused = pausedBy !== null && pausedBy !== 'provider';
  return ended(facts) ?? (isPaused ? { code: 'already_paused', reason: 'the order is paused already' } : undefined);
}

/** Why the customer, who may pause, can not pause yet again. Staff are not bound by it. */
export function whyNoPauseAgain({ customersPausedAt }: RequestFacts, now: number): Denial | undefined {
  const from = (customersPausedAt ?? Number.NEGATIVE_INFINITY) + LIMITS.pauseAgainMinutes * 60_000;
  if (customersPausedAt === null || now >= from) return undefined;
  const reason = `the order was paused at ${time(customersPausedAt)}; it can be paused again from ${time(from)} on`;
  return { code: 'paused_lately', reason, from };
}

export function whyNoResume(facts: RequestFacts): Denial | undefined {
  const isPaused = facts.pausedBy !== null;
  return ended(facts) ?? (isPaused ? undefined : { code: 'not_paused', reason: 'the order is not paused' });
}

/** All that decides what a customer can do with an order. */
export interface ActionFacts extends Omit<RequestFacts, 'ended'>, ReorderFacts {
  readonly refill: RefillFacts;
  readonly refillTerms: RefillTerms;
}

export const ACTIONS = ['cancel', 'pause', 'resume', 'refill', 'reorder'] as const;
export type Action = (typeof ACTIONS)[number];

/** Why each action would change nothing now; undefined for an action that would. */
export function denialsOf(facts: ActionFacts, now: number): Readonly<Record<Action, Denial | undefined>> {
  const { status, refill, refillTerms } = facts;
  const request = { ...facts, ended: isFinal(status) ? endedAs(status) : null };
  return {
    cancel: whyNoCancel(request, now),
    pause: whyNoPause(request) ?? whyNoPauseAgain(request, now),
    resume: whyNoResume(request),
    refill: whyNoRefill(refill, refillTerms, now),
    reorder: whyNoReorder(facts),
  };
}
