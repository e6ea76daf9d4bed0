import { formatRate, parseRate } from '../../../../domain/ledger/money.ts';

/** What is left of a selling rate after the rate of a route: exact, and as a share of the selling rate to a hundredth of a percent. */
export interface Margin {
  /** A decimal string; negative when the route costs more. */
  readonly amount: string;
  /** `44.44 %`; undefined when the service is sold for nothing. */
  readonly share: string | undefined;
  readonly isLoss: boolean;
}

/** The margin of a route; undefined when a rate is no decimal, as in a form that is being filled in. */
export function marginOf(sold: string, cost: string): Margin | undefined {
  const [income, expense] = [parseRate(sold), parseRate(cost)];
  if (income === undefined || expense === undefined) return undefined;
  const left = income - expense;
  return { amount: formatRate(left), share: income === 0n ? undefined : percentOf(left, income), isLoss: left < 0n };
}

/** A share with two decimals, rounded towards zero. */
function percentOf(part: bigint, whole: bigint): string {
  const hundredths = (part * 10_000n) / whole;
  const digits = String(hundredths < 0n ? -hundredths : hundredths).padStart(3, '0');
  return `${hundredths < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)} %`;
}
