import { formatDecimal, parseDecimal, type Rate } from '../ledger/money.ts';

/** The mark-up on a provider's rate. It is stored with the services that were imported with it. */
export interface Markup {
  /** In hundredths of a percent: 2500 is 25 %. */
  readonly percent: bigint;
  /** Added after the percentage. */
  readonly plus: Rate;
}

const PERCENT_DECIMALS = 2;
const WHOLE = 10_000n;

/** The largest rate: nine digits before the decimal point. */
export const MAX_RATE = (10n ** 14n - 1n) as Rate;

/** A percentage from a decimal string with at most 2 decimals, up to 99999.99; undefined for other text. */
export const parsePercent = (text: string): bigint | undefined => parseDecimal(text, 5, PERCENT_DECIMALS);

export const formatPercent = (percent: bigint): string => formatDecimal(percent, PERCENT_DECIMALS);

/**
 * The selling rate for a cost: cost × (100 + percent) / 100 + plus. This is the only division of a rate. It rounds up to the unit
 * of rates (1e-5 per 1000), so that the result is never below the cost.
 */
export const sellingRate = (cost: Rate, { percent, plus }: Markup): Rate =>
  ((cost * (WHOLE + percent) + WHOLE - 1n) / WHOLE + plus) as Rate;

/** A provider's rate in our unit. `exact` is false when the rate had more decimals and was rounded up. */
export interface CostRate {
  readonly rate: Rate;
  readonly exact: boolean;
}

/** Longest text that is read as a provider's rate. */
const LONGEST_RATE = 64;
const RATE_DECIMALS = 5;

/** Reads a plain decimal with any number of decimals as a rate; undefined for other text, and for a rate that is too large. */
export function costRate(text: string): CostRate | undefined {
  const [, whole = '', fraction = ''] = (text.length <= LONGEST_RATE && /^(\d+)(?:\.(\d*))?$/.exec(text)) || [];
  const [kept, rest] = [fraction.slice(0, RATE_DECIMALS), fraction.slice(RATE_DECIMALS)];
  const cut = parseDecimal(kept === '' ? whole : `${whole}.${kept}`, 9, RATE_DECIMALS);
  if (cut === undefined) return undefined;
  const exact = /^0*$/.test(rest);
  return { rate: (exact ? cut : cut + 1n) as Rate, exact };
}
