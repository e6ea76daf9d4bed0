import type { Denial } from '../order/denial.ts';

/** The statuses of a refill, exactly as the API shows them. */
export const REFILL_STATUSES = ['Pending', 'In progress', 'Completed', 'Rejected'] as const;
export type RefillStatus = (typeof REFILL_STATUSES)[number];
export type RefillOutcome = Extract<RefillStatus, 'Completed' | 'Rejected'>;

/**
 * `asking`: the provider must be asked. `tracked`: a provider has taken it. `resending`: the missing items go to another route at
 * our cost. `review`: a person decides.
 */
export type RefillStage = 'asking' | 'tracked' | 'resending' | 'review' | 'ended';

export const refillStatus = (stage: RefillStage, outcome: RefillOutcome | null): RefillStatus =>
  stage === 'ended' ? (outcome ?? 'Rejected') : stage === 'asking' ? 'Pending' : 'In progress';

export const REFILL_FALLBACKS = ['review', 'resend', 'reject'] as const;
export type RefillFallback = (typeof REFILL_FALLBACKS)[number];

/** Why a provider ended a refill as Rejected: it did not take the refill, or rejected it later. Other reasons are from staff. */
export const REFUSED_BY_PROVIDER = ['the provider does not refill it', 'the provider rejected it'] as const;

/** Why a person decides when the providers completed one part of a refill and rejected another. */
export const REJECTED_IN_PART = 'one part was completed and another rejected: count what is missing now';

/** The refill terms of an order, copied from its service at acceptance. */
export interface RefillTerms {
  /** Days from the Completed timestamp; 0: no refill. */
  readonly days: number;
  /** Refills an order may have. */
  readonly cap: number;
  /** From the end of one refill to the next request. */
  readonly cooldownMs: number;
  /** When the provider refuses: a person decides, the missing items are sent again at our cost, or the refill ends Rejected. */
  readonly fallback: RefillFallback;
}

/** The facts that decide whether an order can be refilled. Times are milliseconds since 1970. */
export interface RefillFacts {
  readonly status: string;
  /** When the order was Completed; null if never. A later correction does not change it. */
  readonly completedAt: number | null;
  readonly delivered: number;
  /** Whether a refill has not ended. */
  readonly underWay: boolean;
  /** Refills that the order has had. */
  readonly taken: number;
  readonly lastEndedAt: number | null;
}

const DAY_MS = 86_400_000;

/** The end of the window, counted from Completed. */
export const refillUntil = (completedAt: number, { days }: RefillTerms): number => completedAt + days * DAY_MS;

/** Why the order cannot be refilled now; undefined when it can. */
export function whyNoRefill(facts: RefillFacts, terms: RefillTerms, now: number): Denial | undefined {
  if (terms.days === 0) return { code: 'not_refillable', reason: 'this service is sold without refill' };
  if (facts.completedAt === null)
    return { code: 'never_completed', reason: `only a Completed order is refilled; this one is ${facts.status}` };
  const until = refillUntil(facts.completedAt, terms);
  if (now >= until)
    return { code: 'refill_window_over', reason: `the refill window ended at ${new Date(until).toISOString()}` };
  if (facts.delivered === 0) return { code: 'nothing_delivered', reason: 'nothing of it was delivered in the end' };
  if (facts.underWay) return { code: 'refill_under_way', reason: 'a refill is under way already' };
  if (facts.taken >= terms.cap)
    return { code: 'refills_used_up', reason: `the order has used all its refills (${terms.cap})` };
  const from = (facts.lastEndedAt ?? Number.NEGATIVE_INFINITY) + terms.cooldownMs;
  if (now >= from) return undefined;
  const reason = `the next refill can be asked for at ${new Date(from).toISOString()}`;
  return { code: 'refill_too_soon', reason, from };
}

/** Why a person must review a count below the start: older items are gone too, or the start is wrong. Null if not below. */
export const belowStart = (start: number, count: number): string | null =>
  count < start ? `the target shows ${count}, fewer than the ${start} that it had before the order` : null;

/** How many of the delivered items are gone from a target that was counted. */
export function missingOf(start: number, delivered: number, count: number): number {
  return Math.min(Math.max(start + delivered - count, 0), delivered);
}
