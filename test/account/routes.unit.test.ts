import { OpenAPIHono, z } from '@hono/zod-openapi';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { authenticate, requireScope } from '../../api/account/auth.ts';
import { createApp } from '../../api/app.ts';
import type { ApiEnv } from '../../api/http/context.ts';
import { createRateLimits } from '../../api/limits/rate-limits.ts';
import { openPools } from '../../api/pools.ts';
import { defineRoute, routeTable } from '../../api/v1/define-route.ts';
import { V1_ROUTES } from '../../api/v1/index.ts';
import { answersWith } from '../../api/v1/schemas.ts';
import { SCOPES } from '../../db/account/accounts.ts';
import { Refusal } from '../../domain/errors.ts';

/** Enough to build the app. No test calls a route that needs an engine. */
const deps = {
  ...openPools('postgres://127.0.0.1:1/none'),
  temporal: new Client({ connection: Connection.lazy() }),
  // Every route is called from one address.
  config: {
    CURRENCY: 'USD',
    HOLDFAST_MASTER_KEY: Buffer.alloc(32),
    ALLOW_LOOPBACK_URLS: false,
    ADDRESS_LIMIT_BURST: 10_000,
  },
  log: pino({ level: 'silent' }),
};
const app = createApp(deps);

const served = new Set(
  app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`),
);

/** A second list of the scopes, apart from the routes, so that a changed scope shows up here. */
const SCOPES_OF_ROUTES = {
  'POST /v1/orders': 'orders:write',
  'POST /v1/orders/batch': 'orders:write',
  'GET /v1/orders/batch/:id': 'orders:read',
  'POST /v1/orders/batch/:id/cancel': 'orders:write',
  'POST /v1/quotes': 'orders:write',
  'POST /v1/quotes/batch': 'orders:write',
  'GET /v1/orders/:id/reorder': 'orders:read',
  'POST /v1/orders/:id/reorder': 'orders:write',
  'GET /v1/orders': 'orders:read',
  'GET /v1/views': 'orders:read',
  'POST /v1/views': 'orders:write',
  'DELETE /v1/views/:id': 'orders:write',
  'GET /v1/orders/:id': 'orders:read',
  'POST /v1/orders/cancel': 'orders:write',
  'POST /v1/orders/refills': 'orders:write',
  'POST /v1/orders/:id/cancel': 'orders:write',
  'POST /v1/orders/:id/pause': 'orders:write',
  'POST /v1/orders/:id/resume': 'orders:write',
  'POST /v1/orders/:id/refills': 'orders:write',
  'GET /v1/orders/:id/refills': 'orders:read',
  'GET /v1/orders/:id/timeline': 'orders:read',
  'GET /v1/orders/:id/delivery': 'orders:read',
  'GET /v1/orders/:id/money': 'orders:read',
  'GET /v1/orders/:id/events': 'orders:read',
  'GET /v1/keys': 'keys:manage',
  'POST /v1/keys': 'keys:manage',
  'DELETE /v1/keys/:id': 'keys:manage',
  'GET /v1/requests': 'keys:manage',
  'GET /v1/admin/accounts/:id/requests': 'admin',
  'POST /v1/callbacks/:provider': 'signature',
  'GET /v1/services': 'orders:read',
  'GET /v1/refills': 'orders:read',
  'GET /v1/events': 'orders:read',
  'GET /v1/events/stream': 'orders:read',
  'GET /v1/services/stats': 'orders:read',
  'GET /v1/services/:id/stats': 'orders:read',
  'GET /v1/services/times': 'orders:read',
  'GET /v1/services/favourites': 'orders:read',
  'POST /v1/services/:id/favourite': 'orders:write',
  'DELETE /v1/services/:id/favourite': 'orders:write',
  'GET /v1/balance': 'wallet:read',
  'GET /v1/statement': 'wallet:read',
  'GET /v1/statement/totals': 'wallet:read',
  'POST /v1/webhooks': 'webhooks:manage',
  'GET /v1/webhooks': 'webhooks:manage',
  'GET /v1/webhooks/:id': 'webhooks:manage',
  'PATCH /v1/webhooks/:id': 'webhooks:manage',
  'DELETE /v1/webhooks/:id': 'webhooks:manage',
  'POST /v1/webhooks/:id/confirm': 'webhooks:manage',
  'POST /v1/webhooks/:id/rotate': 'webhooks:manage',
  'POST /v1/webhooks/:id/test': 'webhooks:manage',
  'POST /v1/webhooks/:id/replay': 'webhooks:manage',
  'GET /v1/webhooks/:id/deliveries': 'webhooks:manage',
  'POST /v1/admin/accounts': 'admin',
  'GET /v1/admin/accounts': 'admin',
  'GET /v1/admin/accounts/:id': 'admin',
  'GET /v1/admin/accounts/:id/keys': 'admin',
  'GET /v1/admin/accounts/:id/statement': 'admin',
  'POST /v1/admin/accounts/:id/keys': 'admin',
  'DELETE /v1/admin/keys/:id': 'admin',
  'POST /v1/admin/accounts/:id/deposits': 'admin',
  'POST /v1/admin/accounts/:id/debits': 'admin',
  'POST /v1/admin/providers': 'admin',
  'GET /v1/admin/providers': 'admin',
  'GET /v1/admin/providers/:id': 'admin',
  'GET /v1/admin/providers/:id/calls': 'admin',
  'POST /v1/admin/providers/:id/pause': 'admin',
  'POST /v1/admin/providers/:id/resume': 'admin',
  'PATCH /v1/admin/providers/:id': 'admin',
  'GET /v1/admin/providers/:id/held-corrections': 'admin',
  'POST /v1/admin/providers/:id/held-corrections/release': 'admin',
  'POST /v1/admin/providers/:id/held-corrections/drop': 'admin',
  'GET /v1/admin/providers/:id/catalogue': 'admin',
  'GET /v1/admin/providers/:id/catalogue/changes': 'admin',
  'POST /v1/admin/providers/:id/catalogue/refresh': 'admin',
  'POST /v1/admin/providers/:id/catalogue/import': 'admin',
  'POST /v1/admin/services': 'admin',
  'GET /v1/admin/services': 'admin',
  'GET /v1/admin/services/:id': 'admin',
  'PATCH /v1/admin/services/:id': 'admin',
  'GET /v1/admin/reviews': 'admin',
  'POST /v1/admin/reviews/resolve': 'admin',
  'GET /v1/admin/reviews/resolutions/:id': 'admin',
  'GET /v1/admin/orders': 'admin',
  'GET /v1/admin/orders/:id': 'admin',
  'POST /v1/admin/orders/:id/cancel': 'admin',
  'POST /v1/admin/orders/:id/pause': 'admin',
  'POST /v1/admin/orders/:id/resume': 'admin',
  'POST /v1/admin/orders/:id/redispatch': 'admin',
  'POST /v1/admin/orders/:id/refills': 'admin',
  'POST /v1/admin/orders/:id/counts': 'admin',
  'POST /v1/admin/orders/actions': 'admin',
  'POST /v1/admin/orders/:id/resolve': 'admin',
  'GET /v1/admin/orders/:id/workflow': 'admin',
  'GET /v1/admin/orders/:id/attempts': 'admin',
  'POST /v1/admin/orders/:id/late-orders': 'admin',
  'GET /v1/admin/late-orders': 'admin',
  'GET /v1/admin/alerts': 'admin',
  'POST /v1/admin/alerts/:id/acknowledge': 'admin',
  'POST /v1/admin/alerts/:id/snooze': 'admin',
  'POST /v1/admin/alerts/:id/resolve': 'admin',
  'GET /v1/admin/reconcile': 'admin',
  'GET /v1/admin/ledger': 'admin',
  'GET /v1/admin/reports/revenue': 'admin',
  'GET /v1/admin/reports/outcomes': 'admin',
  'GET /v1/admin/reports/times': 'admin',
  'GET /v1/admin/audit': 'admin',
};

test('each route of v1 asks for the scope it is meant to ask for', () => {
  const scopes = [...V1_ROUTES.values()].map(({ name, scope }) => [name, scope]);
  expect(Object.fromEntries(scopes)).toEqual(SCOPES_OF_ROUTES);
});

test('a route without a scope cannot be defined', () => {
  const answer = { responses: answersWith(200, 'An answer', z.object({})) };
  const unscoped = { method: 'get', path: '/v1/open', ...answer } as const;
  // @ts-expect-error The scope is missing.
  expect(() => defineRoute(unscoped, (c) => c.json({}, 200))).toThrow('GET /v1/open has no scope');
  // @ts-expect-error There is no such scope.
  expect(() => defineRoute({ ...unscoped, scope: 'everybody' }, (c) => c.json({}, 200))).toThrow('has no scope');
  // @ts-expect-error The guard that checks the signature is missing.
  expect(() => defineRoute({ ...unscoped, scope: 'signature' }, (c) => c.json({}, 200))).toThrow('checks no signature');
});

test('two routes cannot have one method and path', () => {
  const [route] = V1_ROUTES.values();
  if (route === undefined) throw new Error('there is no route');
  expect(() => routeTable([route, route])).toThrow('two routes have the same method and path');
});

test('a path of v1 that no route has is not found, and a key is asked of one that the table does not list', async () => {
  expect((await app.request('/v1/nothing')).status).toBe(404);
  const authenticated = new OpenAPIHono<ApiEnv>();
  authenticated.use('/v1/*', authenticate(deps, createRateLimits({}), new Map()));
  authenticated.get('/v1/forgotten', (c) => c.json({}));
  authenticated.onError((error, c) => c.text(error instanceof Refusal ? error.code : 'internal'));
  expect(await (await authenticated.request('/v1/forgotten')).text()).toBe('unauthorized');
  expect(() =>
    requireScope({ scopes: [...SCOPES], accountId: 1, keyId: 1, limitedAs: 1, keyName: 'all' }, undefined),
  ).toThrow('no key can call it');
});

test('every route of v1 has a scope, and every scope a route', () => {
  const v1 = [...served].filter((route) => route.includes(' /v1/'));
  expect(v1.sort()).toEqual([...V1_ROUTES.keys()].sort());
});

const isPage = (route: string): boolean => /^\w+ \/(app|ops)(\/|$)/.test(route);

test('beside v1 and the pages only these are open', () => {
  expect([...served].filter((route) => !route.includes(' /v1/') && !isPage(route)).sort()).toEqual([
    'GET /',
    'GET /api/v2',
    'GET /api/v2/',
    'GET /assets/:file',
    'GET /docs',
    'GET /healthz',
    'GET /openapi.json',
    'GET /readyz',
    'POST /api/v2',
    'POST /api/v2/',
  ]);
});

test('every page sends those who are not signed in to the sign-in', async () => {
  const pages = [...served].filter((route) => isPage(route) && !/\/sign-(in|out)$/.test(route));
  expect(pages.length).toBeGreaterThan(15);
  for (const route of pages) {
    const [method = '', path = ''] = route.split(' ');
    const answer = await app.request(path.replace(':id', '1'), {
      method,
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    expect([route, answer.status, /^\/(app|ops)\/sign-in\?/.test(answer.headers.get('location') ?? '')]).toEqual([
      route,
      303,
      true,
    ]);
  }
});

test('every route of v1 is in the OpenAPI document, and nothing is served without a key', async () => {
  const document = (await (await app.request('/openapi.json')).json()) as { paths: Record<string, object> };
  const ours = Object.entries(document.paths).filter(([path]) => path !== '/api/v2');
  const documented = ours.flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  );
  expect(documented.sort()).toEqual([...V1_ROUTES.keys()].sort());
  for (const route of documented) {
    const [method = '', path = ''] = route.split(' ');
    expect([route, (await app.request(path.replace(/:(id|provider)/, '1'), { method })).status]).toEqual([route, 401]);
  }
});
