import { Refusal } from '../../domain/errors.ts';
import type { ApiContext } from '../deps.ts';

/** The fields of a call, all as text; absent and empty are the same, as clients send both. */
export type Fields = ReadonlyMap<string, string>;

/** A value as a form would have sent it; undefined for what a form cannot say. */
function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) {
    const parts = value.map((part: unknown) => (typeof part === 'object' ? undefined : asText(part)));
    return parts.includes(undefined) ? undefined : parts.join(',');
  }
  return undefined;
}

async function bodyOf(c: ApiContext): Promise<unknown> {
  if (c.req.method !== 'POST') return {};
  const type = c.req.header('content-type') ?? '';
  if (/^multipart\/form-data/i.test(type)) return c.req.parseBody();
  const text = await c.req.text();
  // Some clients send JSON and do not say so.
  if (/json/i.test(type) || text.trimStart().startsWith('{')) return text.trim() === '' ? {} : JSON.parse(text);
  return Object.fromEntries(new URLSearchParams(text));
}

/**
 * Reads a call however it is sent: as a form, as JSON, as multipart, or in the query; the body has the last word.
 * @throws Refusal `malformed_body`.
 */
export async function readFields(c: ApiContext): Promise<Fields> {
  const body = await bodyOf(c).catch(() => {
    throw new Refusal('malformed_body');
  });
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal('malformed_body');
  const fields = new Map<string, string>();
  for (const [name, value] of [...Object.entries(c.req.query()), ...Object.entries(body)]) {
    const text = asText(value);
    if (text === undefined) throw new Refusal('malformed_body', `${name} cannot be read`);
    if (text.trim() !== '') fields.set(name, text.trim());
  }
  return fields;
}
