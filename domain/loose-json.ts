/**
 * Reading what providers answer. Their JSON is loose (numbers as strings, null, "Unknown", HTML with status 200), so every
 * field is read on its own and what cannot be read is null: one odd row never spoils the other 99.
 */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Undefined when it is not JSON. */
export function parseLoosely(body: string): unknown {
  try {
    return JSON.parse(body.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** Whether text may be the id of an order at a provider. */
export const isIdText = (text: string): boolean => /^[\w-]{1,64}$/.test(text);

/** An id as providers write it: a positive number, or text of a plain shape. */
export function readId(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  if (typeof value !== 'string' || !isIdText(value)) return undefined;
  return /^0*$/.test(value) ? undefined : value;
}

/** A whole number, also as text; null for everything else. */
export function readInteger(value: unknown): number | null {
  const number = typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && Math.abs(number) < 1e15 ? number : null;
}

export function readDecimal(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\d{1,12}(\.\d{1,30})?$/.test(text.trim()) ? text.trim() : null;
}
