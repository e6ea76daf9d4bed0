import { LIMITS } from '../limits.ts';
import { readJson } from './json-text.ts';

/**
 * Reading what providers answer. Their JSON is loose (numbers as strings, null, "Unknown", HTML with status 200), so every
 * field is read on its own and what cannot be read is null: one odd row never spoils the other 99.
 */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Undefined when it is not JSON, or has more in it than any answer; `items` is where that is not the usual. */
export function parseLoosely(body: string, items: number = LIMITS.answerItems): unknown {
  const read = readJson(body, { depth: LIMITS.jsonDepth, items });
  return 'value' in read ? read.value : undefined;
}

/** Whether text may be the id of an order at a provider. */
export const isIdText = (text: string): boolean => /^[\w-]{1,64}$/.test(text);

/** An id as providers write it: a positive number, or text of a plain shape. */
export function readId(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  if (typeof value !== 'string' || !isIdText(value)) return undefined;
  return /^0*$/.test(value) ? undefined : value;
}

/** Characters of a number as text, white space around it with it. */
const LONGEST_NUMBER = 64;

/** A whole number, also as text; null for everything else. */
export function readInteger(value: unknown): number | null {
  if (typeof value === 'string' && value.length > LONGEST_NUMBER) return null;
  const number = typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && Math.abs(number) < 1e15 ? number : null;
}

export function readDecimal(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.length <= LONGEST_NUMBER && /^\d{1,12}(\.\d{1,30})?$/.test(text.trim())
    ? text.trim()
    : null;
}
