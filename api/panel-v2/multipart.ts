import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { decodeUtf8, decoding, headerParameter } from '../http/charset.ts';
import type { Entry } from './entry.ts';
import { CHARSET_FIELD } from './form.ts';

/** RFC 2046 allows a boundary of 70 characters. */
const LONGEST_BOUNDARY = 200;
/** Bytes and lines of the headers of one part. */
const LONGEST_HEAD = 2_048;
const MOST_HEADERS = 16;

const LINE_END = '\r\n';

/** A part as sent: each byte is one character. */
interface Part {
  readonly name: string;
  readonly contentType: string;
  readonly content: string;
  /** False for a file, and for a transfer encoding that forms no longer use. */
  readonly isText: boolean;
}

const malformed = (): never => {
  throw new Refusal('malformed_body');
};

/** The start of the next line that begins with the boundary; -1 when there is none. Reads every line once. */
function nextBoundary(body: string, boundary: string, from: number): number {
  for (let at = body.indexOf('\r\n--', from); at !== -1; at = body.indexOf('\r\n--', at + 1)) {
    if (body.startsWith(boundary, at + 4)) return at;
  }
  return -1;
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');

function partOf(text: string): Part {
  // A part without headers begins with the empty line that ends them.
  const end = `${LINE_END}${text.slice(0, LONGEST_HEAD)}`.indexOf(LINE_END + LINE_END);
  if (end === -1) return malformed();
  const headers = new Map<string, string>();
  for (const line of text.slice(0, end).split(LINE_END, MOST_HEADERS)) {
    const colon = line.indexOf(':');
    if (colon !== -1) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const disposition = headers.get('content-disposition') ?? '';
  const name = headerParameter(disposition, 'name');
  if (name === undefined) return malformed();
  const isFile = ['filename', 'filename*'].some((word) => headerParameter(disposition, word) !== undefined);
  const transfer = headers.get('content-transfer-encoding')?.toLowerCase() ?? 'binary';
  return {
    name: decodeUtf8(bytesOf(name)),
    contentType: headers.get('content-type') ?? '',
    content: text.slice(end + LINE_END.length),
    isText: !isFile && ['7bit', '8bit', 'binary'].includes(transfer),
  };
}

/** @throws Refusal `malformed_body`, or `too_many_fields`. */
function partsOf(body: string, boundary: string): Part[] {
  const parts: Part[] = [];
  // The first boundary may follow a preamble, which is skipped.
  const marked = LINE_END + body;
  let at = nextBoundary(marked, boundary, 0);
  while (at !== -1) {
    const begin = at + LINE_END.length + 2 + boundary.length;
    if (marked.startsWith('--', begin)) return parts;
    const line = marked.indexOf(LINE_END, begin);
    const next = nextBoundary(marked, boundary, begin);
    if (line === -1 || next === -1 || line - begin > LONGEST_HEAD) return malformed();
    if (parts.length === LIMITS.fields) throw new Refusal('too_many_fields');
    parts.push(partOf(marked.slice(line + LINE_END.length, Math.max(next, line + LINE_END.length))));
    at = next;
  }
  return malformed();
}

/**
 * The fields of a multipart form. A part is decoded in its own charset; without one in the charset of the header or of the field
 * `_charset_`.
 * @throws Refusal `malformed_body`, `too_many_fields`, `unknown_charset`, or `invalid_encoding`.
 */
export function multipartEntries(bytes: Uint8Array, contentType: string): Entry[] {
  const boundary = headerParameter(contentType, 'boundary') ?? '';
  if (boundary === '' || boundary.length > LONGEST_BOUNDARY) return malformed();
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const parts = partsOf(body, boundary);
  const field = parts.findLast(({ name }) => name === CHARSET_FIELD)?.content.trim() || undefined;
  const usual = headerParameter(contentType, 'charset') ?? field ?? 'utf-8';
  return parts
    .filter(({ name }) => name !== CHARSET_FIELD)
    .map((part) => ({
      name: part.name,
      value: () =>
        part.isText
          ? decoding(headerParameter(part.contentType, 'charset') ?? usual).decode(bytesOf(part.content))
          : malformed(),
    }));
}
