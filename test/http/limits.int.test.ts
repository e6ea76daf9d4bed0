import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

/** One request is refilled every hundred seconds, so the test does not depend on its speed. */
const SLOW = {
  RATE_LIMIT_PER_SECOND: 0.01,
  RATE_LIMIT_BURST: 5,
  ADDRESS_LIMIT_PER_SECOND: 0.01,
  ADDRESS_LIMIT_BURST: 20,
};

let world: World;
let api: ServedApi;
let account: number;

beforeAll(async () => {
  world = await realWorld();
  api = await serveApi({ ...world, rates: { ...SLOW, TRUSTED_PROXIES: 1 } });
  ({ account } = await world.shop());
});
afterAll(async () => {
  await api.close();
  await world.close();
});

const newKey = async () => (await createKey(world.sql, { accountId: account, name: 'test' })).key;
const times = <T>(count: number, ask: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, ask));
let places = 0;
/** A new client address, as our proxy adds it. The addresses before it come from the client and are not trusted. */
const place = () => ({ 'x-forwarded-for': `10.1.1.1, 203.0.113.${++places}` });

test('a key may ask so often and no more, and is told how it stands', async () => {
  const key = await newKey();
  const first = await api.v1('/v1/balance', { key });
  expect(first.headers.get('ratelimit-policy')).toBe('"default";q=5;w=500');
  expect(first.headers.get('ratelimit')).toBe('"default";r=4;t=100');
  const answers = await times(20, () => api.v1('/v1/balance', { key }));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(16);
  for (const { headers, body } of refused) {
    expect(body).toMatchObject({ status: 429, code: 'rate_limited', request_id: expect.any(String) });
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(headers.get('retry-after')).toBe('1');
    expect(headers.get('ratelimit')).toMatch(/^"default";r=0;t=\d+$/);
  }
  const other = await newKey();
  expect((await api.v1('/v1/balance', { key: other })).status).toBe(200);
});

test('panel API v2 shares the limit of the key, and says so in its own words', async () => {
  const key = await newKey();
  const answers = await times(20, () => api.v2({ key, action: 'balance' }));
  const refused = answers.filter(({ error }) => error !== undefined);
  expect(refused).toHaveLength(15);
  expect(new Set(refused.map((body) => JSON.stringify(body)))).toEqual(new Set(['{"error":"Rate limit exceeded"}']));
});

test('who has no key is limited by address, and takes nothing from those who have one', async () => {
  const headers = place();
  const guesses = await times(40, () => api.v1('/v1/balance', { key: 'hf_guess', headers }));
  expect(new Set(guesses.map(({ status }) => status))).toEqual(new Set([401, 429]));
  expect(guesses.at(-1)?.headers.get('ratelimit-policy')).toBe('"address";q=20;w=2000');
  for (const path of ['/openapi.json', '/v1/nothing']) expect((await api.v1(path, { headers })).status).toBe(429);
  const callback = await api.v1('/v1/callbacks/1', { body: { order: 1 }, headers });
  expect([callback.status, callback.body.code]).toEqual([429, 'rate_limited']);

  expect((await api.v1('/v1/balance', { key: await newKey(), headers })).status).toBe(200);
  expect((await api.v1('/openapi.json', { headers: place() })).status).toBe(200);
  expect((await api.v1('/healthz', { headers })).status).toBe(200);
});

test('nothing that is answered to a key is kept by anybody on the way', async () => {
  const answers = [
    await api.v1('/v1/orders', { key: await newKey() }),
    await api.v1('/v1/orders/1', { key: await newKey() }),
    await api.v1('/v1/orders', { headers: place() }),
  ];
  expect(answers.map(({ status, headers }) => [status, headers.get('cache-control')])).toEqual([
    [200, 'no-store'],
    [404, 'no-store'],
    [401, 'no-store'],
  ]);
  const panel = await fetch(`${api.url}/api/v2?action=balance`, { headers: place() });
  expect(panel.headers.get('cache-control')).toBe('no-store');
});

test('no other site may call the API from a browser', async () => {
  const key = await newKey();
  const origin = { origin: 'https://evil.example', ...place() };
  const asked = {
    ...origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  };
  const answers = [
    await api.v1('/v1/orders', { method: 'OPTIONS', headers: asked }),
    await api.v1('/api/v2', { method: 'OPTIONS', headers: asked }),
    await api.v1('/v1/orders', { key, headers: origin }),
    await api.v1('/openapi.json', { headers: origin }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([405, 204, 200, 200]);
  for (const { headers } of answers) {
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  }
});

test('more headers than anybody needs are refused before they are read', async () => {
  const filler = 'x'.repeat(LIMITS.headers);
  const status = await new Promise((resolve, reject) => {
    request(`${api.url}/healthz`, { headers: { filler } }, (answer) => resolve(answer.resume().statusCode))
      .once('error', reject)
      .end();
  });
  expect(status).toBe(431);
});

test('what was refused is counted, by whose limit it was', async () => {
  const refused = async (by: string) => {
    const metrics = await (await fetch(api.metricsUrl)).text();
    return Number(new RegExp(`\nholdfast_rate_limited_total\\{by="${by}"\\} (\\d+)\n`).exec(metrics)?.[1]);
  };
  const before = { key: await refused('key'), address: await refused('address') };
  const key = await newKey();
  await times(8, () => api.v1('/v1/balance', { key }));
  const headers = place();
  await times(24, () => api.v1('/v1/balance', { headers }));
  expect([await refused('key'), await refused('address')]).toEqual([before.key + 3, before.address + 4]);
});
