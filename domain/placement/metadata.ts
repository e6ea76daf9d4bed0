import { LIMITS } from '../limits.ts';

/** A customer's own keys and values for an order. */
export type Metadata = Readonly<Record<string, string>>;

const ODD = /[\p{Cc}\p{Cs}]/u;

/** What is wrong with a value from outside as metadata: a key (empty for the whole) and a sentence; empty when it is metadata. */
export function metadataFaults(value: unknown): { readonly key: string; readonly message: string }[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ key: '', message: 'must be an object of text' }];
  const entries = Object.entries(value);
  if (entries.length > LIMITS.metadataKeys)
    return [{ key: '', message: `must have at most ${LIMITS.metadataKeys} keys` }];
  return entries.flatMap(([key, text]) => {
    const message = keyFault(key) ?? valueFault(text);
    return message === undefined ? [] : [{ key, message }];
  });
}

function keyFault(key: string): string | undefined {
  if (key === '' || key.length > LIMITS.metadataKey) return `the key must have 1 to ${LIMITS.metadataKey} characters`;
  return ODD.test(key) ? 'the key must not contain control characters' : undefined;
}

function valueFault(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'must be text';
  if (value.length > LIMITS.metadataValue) return `must have at most ${LIMITS.metadataValue} characters`;
  return ODD.test(value) ? 'must not contain control characters' : undefined;
}

/** The same metadata with its keys sorted: PostgreSQL keeps another order than the request had. */
export const sortedMetadata = (metadata: Metadata): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata).sort(([one], [other]) => (one < other ? -1 : 1)));
