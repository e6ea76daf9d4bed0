import { formatMoney, type Money } from '../ledger/money.ts';
import { isObject, parseLoosely, readDecimal } from '../text/loose-json.ts';

/** What a provider says is left of our money there. */
export interface ProviderBalance {
  /** A decimal string, below zero too. */
  readonly balance: string;
  /** Three to five capital letters; null when it does not say. */
  readonly currency: string | null;
}

/** The answer to `balance`; undefined when it says none. */
export function readBalanceAnswer(status: number, body: string): ProviderBalance | undefined {
  const answer = status >= 200 && status < 300 ? parseLoosely(body) : undefined;
  if (!isObject(answer)) return undefined;
  const { balance: said } = answer;
  const text = typeof said === 'number' || typeof said === 'string' ? String(said).trim() : '';
  const amount = readDecimal(text.replace(/^-/, ''));
  if (amount === null) return undefined;
  const currency = typeof answer.currency === 'string' ? answer.currency.trim().toUpperCase() : '';
  return {
    balance: text.startsWith('-') ? `-${amount}` : amount,
    currency: /^[A-Z]{3,5}$/.test(currency) ? currency : null,
  };
}

/** In units of 1e-8; what is finer is cut off, which moves it by less than anything costs. */
function unitsOf(balance: string): bigint {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)\.?(\d*)$/.exec(balance) ?? [];
  const units = BigInt(whole + fraction.slice(0, 8).padEnd(8, '0'));
  return sign === '' ? units : -units;
}

/** What is wrong with a balance, as sentences for the operator; undefined where nothing is. */
export interface BalanceTroubles {
  readonly provider_balance: string | undefined;
  readonly provider_currency: string | undefined;
}

/** `low` is in the provider's own currency: it is compared with what the provider says. */
export function balanceTroubles(
  { balance, currency }: ProviderBalance,
  low: Money | undefined,
  ours: string,
): BalanceTroubles {
  const isLow = low !== undefined && unitsOf(balance) < low;
  return {
    provider_balance: isLow
      ? `${balance}${currency === null ? '' : ` ${currency}`} is left there, less than ${formatMoney(low)}`
      : undefined,
    provider_currency: isOther(currency, ours)
      ? `it counts in ${currency}, we in ${ours}: its rates are not compared with ours`
      : undefined,
  };
}

/** Whether a provider's figures are in another currency than ours. Who does not say is taken to mean ours. */
export const isOther = (currency: string | null, ours: string): boolean => currency !== null && currency !== ours;
