import { Refusal } from '../../../domain/errors.ts';
import { LIMITS } from '../../../domain/limits.ts';
import { headerParameter, mediaType } from '../../http/charset.ts';
import type { ApiContext } from '../../http/context.ts';
import { bodyBytes } from '../../http/json-body.ts';

const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data';

/** A boundary by RFC 2046. */
const BOUNDARY = /^[\w'()+,./:=? -]{1,70}$/;

/** A kind of form. `mark`: the bytes that stand before every field but the first. */
interface FormKind {
  readonly type: string;
  readonly mark: string;
}

/** The kind of form that a Content-Type names; undefined for any other body. */
function kindOf(contentType: string): FormKind | undefined {
  const type = mediaType(contentType);
  if (type === FORM) return { type, mark: '&' };
  const boundary = headerParameter(contentType, 'boundary') ?? '';
  if (type !== MULTIPART || !BOUNDARY.test(boundary)) return undefined;
  return { type: `${type}; boundary="${boundary}"`, mark: `\r\n--${boundary}` };
}

/** Whether the bytes have `most` marks or more. */
function hasMarks(bytes: Uint8Array, mark: string, most: number): boolean {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = -1;
  for (let count = 0; count < most; count += 1) {
    at = body.indexOf(mark, at + 1, 'latin1');
    if (at === -1) return false;
  }
  return true;
}

const malformed = (): never => {
  throw new Refusal('malformed_body', 'the form cannot be read');
};

/**
 * Reads a form. Its fields are counted before any is decoded: decoding a million of them keeps the process busy for seconds. The
 * decoder gets the kind by which they were counted, and not the client's Content-Type, which it may read in another way.
 * @throws Refusal `malformed_body` for a body that is no form, `too_many_fields`.
 */
export async function readForm(c: ApiContext): Promise<FormData> {
  const { type, mark } = kindOf(c.req.header('content-type') ?? '') ?? malformed();
  const bytes = await bodyBytes(c).catch(malformed);
  if (hasMarks(bytes, mark, LIMITS.formFields)) throw new Refusal('too_many_fields');
  return new Response(bytes, { headers: { 'content-type': type } }).formData().catch(malformed);
}
