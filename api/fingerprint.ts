import { createHash } from 'node:crypto';

/** JSON with the keys of every object sorted: two requests that say the same have one text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

/** SHA-256, in hex, of what is asked of which route. */
export const fingerprintOf = (route: string, request: unknown): string =>
  createHash('sha256').update(canonicalJson({ route, request })).digest('hex');
