import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { seal } from '../../db/account/secrets.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type Answer, type ServedApi, serveApi } from '../support/worlds/api.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

/** One request is refilled every hundred seconds, so the test does not depend on its speed. */
const SLOW = { ADDRESS_LIMIT_PER_SECOND: 0.01, ADDRESS_LIMIT_BURST: 20, TRUSTED_PROXIES: 1 };

let world: World;
let api: ServedApi;
let key: string;
let provider: number;
const secret = randomBytes(32);

beforeAll(async () => {
  world = await realWorld();
  api = await serveApi({ ...world, rates: SLOW });
  const shop = await world.shop();
  ({ key } = await createKey(world.sql, { accountId: shop.account, name: 'test' }));
  provider = shop.providers[0] ?? 0;
  const cipher = seal(world.masterKey, `callback:${provider}`, `whsec_${secret.toString('base64')}`);
  await world.sql`update providers set callback_cipher = ${cipher} where id = ${provider}`;
});
afterAll(async () => {
  await api.close();
  await world.close();
});

const DEEP = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const DEEP_OBJECTS = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
let messages = 0;

/** Sends a callback as the provider signs it. */
function callback(body: string): Promise<Answer> {
  const [id, timestamp] = [`msg_${++messages}`, String(Math.floor(Date.now() / 1_000))];
  const digest = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${digest}` };
  return api.v1(`/v1/callbacks/${provider}`, { body, headers });
}

describe.each([
  ['lists', DEEP],
  ['objects', DEEP_OBJECTS],
  ['a list in a field', `{"order":${DEEP}}`],
])('JSON that is nested 50,000 times and more, %s,', (_, body) => {
  test.each([
    ['/v1/orders', { idempotencyKey: 'deep' }],
    ['/v1/orders/batch', { idempotencyKey: 'deep' }],
    ['/v1/orders/1/cancel', {}],
    ['/v1/webhooks', { idempotencyKey: 'deep' }],
  ])('is malformed to POST %s', async (path, more) => {
    const answer = await api.v1(path, { key, body, ...more });
    expect([answer.status, answer.body.code]).toEqual([400, 'malformed_body']);
  });

  test('is malformed to panel API v2 and in a callback', async () => {
    const answer = await fetch(`${api.url}/api/v2`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, await answer.text()]).toEqual([200, '{"error":"Incorrect request"}']);
    const heard = await callback(body);
    expect([heard.status, heard.body.code]).toEqual([400, 'malformed_body']);
  });
});

test.each(['cancel', 'pause', 'resume', 'refills'])(
  'JSON that is broken is malformed to %s of an order',
  async (action) => {
    const answer = await api.v1(`/v1/orders/1/${action}`, { key, body: '{' });
    expect([answer.status, answer.body.code]).toEqual([400, 'malformed_body']);
  },
);

test('a callback whose JSON says more than anybody reads, or says it twice, is heard', async () => {
  for (const body of ['{"order":"1","order":2,"__proto__":{"a":1}}', '{"order":"1","more":[[[]]]}']) {
    expect((await callback(body)).status).toBe(202);
  }
});

test('JSON of REST v1 that is no UTF-8 is refused, and never stored with replacement characters', async () => {
  const ask = (path: string, body: Buffer, type: string) =>
    fetch(api.url + path, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: { authorization: `Bearer ${key}`, 'content-type': type, 'idempotency-key': 'latin1' },
    });
  const json = Buffer.from('{"service":1,"link":"https://a.b/é","quantity":100,"reference":"é"}', 'latin1');
  const list = Buffer.from('999999|https://a.b/é|100', 'latin1');
  for (const [path, body, type] of [
    ['/v1/orders', json, 'application/json'],
    ['/v1/orders/batch', Buffer.concat([Buffer.from('{"lines":['), json, Buffer.from(']}')]), 'application/json'],
    ['/v1/orders/batch', list, 'text/plain'],
    ['/v1/orders/1/cancel', Buffer.from('{"reason":"é"}', 'latin1'), 'application/json'],
  ] as const) {
    const answer = await ask(path, body, type);
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 'invalid_encoding' })]);
  }
  const unknown = await ask('/v1/orders/batch', list, 'text/plain; charset=klingon');
  expect([unknown.status, await unknown.json()]).toEqual([415, expect.objectContaining({ code: 'unknown_charset' })]);
  const said = await ask('/v1/orders/batch', list, 'text/plain; charset=iso-8859-1');
  expect([said.status, await said.json()]).toEqual([200, expect.objectContaining({ refused: 1 })]);
});

test('a request of REST v1 with more than is read is refused, and what is wrong with it is said shortly', async () => {
  const many = await api.v1('/v1/orders', {
    key,
    body: `{"comments":[${Array(LIMITS.jsonItems + 2).fill('1')}]}`,
    idempotencyKey: 'many',
  });
  expect([many.status, many.body.code]).toEqual([422, 'too_many_fields']);
  const names = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`name${at}`, at]));
  const odd = await api.v1('/v1/orders', { key, body: names, idempotencyKey: 'odd' });
  expect([odd.status, odd.body.code]).toEqual([422, 'invalid_request']);
  expect(JSON.stringify(odd.body).length).toBeLessThan(5_000);
});

describe('bodies that cannot be read', () => {
  let places = 0;
  const FORM = 'application/x-www-form-urlencoded';
  test.each<[string, string, string, string]>([
    ['too many fields', 'a[]=&'.repeat(2_000), FORM, 'Incorrect request: too many fields'],
    ['too large', `comments=${'a'.repeat(LIMITS.body)}`, FORM, 'Request is too large'],
    ['cut JSON', '{"key":', 'application/json', 'Incorrect request'],
    ['nested JSON', DEEP, 'application/json', 'Incorrect request'],
    ['multipart that is none', 'x', 'multipart/form-data; boundary=b', 'Incorrect request'],
    ['an unknown charset', 'a=1', `${FORM}; charset=klingon`, 'Incorrect request: unknown charset'],
  ])('count for the address that sends them: %s', async (_, body, type, error) => {
    const place = { 'x-forwarded-for': `203.0.113.${++places}` };
    const ask = async (headers: Readonly<Record<string, string>>): Promise<unknown> =>
      (
        await fetch(`${api.url}/api/v2`, { method: 'POST', body, headers: { 'content-type': type, ...headers } })
      ).json();
    const answers = [];
    for (let call = 0; call < 25; call += 1) answers.push(await ask(place));
    expect(answers.slice(0, 20)).toEqual(Array(20).fill({ error }));
    expect(answers.slice(20)).toEqual(Array(5).fill({ error: 'Rate limit exceeded' }));
    // The limit does not affect a valid key from the same address.
    const good = new URLSearchParams({ key, action: 'balance' });
    const answer = await fetch(`${api.url}/api/v2`, { method: 'POST', body: good, headers: place });
    expect(await answer.json()).toHaveProperty('balance');
  });
});
