import { LIMITS } from '../limits.ts';
import { readJson } from './json-text.ts';

/**
 * Readers for providers' answers. Their JSON is loose (numbers as strings, null, "Unknown", HTML with status 200), so every field
 * is read on its own, and an unreadable field becomes null. One odd row never spoils the other 99.
 */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a field has content. Some panels send every field and leave those that do not apply null, empty, 0 or false. */
export const hasContent = (value: unknown): boolean => {
  if (typeof value === 'string') return value.trim() !== '';
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
};

/** Whether an answer, or one of its rows, says that it is an error. */
export const hasError = ({ error, errors, success, ok, response }: Json): boolean =>
  hasContent(error) || hasContent(errors) || [success, ok, response].includes(false);

/** Parses a provider's answer; undefined when it is not JSON or too large. `items` is the limit of commas. */
export function parseLoosely(body: string, items: number = LIMITS.answerItems): unknown {
  const read = readJson(body, { depth: LIMITS.jsonDepth, items });
  return 'value' in read ? read.value : undefined;
}

/** Whether a text has the shape of an order id at a provider. */
export const isIdText = (text: string): boolean => /^[\w-]{1,64}$/.test(text);

/** Reads a provider's id: a positive number, or a plain text; undefined for anything else, and for zero. */
export function readId(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  if (typeof value !== 'string' || !isIdText(value)) return undefined;
  return /^0*$/.test(value) ? undefined : value;
}

/** Longest text that is read as a number, white space included. */
const LONGEST_NUMBER = 64;

/** Reads a whole number, also from text; null for anything else. */
export function readInteger(value: unknown): number | null {
  if (typeof value === 'string' && value.length > LONGEST_NUMBER) return null;
  const number = typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && Math.abs(number) < 1e15 ? number : null;
}

/** Reads a decimal that is not negative, also from text; null for anything else. */
export function readDecimal(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.length <= LONGEST_NUMBER && /^\d{1,12}(\.\d{1,30})?$/.test(text.trim())
    ? text.trim()
    : null;
}
