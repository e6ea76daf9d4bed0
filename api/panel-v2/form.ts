import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type Decode, decodeUtf8, decoding } from '../http/charset.ts';
import type { Entry } from './entry.ts';

/** The field that, per HTML, names the charset of the others. */
export const CHARSET_FIELD = '_charset_';

/** A name and a value of a form as sent: each byte is one character, escapes are kept. */
interface Pair {
  readonly name: string;
  readonly value: string;
}

/**
 * Splits a form into pairs without decoding them.
 * @throws Refusal `too_many_fields`.
 */
function pairsIn(form: string): Pair[] {
  const pairs: Pair[] = [];
  for (let [at, count] = [0, 0]; at < form.length; count += 1) {
    if (count === LIMITS.fields) throw new Refusal('too_many_fields');
    const next = form.indexOf('&', at);
    const pair = form.slice(at, next === -1 ? form.length : next);
    const equals = pair.indexOf('=');
    if (pair !== '') {
      pairs.push(
        equals === -1 ? { name: pair, value: '' } : { name: pair.slice(0, equals), value: pair.slice(equals + 1) },
      );
    }
    at = next === -1 ? form.length : next + 1;
  }
  return pairs;
}

const [PLUS, PERCENT, SPACE] = [0x2b, 0x25, 0x20];

/** The value of a hexadecimal digit; NaN for any other character. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN;
}

/** The bytes of a part of a form, escapes replaced. A % without two hexadecimal digits stands for itself. */
function unescaped(part: string): Uint8Array {
  const bytes = new Uint8Array(part.length);
  let length = 0;
  for (let at = 0; at < part.length; at += 1, length += 1) {
    const code = part.charCodeAt(at);
    const escaped =
      code === PERCENT ? 16 * digitOf(part.charCodeAt(at + 1)) + digitOf(part.charCodeAt(at + 2)) : Number.NaN;
    if (Number.isNaN(escaped)) {
      bytes[length] = code === PLUS ? SPACE : code;
    } else {
      bytes[length] = escaped;
      at += 2;
    }
  }
  return bytes.subarray(0, length);
}

/** UTF-16 uses two bytes for a character, so its text cannot be told from ASCII by its bytes. */
const isWide = (charset: string): boolean => charset.startsWith('utf-16');

/** Whether bytes are plain ASCII without a zero byte. */
const isPlain = (bytes: Uint8Array): boolean => bytes.every((byte) => byte > 0 && byte < 0x80);

/** The decoder for a form in UTF-16: clients encode either all parts in it, or only those that are not ASCII. */
function readWide(pairs: readonly Pair[], decode: Decode): Decode {
  const all = pairs.some(({ name }) => !isPlain(unescaped(name)));
  return all ? decode : (bytes) => (isPlain(bytes) ? decodeUtf8(bytes) : decode(bytes));
}

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

/** A body that is UTF-16 as a whole, as the same form in UTF-8. */
const narrowed = (bytes: Uint8Array, decode: Decode): Uint8Array => new TextEncoder().encode(decode(bytes));

/** Removes the byte order mark of UTF-8 and white space at both ends, as files have them. */
function trimmed(form: string): string {
  return (form.startsWith('\u00ef\u00bb\u00bf') ? form.slice(3) : form).trim();
}

function entriesOf(form: string, label: string | undefined): Entry[] {
  const pairs = pairsIn(form);
  const named = label ?? (pairs.findLast(({ name }) => name === CHARSET_FIELD)?.value || undefined);
  const { charset, decode: plainly } = decoding(named ?? 'utf-8');
  const decode = isWide(charset) ? readWide(pairs, plainly) : plainly;
  const textOf = (part: string): string => decode(unescaped(part));
  return pairs
    .filter(({ name }) => name !== CHARSET_FIELD)
    .map(({ name, value }) => ({ name: textOf(name), value: () => textOf(value) }));
}

/**
 * The fields of a form in the charset of its Content-Type or of its `_charset_` field. Values are decoded on demand.
 * @throws Refusal `too_many_fields`, `unknown_charset`, or `invalid_encoding`.
 */
export function formEntries(body: Uint8Array, label: string | undefined): Entry[] {
  const raw = label === undefined ? undefined : decoding(label);
  // An escaped form has no zero bytes, so a form with zero bytes is UTF-16 as a whole.
  if (raw !== undefined && isWide(raw.charset) && body.includes(0)) {
    return entriesOf(trimmed(latin1(narrowed(body, raw.decode))), 'utf-8');
  }
  return entriesOf(trimmed(latin1(body)), label);
}

/**
 * The fields of a query string, which is UTF-8.
 * @throws Refusal `too_many_fields`, or `invalid_encoding`.
 */
export function queryEntries(url: string): Entry[] {
  const [address = ''] = url.split('#', 1);
  const begin = address.indexOf('?');
  return begin === -1 ? [] : entriesOf(address.slice(begin + 1), 'utf-8');
}
