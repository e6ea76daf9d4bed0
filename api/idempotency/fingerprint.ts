import { createHash, createHmac } from 'node:crypto';
import { keptKey } from '../../db/account/kept-keys.ts';
import type { Deps } from '../deps.ts';
import { inPieces } from '../limits/list-turns.ts';

/** JSON with the keys of every object sorted, so that equal requests have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

/** SHA-256, in hex, of a route and its request; for requests that hold no secret. */
export const fingerprintOf = (route: string, request: unknown): string =>
  createHash('sha256').update(canonicalJson({ route, request })).digest('hex');

/** HMAC of the same, in hex: a copy of the database must not allow guessing a secret in the request. */
export const keyedFingerprintOf = (key: Buffer, route: string, request: unknown): string =>
  createHmac('sha256', key).update(canonicalJson({ route, request })).digest('hex');

/** `keyedFingerprintOf` a long list. */
export async function keyedFingerprintOfList(key: Buffer, route: string, list: readonly unknown[]): Promise<string> {
  const hmac = createHmac('sha256', key).update('{"request":[');
  let separator = '';
  for await (const piece of inPieces(list)) {
    hmac.update(separator + canonicalJson(piece).slice(1, -1));
    separator = ',';
  }
  return hmac.update(`],"route":${JSON.stringify(route)}}`).digest('hex');
}

const KEY = 'fingerprints';
const keys = new WeakMap<Deps['sql'], Promise<Buffer>>();

/** The key of `keyedFingerprintOf`, read once for each process. */
export function fingerprintKey({ sql, config }: Deps): Promise<Buffer> {
  const before = keys.get(sql);
  if (before !== undefined) return before;
  const key = keptKey(sql, config.HOLDFAST_MASTER_KEY, KEY);
  keys.set(sql, key);
  key.catch(() => keys.delete(sql));
  return key;
}
