import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { FIELDS, isFieldName, mayBeAnyWord } from '../../domain/placement/order-fields.ts';
import { readJson } from '../../domain/text/json-text.ts';
import { saysNothing } from '../../domain/text/nothing.ts';
import { decodeJson, headerParameter, mediaType } from '../http/charset.ts';
import type { ApiContext } from '../http/context.ts';
import { bodyBytes } from '../http/json-body.ts';
import type { Entry } from './entry.ts';
import { formEntries, queryEntries } from './form.ts';
import { multipartEntries } from './multipart.ts';

/** The fields of a call as text. Absent, empty and words such as `null` are the same, because clients send all of them. */
export type Fields = ReadonlyMap<string, string>;

/** A call whose fields are counted but not decoded, so that the caller is authenticated before more work is done. */
export interface OpenCall {
  /** The last field of a name as text; undefined when it is absent or cannot be decoded. */
  readonly peek: (name: string) => string | undefined;
  /** @throws Refusal `malformed_body`, `too_many_fields`, or `invalid_encoding`. */
  readonly fields: () => Fields;
}

/** A JSON number as text; undefined for a number that lost digits or is not finite. */
const asDigits = (value: number): string | undefined =>
  Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value)) ? String(value) : undefined;

/** A JSON value as a form would send it; undefined for a value that no form can send. `separator` joins the items of a list. */
function asText(value: unknown, separator: string): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return asDigits(value);
  if (typeof value === 'boolean') return String(value);
  if (value === null || value === undefined) return '';
  if (!Array.isArray(value)) return undefined;
  const parts = value.map((part: unknown) => (Array.isArray(part) ? undefined : asText(part, separator)));
  return parts.includes(undefined) ? undefined : parts.join(separator);
}

const isLines = (name: string): boolean => isFieldName(name) && FIELDS[name].shape === 'lines';

/** Fields that are lists: clients may repeat their name. */
const isList = (name: string): boolean => name === 'orders' || name === 'refills' || isLines(name);

/** Whether a text counts as absent. A link and a customer's free text are never taken for a word such as `null`. */
const isEmpty = (name: string, text: string): boolean =>
  text === '' || (name !== 'link' && !(isFieldName(name) && mayBeAnyWord(name)) && saysNothing(text));

/** Characters of the longest field name, brackets included. */
const LONGEST_NAME = 64;

/** The name without brackets, and whether it had them: PHP clients send `orders[]=1&orders[]=2` or `orders[0]=1&orders[1]=2`. */
function plainName(name: string): { readonly plain: string; readonly listed: boolean } {
  const [, list] = (name.length <= LONGEST_NAME && /^(\w+)\[\d*\]$/.exec(name)) || [];
  return { plain: list ?? name, listed: list !== undefined };
}

/** The values of each field. For a repeated field that is not a list the last value counts. */
function gathered(entries: readonly Entry[]): Map<string, unknown[]> {
  const fields = new Map<string, unknown[]>();
  for (const { name, value } of entries) {
    const { plain, listed } = plainName(name);
    const before = listed || isList(plain) ? fields.get(plain) : undefined;
    if (before === undefined) fields.set(plain, [value()]);
    else before.push(value());
  }
  return fields;
}

function fieldsOf(query: readonly Entry[], body: readonly Entry[]): Fields {
  const fields = new Map<string, string>();
  for (const [name, values] of [...gathered(query), ...gathered(body)]) {
    const separator = isLines(name) ? '\n' : ',';
    const text = asText(values.length === 1 ? values[0] : values, separator);
    if (text === undefined) throw new Refusal('malformed_body', `${name.slice(0, LONGEST_NAME)} cannot be read`);
    if (!isEmpty(name, text.trim())) fields.set(name, text.trim());
  }
  return fields;
}

function jsonEntries(text: string): Entry[] {
  const read = readJson(text.trim() === '' ? '{}' : text, { depth: LIMITS.jsonDepth, items: LIMITS.fields });
  if ('fault' in read) throw new Refusal(read.fault === 'too_many' ? 'too_many_fields' : 'malformed_body');
  const { value: body } = read;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal('malformed_body');
  return Object.entries(body).map(([name, value]) => ({ name, value: () => value }));
}

/** Whether a body begins like JSON: some clients send JSON without its Content-Type. */
function looksLikeJson(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, 64));
  return text.trimStart().startsWith('{');
}

async function bodyEntries(c: ApiContext): Promise<Entry[]> {
  if (c.req.method !== 'POST') return [];
  const type = c.req.header('content-type') ?? '';
  const bytes = await bodyBytes(c);
  if (mediaType(type) === 'multipart/form-data') return multipartEntries(bytes, type);
  if (!/json/i.test(type) && !looksLikeJson(bytes)) return formEntries(bytes, headerParameter(type, 'charset'));
  return jsonEntries(decodeJson(bytes, type));
}

/**
 * Opens a call sent as a form, as JSON, as multipart or in the query. The body wins over the query.
 * @throws Refusal `malformed_body`, `too_many_fields`, `unknown_charset`, or `invalid_encoding`.
 */
export async function openCall(c: ApiContext): Promise<OpenCall> {
  const query = queryEntries(c.req.url);
  const body = await bodyEntries(c).catch((error: unknown) => {
    throw error instanceof Refusal ? error : new Refusal('malformed_body');
  });
  const peek = (name: string): string | undefined => {
    const named = (entry: Entry) => entry.name === name;
    for (const entry of [body.findLast(named), query.findLast(named)]) {
      const text = entry === undefined ? '' : (textOf(entry) ?? '');
      if (!isEmpty(name, text)) return text;
    }
    return undefined;
  };
  return { peek, fields: () => fieldsOf(query, body) };
}

function textOf({ value }: Entry): string | undefined {
  try {
    return asText(value(), ',')?.trim();
  } catch {
    return undefined;
  }
}
