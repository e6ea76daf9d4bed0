import { LIMITS } from '../limits.ts';

/** For a service whose target is counted: how much of the delivery may be missing, and when to count again. */
export interface VerifyTerms {
  /** 0 to 100. */
  readonly tolerancePercent: number;
  /** From the first count to the second. Each further wait is twice as long. */
  readonly recheckMs: number;
}

/**
 * The result of counting an order's target.
 * - `counted`: the target shows `count`, and showed `start` before the first send.
 * - `none`: no counter is configured for the target.
 * - `unanswered`: the counter gave no count, or the count at the start is unknown.
 */
export type TargetCount =
  | { readonly kind: 'counted'; readonly count: number; readonly start: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'unanswered' };

/** Whether a target shows what was delivered, within the tolerance. False for a target that could not be counted. */
export const agrees = (target: TargetCount, delivered: number, tolerancePercent: number): boolean =>
  target.kind === 'counted' && target.count - target.start >= Math.ceil((delivered * (100 - tolerancePercent)) / 100);

/** The contradiction as a sentence for the person who decides. */
export const disagreement = (target: TargetCount, delivered: number): string =>
  `the provider says ${delivered}, the target ${target.kind === 'counted' ? `shows ${target.count - target.start}` : 'could not be counted'}`;

/** The counts of a target since all batches have ended, or since a person asked to count again. */
export interface Verification {
  /** When to count next, in milliseconds since 1970; infinity after the last count, when a person must decide. */
  nextAt: number;
  agreed: boolean;
  counts: number;
}

export const newVerification = (): Verification => ({ nextAt: 0, agreed: false, counts: 0 });

/** Whether the last count was made without agreement, so that a person must decide. */
export const isInVain = ({ nextAt }: Verification): boolean => nextAt === Number.POSITIVE_INFINITY;

/** The verification after one more count. */
export function afterCount(
  { counts }: Verification,
  target: TargetCount,
  delivered: number,
  { tolerancePercent, recheckMs }: VerifyTerms,
  now: number,
): Verification {
  return {
    agreed: agrees(target, delivered, tolerancePercent),
    nextAt: counts < LIMITS.rechecks ? now + recheckMs * 2 ** counts : Number.POSITIVE_INFINITY,
    counts: counts + 1,
  };
}
