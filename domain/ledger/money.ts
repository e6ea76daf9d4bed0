/**
 * Exact money in integers. One unit is 1e-8 of the installation's currency. A rate is an integer in 1e-5 per 1000 items, so one
 * item costs `rate` units and a price is a product: no division, no rounding.
 */

/** An amount in units of 1e-8 of the currency. */
export type Money = bigint & { readonly unit: 'e-8' };

/** A rate in units of 1e-5 of the currency per 1000 items, or per package for package services. */
export type Rate = bigint & { readonly unit: 'e-5 per 1000' };

/** The highest price of an order: 90 billion, which in units of 1e-8 fits a signed 64-bit integer. */
export const MAX_PRICE = (90_000_000_000n * 100_000_000n) as Money;

const MONEY_DECIMALS = 8;
const RATE_DECIMALS = 5;

/** Reads a plain non-negative decimal ("12", "0.27819"); undefined for anything else, more decimals than `scale` included. */
export function parseDecimal(text: string, wholeDigits: number, scale: number): bigint | undefined {
  // A longer text has too many digits.
  if (text.length > wholeDigits + 1 + scale) return undefined;
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  const whole = match?.[1];
  const fraction = match?.[2] ?? '';
  if (whole === undefined || whole.length > wholeDigits || fraction.length > scale) return undefined;
  return BigInt(whole + fraction.padEnd(scale, '0'));
}

/** The shortest decimal string of `value` × 10^-scale. */
export function formatDecimal(value: bigint, scale: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return sign + digits.slice(0, -scale) + (fraction === '' ? '' : `.${fraction}`);
}

/** An amount from a decimal string with at most 8 decimals; undefined for other text, and above MAX_PRICE. */
export function parseMoney(text: string): Money | undefined {
  const amount = parseDecimal(text, 11, MONEY_DECIMALS);
  return amount === undefined || amount > MAX_PRICE ? undefined : (amount as Money);
}

/** The shortest exact decimal string of an amount: "0", "0.27819". */
export const formatMoney = (amount: Money | bigint): string => formatDecimal(amount, MONEY_DECIMALS);

/** A rate from a decimal string with at most 5 decimals; undefined for other text. */
export const parseRate = (text: string): Rate | undefined => parseDecimal(text, 9, RATE_DECIMALS) as Rate | undefined;

export const formatRate = (rate: Rate | bigint): string => formatDecimal(rate, RATE_DECIMALS);

/** The price of one item. A rate is per 1000 items, or per package for package services. */
export const unitPrice = (rate: Rate, per: 1000 | 1): Money => (per === 1000 ? rate : rate * 1000n) as Money;

/** The price of a number of items. */
export const priceOf = (unit: Money, items: number): Money => (unit * BigInt(items)) as Money;

/** What a customer is charged for the delivered items. The SQL function `charge_for` computes the same. */
export const chargeFor = (unit: Money, delivered: number): Money => priceOf(unit, delivered);

/** The form of a provider's charge for an order. */
const PROVIDER_DECIMAL = /^(\d{1,12})(?:\.(\d{1,30}))?$/;

/**
 * A provider's charge in our units. Providers write more decimals than money has (11 were seen), so it is rounded, half to even.
 * It is the only rounded amount, and it concerns our costs, never a customer; the raw string is stored beside it. Returns
 * undefined when the text is not a plain decimal or is above MAX_PRICE: the ledger could not store it, and such a charge must not
 * keep an order from being settled.
 */
export function costFromProvider(raw: string): Money | undefined {
  const match = PROVIDER_DECIMAL.exec(raw.trim());
  const whole = match?.[1];
  if (whole === undefined) return undefined;
  const fraction = (match?.[2] ?? '').padEnd(MONEY_DECIMALS, '0');
  const kept = BigInt(whole + fraction.slice(0, MONEY_DECIMALS));
  const rest = fraction.slice(MONEY_DECIMALS);
  const half = `5${'0'.repeat(Math.max(rest.length - 1, 0))}`;
  const up = rest > half || (rest === half && kept % 2n === 1n);
  const cost = up ? kept + 1n : kept;
  return cost > MAX_PRICE ? undefined : (cost as Money);
}
