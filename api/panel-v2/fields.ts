import { Refusal } from '../../domain/errors.ts';
import { FIELDS, isFieldName } from '../../domain/order-fields.ts';
import type { ApiContext } from '../deps.ts';

/** The fields of a call, all as text; absent and empty are the same, as clients send both. */
export type Fields = ReadonlyMap<string, string>;

/** A value as a form would have sent it; undefined for what a form cannot say. A list's items get `separator` between them. */
function asText(value: unknown, separator: string): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null || value === undefined) return '';
  if (!Array.isArray(value)) return undefined;
  const parts = value.map((part: unknown) => (Array.isArray(part) ? undefined : asText(part, separator)));
  return parts.includes(undefined) ? undefined : parts.join(separator);
}

/** `orders[]=1&orders[]=2` and `orders[0]=1&orders[1]=2` are how a PHP client sends a list; of a plain name the last counts. */
function gathered(entries: Iterable<readonly [string, unknown]>): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const [name, value] of entries) {
    const [, list] = /^(\w+)\[\d*\]$/.exec(name) ?? [];
    const before = list === undefined ? undefined : fields.get(list);
    fields.set(list ?? name, list === undefined ? value : [...(Array.isArray(before) ? before : []), value]);
  }
  return fields;
}

async function bodyOf(c: ApiContext): Promise<Iterable<readonly [string, unknown]>> {
  if (c.req.method !== 'POST') return [];
  const type = c.req.header('content-type') ?? '';
  if (/^multipart\/form-data/i.test(type)) return (await c.req.formData()).entries();
  const text = (await c.req.text()).replace(/^\uFEFF/, '').trim();
  // Some clients send JSON and do not say so.
  if (!/json/i.test(type) && !text.startsWith('{')) return new URLSearchParams(text);
  const body: unknown = text === '' ? {} : JSON.parse(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal('malformed_body');
  return Object.entries(body);
}

/**
 * Reads a call however it is sent: as a form, as JSON, as multipart, or in the query; the body has the last word.
 * @throws Refusal `malformed_body`.
 */
export async function readFields(c: ApiContext): Promise<Fields> {
  const body = await bodyOf(c).catch(() => {
    throw new Refusal('malformed_body');
  });
  const fields = new Map<string, string>();
  for (const [name, value] of [...gathered(new URL(c.req.url).searchParams), ...gathered(body)]) {
    const text = asText(value, isFieldName(name) && FIELDS[name].shape === 'lines' ? '\n' : ',');
    if (text === undefined) throw new Refusal('malformed_body', `${name} cannot be read`);
    if (text.trim() !== '') fields.set(name, text.trim());
  }
  return fields;
}
