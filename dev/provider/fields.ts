import type { HonoRequest } from 'hono';
import type { Fields } from './placing.ts';

const text = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map((one) => text(one) ?? '').join(',');
  return undefined;
};

/** The fields of a panel call, sent as query, form, multipart or JSON. Unreadable fields are left out. */
export async function readFields(request: HonoRequest): Promise<Fields> {
  const body = request.method === 'GET' ? {} : await readBody(request);
  const fields: Record<string, string> = { ...request.query() };
  for (const [name, value] of Object.entries(body)) {
    const read = text(value);
    if (read !== undefined) fields[name] = read;
  }
  return fields;
}

async function readBody(request: HonoRequest): Promise<Record<string, unknown>> {
  if (!/\bjson\b/.test(request.header('content-type') ?? '')) return request.parseBody();
  try {
    const body: unknown = await request.json();
    return typeof body === 'object' && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
}
