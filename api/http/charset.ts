import { TextDecoder } from 'node:util';
import { Refusal } from '../../domain/errors.ts';

/** Turns bytes into text. @throws Refusal `invalid_encoding` for bytes that are not valid in its charset. */
export type Decode = (bytes: Uint8Array) => string;

/** Parameters of a header that are read; a Content-Type has two or three. */
const MOST_PARAMETERS = 16;

/** A parameter of a header such as `multipart/form-data; boundary=x; charset="utf-8"`; undefined when it is absent or empty. */
export function headerParameter(header: string, name: string): string | undefined {
  for (const part of header.split(';', MOST_PARAMETERS).slice(1)) {
    const equals = part.indexOf('=');
    if (equals === -1 || part.slice(0, equals).trim().toLowerCase() !== name) continue;
    const value = part.slice(equals + 1).trim();
    const quote = value.at(0);
    const quoted = value.length > 1 && (quote === '"' || quote === "'") && value.endsWith(quote);
    return (quoted ? value.slice(1, -1) : value) || undefined;
  }
  return undefined;
}

/** The type of a Content-Type, without its parameters. */
export const mediaType = (header: string): string => (header.split(';', 1)[0] ?? '').trim().toLowerCase();

/** The standard's form for bytes that are no text: from 0x80 on it makes characters without a meaning. Node.js knows it from 24 on. */
const NO_TEXT = 'x-user-defined';

function decoderOf(label: string): TextDecoder {
  let decoder: TextDecoder | undefined;
  try {
    decoder = new TextDecoder(label, { fatal: true });
  } catch {
    // No such charset.
  }
  if (decoder === undefined || decoder.encoding === NO_TEXT) throw new Refusal('unknown_charset');
  return decoder;
}

/** `utf-16` alone does not say the byte order; a byte order mark does. */
const isBigEndian = (label: string, [first, second]: Uint8Array): boolean =>
  label.toLowerCase() === 'utf-16' && first === 0xfe && second === 0xff;

/**
 * The decoder of a charset; every charset of the WHATWG encoding standard for text has one.
 * @throws Refusal `unknown_charset`.
 */
export function decoding(label: string): { readonly charset: string; readonly decode: Decode } {
  const decoder = decoderOf(label);
  const decode: Decode = (bytes) => {
    try {
      return (isBigEndian(label, bytes) ? decoderOf('utf-16be') : decoder).decode(bytes);
    } catch {
      // Replacement characters must not be delivered as the customer's text.
      throw new Refusal('invalid_encoding', `the text is not valid ${decoder.encoding}`);
    }
  };
  return { charset: decoder.encoding, decode };
}

const utf8 = decoding('utf-8');

/** @throws Refusal `invalid_encoding`. */
export const decodeUtf8: Decode = utf8.decode;

const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80);

/**
 * Decodes JSON as UTF-8 (RFC 8259). A header that names another charset contradicts this, so a body that is not plain ASCII is
 * then refused rather than guessed.
 * @throws Refusal `invalid_encoding`, or `unknown_charset`.
 */
export function decodeJson(bytes: Uint8Array, contentType: string): string {
  const label = headerParameter(contentType, 'charset');
  if (label !== undefined && decoding(label).charset !== utf8.charset && !isAscii(bytes)) {
    throw new Refusal('invalid_encoding', 'JSON must be UTF-8');
  }
  return decodeUtf8(bytes);
}

/**
 * Decodes text in the charset of its Content-Type; by default UTF-8.
 * @throws Refusal `invalid_encoding`, or `unknown_charset`.
 */
export const decodeText = (bytes: Uint8Array, contentType: string): string =>
  decoding(headerParameter(contentType, 'charset') ?? utf8.charset).decode(bytes);
