import { formatMoney, type Money } from '../ledger/money.ts';
import { isObject, parseLoosely, readDecimal } from '../text/loose-json.ts';

/** Our balance at a provider, as the provider reports it. */
export interface ProviderBalance {
  /** A decimal string; it can be negative. */
  readonly balance: string;
  /** Three to five capital letters; null when the provider names no currency. */
  readonly currency: string | null;
}

/** Reads the answer to `balance`; undefined when it has no balance. */
export function readBalanceAnswer(status: number, body: string): ProviderBalance | undefined {
  const answer = status >= 200 && status < 300 ? parseLoosely(body) : undefined;
  if (!isObject(answer)) return undefined;
  const { balance: said } = answer;
  const text = typeof said === 'number' || typeof said === 'string' ? String(said).trim() : '';
  const amount = readDecimal(text.replace(/^-/, ''));
  if (amount === null) return undefined;
  return {
    balance: text.startsWith('-') ? `-${amount}` : amount,
    currency: readCurrency(answer.currency),
  };
}

/** The balance in units of 1e-8. Further decimals are cut off: they are less than the price of anything. */
function unitsOf(balance: string): bigint {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)\.?(\d*)$/.exec(balance) ?? [];
  const units = BigInt(whole + fraction.slice(0, 8).padEnd(8, '0'));
  return sign === '' ? units : -units;
}

/** Problems with a balance, by alert, as sentences for the operator; undefined where there is none. */
export interface BalanceTroubles {
  readonly provider_balance: string | undefined;
  readonly provider_currency: string | undefined;
}

/** `low` is the alert limit, in the provider's own currency. `ours` is the currency of this installation. */
export function balanceTroubles(
  { balance, currency }: ProviderBalance,
  low: Money | undefined,
  ours: string,
): BalanceTroubles {
  const isLow = low !== undefined && unitsOf(balance) < low;
  return {
    provider_balance: isLow
      ? `the provider's balance is ${balance}${currency === null ? '' : ` ${currency}`}, below ${formatMoney(low)}`
      : undefined,
    provider_currency: isOther(currency, ours)
      ? `the provider's currency is ${currency}, ours is ${ours}: its rates are not compared with ours`
      : undefined,
  };
}

/** The code of the currency that a provider names; null when it names none, or something else. */
export function readCurrency(value: unknown): string | null {
  const said = typeof value === 'string' ? value.trim().toUpperCase() : '';
  return /^[A-Z]{3,5}$/.test(said) ? said : null;
}

/** Whether a provider's figures are in another currency than ours. A provider that names none is assumed to use ours. */
export const isOther = (currency: string | null, ours: string): boolean => currency !== null && currency !== ours;
