import { createHash } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { beforeAll, expect, test } from 'vitest';
import { createApp } from '../../api/app.ts';
import { type ApiDocument, operationIdOf, operationsOf } from '../../api/openapi/document.ts';
import { typeText } from '../../api/openapi/schema-text.ts';
import { openPools } from '../../api/pools.ts';
import { ERRORS } from '../../domain/errors.ts';

/** Enough to build the app. No test calls a route that needs an engine. */
const app = createApp({
  ...openPools('postgres://127.0.0.1:1/none'),
  temporal: new Client({ connection: Connection.lazy() }),
  config: { CURRENCY: 'USD', HOLDFAST_MASTER_KEY: Buffer.alloc(32), ALLOW_LOOPBACK_URLS: false },
  log: pino({ level: 'silent' }),
});

let document: ApiDocument;
let page: string;
let policy: string;

beforeAll(async () => {
  document = (await (await app.request('/openapi.json')).json()) as ApiDocument;
  const answer = await app.request('/docs');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
  policy = answer.headers.get('content-security-policy') ?? '';
  page = await answer.text();
});

/** Every `$ref` in a document, at any depth. */
function referencesOf(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  const own = '$ref' in part && typeof part.$ref === 'string' ? [part.$ref] : [];
  return [...own, ...Object.values(part).flatMap(referencesOf)];
}

test('every reference of the document leads somewhere', () => {
  const found = referencesOf(document);
  expect(found.length).toBeGreaterThan(50);
  for (const reference of new Set(found)) {
    const target = reference
      .split('/')
      .slice(1)
      .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], document);
    expect([reference, typeof target]).toEqual([reference, 'object']);
  }
});

test('every operation has a name of its own, says what it does, and how it may refuse', () => {
  const operations = operationsOf(document);
  const names = operations.map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { method, path, operation } of operations) {
    expect([path, method, operation.summary, operation.operationId]).not.toContain(undefined);
    const statuses = Object.keys(operation.responses ?? {});
    expect([path, method, statuses.some((status) => status.startsWith('2'))]).toEqual([path, method, true]);
    if (path === '/api/v2') continue;
    expect(statuses).toEqual(expect.arrayContaining(['401', '429', '500', '503', 'default']));
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const declared = (operation.parameters ?? []).flatMap((each) =>
      'in' in each && each.in === 'path' ? each.name : [],
    );
    expect([path, declared]).toEqual([path, named]);
  }
});

test('an operation says which scope its key needs, and one that needs none says so', () => {
  const { paths } = document;
  expect(paths?.['/v1/orders']?.post?.security).toEqual([{ key: ['orders:write'] }]);
  expect(paths?.['/v1/callbacks/{provider}']?.post?.security).toEqual([]);
  expect(paths?.['/api/v2']?.post?.security).toEqual([]);
  expect(document.components?.securitySchemes).toMatchObject({ key: { type: 'http', scheme: 'bearer' } });
});

test.each([
  ['get', '/v1/orders', 'getOrders'],
  ['get', '/v1/orders/{id}/timeline', 'getOrdersByIdTimeline'],
  ['post', '/v1/admin/orders/{id}/resolve', 'postAdminOrdersByIdResolve'],
])('%s %s is called %s', (method, path, name) => {
  expect(operationIdOf(method, path)).toBe(name);
});

test('the docs page shows every operation, every object and every error', () => {
  for (const { operation } of operationsOf(document)) expect(page).toContain(`<details id="${operation.operationId}">`);
  for (const name of Object.keys(document.components?.schemas ?? {})) expect(page).toContain(`id="object-${name}"`);
  for (const code of Object.keys(ERRORS)) expect(page).toContain(`id="error-${code}"`);
});

test('the docs page loads nothing, runs nothing, and only its own style is allowed', () => {
  expect(page).not.toMatch(/<(script|link|img|iframe|object|embed|form)\b/i);
  expect(page).not.toMatch(/\b(src|style|on\w+)\s*=\s*["']/i);
  expect(page).not.toMatch(/url\(|@import/i);
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`style-src 'sha256-${hash}';`);
  expect(policy).not.toContain('unsafe');
});

test('a schema is shown as a person reads it', () => {
  const schema = {
    type: 'object',
    required: ['runs'],
    properties: {
      runs: { type: 'integer', minimum: 1, maximum: 10 },
      at: { type: ['string', 'null'], format: 'date-time', description: 'When' },
      lines: { type: 'array', items: { oneOf: [{ $ref: '#/components/schemas/Line' }, { type: 'string' }] } },
      as: { enum: ['a', 'b'] },
    },
  };
  expect(typeText(schema)).toBe(
    [
      '{',
      '  runs: integer (from 1, to 10)',
      '  at?: string | null (date-time)  – When',
      '  lines?: [Line | string]',
      '  as?: "a" | "b"',
      '}',
    ].join('\n'),
  );
});
