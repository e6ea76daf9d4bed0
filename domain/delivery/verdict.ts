import { isTerminal, type ProviderStatus } from './words.ts';

/** The charge of a report that said one which cannot be read: not the same as no charge. */
export const UNREADABLE_CHARGE = 'unreadable';

/** A provider's report about a batch. Any other field that could not be read is null. */
export interface ProviderReport {
  readonly status: ProviderStatus;
  readonly remains: number | null;
  readonly startCount: number | null;
  /** The charge as a plain decimal; UNREADABLE_CHARGE when it cannot be read; null when none is said. */
  readonly charge: string | null;
  /**
   * How many items the charge pays for at the rate of the route; null when that is not clear (domain/ledger/provider-cost.ts). It
   * is set only with Canceled, where the other fields may not say what was delivered. Absent: not computed.
   */
  readonly paidFor?: number | null;
}

/** A report before its quantity is known. For a subscription it has the finished posts instead of what remains. */
export interface ProviderWord extends ProviderReport {
  readonly posts?: number;
  /** The provider's status word, when it is not known. */
  readonly unknownWord?: string;
}

/** The report about an order of `quantity` items or posts. */
export const reportOf = ({ posts, unknownWord: _, ...report }: ProviderWord, quantity: number): ProviderReport =>
  posts === undefined ? report : { ...report, remains: quantity - posts };

/**
 * What a report means for a batch of `quantity` items.
 * - `running`: the batch has not ended.
 * - `ended`: `delivered` items were delivered and can be charged.
 * - `conflict`: the report contradicts itself. A person decides; nothing is paid out on it.
 */
export type Verdict =
  | { readonly kind: 'running' }
  | { readonly kind: 'ended'; readonly delivered: number }
  | { readonly kind: 'conflict'; readonly why: string };

const ended = (delivered: number): Verdict => ({ kind: 'ended', delivered });
const conflict = (why: string): Verdict => ({ kind: 'conflict', why });

/**
 * The verdict on a provider's report. Only a terminal status ends a batch, and never with a larger refund than the report proves:
 * a contradiction goes to a person. Over-delivery (remains below zero) counts as all delivered.
 */
export function verdict(report: ProviderReport, quantity: number): Verdict {
  // Error does not say whether the panel refunded us or its staff will send the order again, so a person must ask.
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
      // A canceled order without a charge, or with neither a charge nor remains, delivered nothing.
      if (isZero(report.charge) || (remains === null && report.charge === null)) return ended(0);
      return remains === null || remains === 0 ? byCharge(report, remains, quantity) : ended(quantity - remains);
  }
}

/**
 * A canceled order whose `remains` does not say what was delivered. Two of the status, `remains` and the charge must agree: a
 * charge for a part agrees with Canceled, a charge for everything agrees with remains 0.
 */
function byCharge({ charge, paidFor }: ProviderReport, remains: 0 | null, quantity: number): Verdict {
  if (typeof paidFor === 'number' && paidFor >= 0 && paidFor < quantity) return ended(paidFor);
  if (remains === 0) {
    if (paidFor === quantity) return ended(quantity);
    return conflict(`Canceled, yet nothing remains and ${charge === null ? 'no charge is said' : 'it was charged'}`);
  }
  if (charge === UNREADABLE_CHARGE) return conflict('Canceled, yet its charge cannot be read');
  // Reports from before charges were compared have no `paidFor` and ended like this.
  if (paidFor === undefined) return ended(0);
  return conflict(paidFor === null ? 'Canceled, yet a charge was kept' : 'Canceled, yet its whole price was kept');
}

/** Whether a provider's charge is zero. */
export const isZero = (charge: string | null): boolean => charge !== null && /^0*(\.0*)?$/.test(charge.trim());
