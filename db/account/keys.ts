import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

/**
 * API keys: `hf_<12: public prefix>_<43: secret><6: checksum>`, all base62. The secret has 256 bits, so a fast hash is
 * enough to protect it. The checksum shows a mistyped key without a query, and lets scanners recognise leaked keys.
 */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SHAPE = /^(hf_([0-9A-Za-z]{12})_[0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;
const CHECKSUM = 6;

const random = (length: number): string =>
  Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');

function checksum(text: string): string {
  let number = createHash('sha256').update(text).digest().readUIntBE(0, 6);
  let digits = '';
  for (let digit = 0; digit < CHECKSUM; digit += 1) {
    digits += ALPHABET.charAt(number % ALPHABET.length);
    number = Math.floor(number / ALPHABET.length);
  }
  return digits;
}

export function newKey(): string {
  const body = `hf_${random(12)}_${random(43)}`;
  return body + checksum(body);
}

/** The public prefix of a key; undefined when the text cannot be one of our keys. */
export function prefixOf(key: string): string | undefined {
  const [, body, prefix, sum] = SHAPE.exec(key) ?? [];
  return body !== undefined && sum === checksum(body) ? prefix : undefined;
}

/** The stored hash of a key. */
export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

const NO_KEY = Buffer.alloc(32);

/** Takes the same time whether there is a stored hash or not, so that its time does not show which keys exist. */
export function keyMatches(key: string, stored: Buffer | undefined): boolean {
  const equal = timingSafeEqual(hashOf(key), stored ?? NO_KEY);
  return equal && stored !== undefined;
}
