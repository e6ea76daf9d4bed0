/** The words of a refill's life, exactly as the public reads them. */
export const REFILL_STATUSES = ['Pending', 'In progress', 'Completed', 'Rejected'] as const;
export type RefillStatus = (typeof REFILL_STATUSES)[number];
export type RefillOutcome = Extract<RefillStatus, 'Completed' | 'Rejected'>;

/**
 * Where a refill is: to be asked for at the provider, followed there, sent again on another route at the house's cost, or
 * before a person.
 */
export type RefillStage = 'asking' | 'tracked' | 'resending' | 'review' | 'ended';

export const refillStatus = (stage: RefillStage, outcome: RefillOutcome | null): RefillStatus =>
  stage === 'ended' ? (outcome ?? 'Rejected') : stage === 'asking' ? 'Pending' : 'In progress';

export const REFILL_FALLBACKS = ['review', 'resend', 'reject'] as const;
export type RefillFallback = (typeof REFILL_FALLBACKS)[number];

/** Why a provider's word ends a refill as Rejected; any other reason was written by staff. */
export const REFUSED_BY_PROVIDER = ['the provider does not refill it', 'the provider rejected it'] as const;

/** On what terms an order is refilled; as its service said when it was accepted. */
export interface RefillTerms {
  /** Days from the Completed timestamp; 0: sold without refill. */
  readonly days: number;
  /** Refills an order may have. */
  readonly cap: number;
  /** From the end of one refill to the next request. */
  readonly cooldownMs: number;
  /** What a provider without refill leaves: a person decides, what is missing is sent again at the house's cost, or it ends Rejected. */
  readonly fallback: RefillFallback;
}

/** What is known of an order when a refill is asked for. Times are milliseconds since 1970. */
export interface RefillFacts {
  readonly status: string;
  /** When it was Completed; null when it never was. A later correction does not change it. */
  readonly completedAt: number | null;
  readonly delivered: number;
  /** A refill has not ended. */
  readonly underWay: boolean;
  /** Refills it has had. */
  readonly taken: number;
  readonly lastEndedAt: number | null;
}

const DAY_MS = 86_400_000;

/** The end of the window: counted from Completed, not from placing. */
export const refillUntil = (completedAt: number, { days }: RefillTerms): number => completedAt + days * DAY_MS;

/** Why there is no refill now, as a sentence for the person who asks; undefined when one may be had. */
export function whyNoRefill(facts: RefillFacts, terms: RefillTerms, now: number): string | undefined {
  if (terms.days === 0) return 'this service is sold without refill';
  if (facts.completedAt === null) return `only a Completed order is refilled; this one is ${facts.status}`;
  const until = refillUntil(facts.completedAt, terms);
  if (now >= until) return `the refill window ended at ${new Date(until).toISOString()}`;
  if (facts.delivered === 0) return 'nothing of it was delivered in the end';
  if (facts.underWay) return 'a refill is under way already';
  if (facts.taken >= terms.cap) return `the order has had its ${terms.cap} refills`;
  const rested = (facts.lastEndedAt ?? Number.NEGATIVE_INFINITY) + terms.cooldownMs;
  if (now < rested) return `the next refill can be asked for at ${new Date(rested).toISOString()}`;
  return undefined;
}

/** Why a person looks at a count before anything is done: what was there before the order is gone too, or the start is wrong. */
export const belowStart = (start: number, count: number): string | null =>
  count < start ? `the target shows ${count}, fewer than the ${start} that it had before the order` : null;

/** How many of the delivered items are gone from a target that was counted. */
export function missingOf(start: number, delivered: number, count: number): number {
  return Math.min(Math.max(start + delivered - count, 0), delivered);
}
