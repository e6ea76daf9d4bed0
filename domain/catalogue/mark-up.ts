import { formatDecimal, parseDecimal, type Rate } from '../ledger/money.ts';

/** What is put on a provider's rate; a rule of the house, kept with the service that was imported by it. */
export interface Markup {
  /** In hundredths of a percent: 2500 is 25 %. */
  readonly percent: bigint;
  /** Put on after the percentage. */
  readonly plus: Rate;
}

const PERCENT_DECIMALS = 2;
const WHOLE = 10_000n;

/** The largest rate that can be written: nine digits before the point. */
export const MAX_RATE = (10n ** 14n - 1n) as Rate;

/** A percentage from a decimal string with at most 2 decimals, up to 99999.99; undefined when it is not one. */
export const parsePercent = (text: string): bigint | undefined => parseDecimal(text, 5, PERCENT_DECIMALS);

export const formatPercent = (percent: bigint): string => formatDecimal(percent, PERCENT_DECIMALS);

/**
 * What a service is sold at that costs `cost`: cost × (100 + percent) / 100 + plus. The only division of a rate there is, rounded
 * up to the unit of rates (1e-5 per 1000), so that it is never below the cost and nothing else is ever rounded.
 */
export const sellingRate = (cost: Rate, { percent, plus }: Markup): Rate =>
  ((cost * (WHOLE + percent) + WHOLE - 1n) / WHOLE + plus) as Rate;

/** A provider's rate in our unit, at least; `exact` is false when it is finer than the unit and was rounded up. */
export interface CostRate {
  readonly rate: Rate;
  readonly exact: boolean;
}

/** Characters of a provider's rate. */
const LONGEST_RATE = 64;
const RATE_DECIMALS = 5;

/** Reads a plain decimal of any number of decimals as a rate; undefined when it is none, or larger than any rate. */
export function costRate(text: string): CostRate | undefined {
  const [, whole = '', fraction = ''] = (text.length <= LONGEST_RATE && /^(\d+)(?:\.(\d*))?$/.exec(text)) || [];
  const [kept, rest] = [fraction.slice(0, RATE_DECIMALS), fraction.slice(RATE_DECIMALS)];
  const cut = parseDecimal(kept === '' ? whole : `${whole}.${kept}`, 9, RATE_DECIMALS);
  if (cut === undefined) return undefined;
  const exact = /^0*$/.test(rest);
  return { rate: (exact ? cut : cut + 1n) as Rate, exact };
}
