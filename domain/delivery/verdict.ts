import { isTerminal, type ProviderStatus } from './words.ts';

/** What a provider said of a batch, read tolerantly: what could not be read is null. */
export interface ProviderReport {
  readonly status: ProviderStatus;
  readonly remains: number | null;
  readonly startCount: number | null;
  /** The provider's charge as it wrote it. */
  readonly charge: string | null;
  /**
   * How many items that charge pays for at the rate of the route, null where that is not clear (domain/ledger/provider-cost.ts). It is
   * said with Canceled alone, which its other fields may leave open; absent: not read.
   */
  readonly paidFor?: number | null;
}

/** The same before it is known how many items it is of. Of a subscription it tells the posts that are done, not what remains. */
export interface ProviderWord extends ProviderReport {
  readonly posts?: number;
  /** The word itself, when it is unknown. */
  readonly unknownWord?: string;
}

/** What a provider's word says of an order of `quantity` items, or posts. */
export const reportOf = ({ posts, unknownWord: _, ...report }: ProviderWord, quantity: number): ProviderReport =>
  posts === undefined ? report : { ...report, remains: quantity - posts };

/**
 * What a report amounts to for a batch of `quantity` items.
 * - `running`: nothing has ended.
 * - `ended`: so many items were delivered, and that may be charged.
 * - `conflict`: the report contradicts itself, a person decides; nothing is paid out on it.
 */
export type Verdict =
  | { readonly kind: 'running' }
  | { readonly kind: 'ended'; readonly delivered: number }
  | { readonly kind: 'conflict'; readonly why: string };

const ended = (delivered: number): Verdict => ({ kind: 'ended', delivered });
const conflict = (why: string): Verdict => ({ kind: 'conflict', why });

/**
 * The verdict over a provider's word. Only a terminal word ends anything, and never with more given back than the words
 * support: a contradiction is shown, not guessed. Over-delivery (remains below zero) counts as all delivered.
 */
export function verdict(report: ProviderReport, quantity: number): Verdict {
  // Given up and paid back, or to be sent again by their staff: the word does not say which, so a person asks.
  if (report.status === 'Error') return conflict('Error, and it does not say that it was paid back');
  if (!isTerminal(report.status)) return { kind: 'running' };
  const remains = report.remains === null ? null : Math.max(report.remains, 0);
  if (remains !== null && remains > quantity) return conflict(`${remains} remain of ${quantity}`);
  switch (report.status) {
    case 'Completed':
      return remains === null || remains === 0 ? ended(quantity) : conflict(`Completed, yet ${remains} remain`);
    case 'Partial':
      return remains === null ? conflict('Partial without remains') : ended(quantity - remains);
    case 'Canceled':
      // A cancelled order that cost nothing, or whose charge is unknown, delivered nothing.
      if (isZero(report.charge) || (remains === null && report.charge === null)) return ended(0);
      return remains === null || remains === 0 ? byCharge(report, remains, quantity) : ended(quantity - remains);
  }
}

/**
 * A cancelled or refunded order whose `remains` does not say what was delivered: two of the three (the word, remains, the charge)
 * must agree. A charge for a part agrees with the word; one for all with remains 0.
 */
function byCharge({ charge, paidFor }: ProviderReport, remains: 0 | null, quantity: number): Verdict {
  if (typeof paidFor === 'number' && paidFor >= 0 && paidFor < quantity) return ended(paidFor);
  if (remains === 0) {
    if (paidFor === quantity) return ended(quantity);
    return conflict(`Canceled, yet nothing remains and ${charge === null ? 'no charge is said' : 'it was charged'}`);
  }
  // Reports from before charges were compared ended like this, and go on to.
  if (paidFor === undefined) return ended(0);
  return conflict(paidFor === null ? 'Canceled, yet a charge was kept' : 'Canceled, yet its whole price was kept');
}

/** Whether a charge as a provider wrote it is nothing. */
export const isZero = (charge: string | null): boolean => charge !== null && /^0*(\.0*)?$/.test(charge.trim());
