import { UNREADABLE_CHARGE } from '../delivery/verdict.ts';
import { readDecimal } from '../text/loose-json.ts';
import { isOther, readCurrency } from './balance.ts';

/** Longest text that is read as a charge, white space included. */
const LONGEST_CHARGE = 64;
/** Zero with the sign or code of a currency: it is nothing in any currency, and with either separator. */
const NOTHING = /^(?:\p{Sc}|[A-Z]{3})?\s*0+(?:[.,]0+)?\s*(?:\p{Sc}|[A-Z]{3})?$/iu;
/** A small number with an exponent, as JSON has it: 5e-7. */
const TINY = /^(\d)(?:\.(\d{1,17}))?e-0*([1-9]\d?)$/i;

/** Writes out a small number that has an exponent: 5e-7 is 0.0000005. */
const writtenOut = (text: string): string =>
  text.replace(TINY, (_, digit, more = '', places) => `0.${'0'.repeat(Number(places) - 1)}${digit}${more}`);

/**
 * Reads a provider's charge as a plain decimal. Null when none is said; UNREADABLE_CHARGE when one is said that can mean more than
 * one amount, or an amount in a currency that may not be ours. `of`: the currency that the provider names beside it.
 */
export function readCharge(
  value: unknown,
  { of, ours }: { readonly of?: unknown; readonly ours?: string | undefined } = {},
): string | null {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text.length > LONGEST_CHARGE) return UNREADABLE_CHARGE;
  const said = text.trim();
  if (said === '') return null;
  const isNothing = NOTHING.test(said);
  if (!isNothing && ours !== undefined && isOther(readCurrency(of), ours)) return UNREADABLE_CHARGE;
  return readDecimal(writtenOut(said)) ?? (isNothing ? '0' : UNREADABLE_CHARGE);
}
