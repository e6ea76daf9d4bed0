import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createApp } from '../../api/app.ts';
import { openPools } from '../../api/pools.ts';
import { V1_ROUTES } from '../../api/v1/index.ts';

/** Built, never asked anything that needs an engine. */
const app = createApp({
  ...openPools('postgres://127.0.0.1:1/none'),
  temporal: new Client({ connection: Connection.lazy() }),
  config: { CURRENCY: 'USD', HOLDFAST_MASTER_KEY: Buffer.alloc(32), ALLOW_LOOPBACK_URLS: false },
  log: pino({ level: 'silent' }),
});

const served = new Set(
  app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`),
);

test('every route of v1 has a scope, and every scope a route', () => {
  const v1 = [...served].filter((route) => route.includes(' /v1/'));
  expect(v1.sort()).toEqual([...V1_ROUTES.keys()].sort());
});

test('beside v1 only these are open', () => {
  expect([...served].filter((route) => !route.includes(' /v1/')).sort()).toEqual([
    'GET /api/v2',
    'GET /api/v2/',
    'GET /docs',
    'GET /healthz',
    'GET /openapi.json',
    'GET /readyz',
    'POST /api/v2',
    'POST /api/v2/',
  ]);
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
