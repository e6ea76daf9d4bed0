import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Contract, openContract } from '../support/worlds/contract.ts';

/** Section 1.1 of the contract page: how clients may send a call, and the form of every answer. */
let contract: Contract;
let service: number;
beforeAll(async () => {
  contract = await openContract();
  service = await contract.offer('Default', { dripFeed: true });
});
afterAll(() => contract.close());

let links = 0;
const fields = (more: Record<string, string> = {}): Record<string, string> => ({
  key: contract.key,
  action: 'add',
  service: String(service),
  link: `https://example.com/transport/${++links}?sim=seconds:1&a=%C3%A9`,
  quantity: '100',
  ...more,
});
const multipart = (all: Record<string, string>): FormData => {
  const body = new FormData();
  for (const [name, value] of Object.entries(all)) body.set(name, value);
  return body;
};
const json = (all: Record<string, string>) => ({ ...all, service, quantity: 100 });
const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

type Sent = readonly [query: string, init: RequestInit];
const post = (body: RequestInit['body'], headers: Record<string, string> = {}): Sent => [
  '',
  { method: 'POST', body: body ?? null, headers },
];

describe.each(['/api/v2', '/api/v2/'])('at %s', (path) => {
  test.each<[string, () => Sent]>([
    ['a form', () => post(new URLSearchParams(fields()))],
    [
      'a form with a charset',
      () =>
        post(String(new URLSearchParams(fields())), {
          'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        }),
    ],
    ['a form without a type', () => post(Buffer.from(String(new URLSearchParams(fields()))))],
    ['JSON with numbers', () => post(JSON.stringify(json(fields())), JSON_TYPE)],
    ['JSON with text', () => post(JSON.stringify(fields()), { 'content-type': 'application/json; charset=utf-8' })],
    ['JSON that says it is a form', () => post(JSON.stringify(json(fields())), FORM_TYPE)],
    ['JSON without a type', () => post(Buffer.from(JSON.stringify(json(fields()))))],
    ['JSON with a byte order mark', () => post(`\uFEFF${JSON.stringify(json(fields()))}`, JSON_TYPE)],
    ['multipart', () => post(multipart(fields()))],
    ['a query by GET', () => [`?${new URLSearchParams(fields())}`, {}]],
    ['a query by POST', () => [`?${new URLSearchParams(fields())}`, { method: 'POST' }]],
    [
      'a form with what no order needs empty, 0 or 1',
      () =>
        post(
          new URLSearchParams(
            fields({ runs: '0', interval: '', comments: '', posts: '0', answer_number: '0', username: '' }),
          ),
        ),
    ],
    [
      'JSON with what no order needs null',
      () => post(JSON.stringify({ ...json(fields()), runs: null, interval: null, comments: null }), JSON_TYPE),
    ],
    [
      'a form with the key in the header, and none in it',
      () => {
        const { key, ...rest } = fields();
        return post(new URLSearchParams(rest), { authorization: `Bearer ${key}` });
      },
    ],
  ])('an order may come as %s', async (_, sent) => {
    const [query, init] = sent();
    const answer = await fetch(contract.url + path + query, { ...init, redirect: 'error' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await answer.text()).toMatch(/^\{"order":\d+\}$/);
  });

  test('what is only looked at, or is no way to call, does nothing', async () => {
    const query = `?${new URLSearchParams(fields())}`;
    const ask = (method: string) => fetch(contract.url + path + query, { method });
    const before = await contract.world.sql`select count(*) from claims`;
    const head = await ask('HEAD');
    expect([head.status, head.headers.get('allow'), await head.text()]).toEqual([405, 'GET, POST, OPTIONS', '']);
    const options = await ask('OPTIONS');
    expect([options.status, options.headers.get('allow'), await options.text()]).toEqual([
      204,
      'GET, POST, OPTIONS',
      '',
    ]);
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const answer = await ask(method);
      expect([answer.status, await answer.text()]).toEqual([405, '{"error":"Incorrect request"}']);
    }
    expect(await contract.world.sql`select count(*) from claims`).toEqual(before);
  });
});

test.each([
  'Mozilla/4.0 (compatible; MSIE 5.01; Windows NT 5.0)',
  'curl/8.5.0',
  'python-requests/2.31.0',
  'GuzzleHttp/7',
  'a robot',
])('the client %s is served as any other', async (agent) => {
  const body = new URLSearchParams({ key: contract.key, action: 'balance' });
  const answer = await fetch(`${contract.url}/api/v2`, { method: 'POST', body, headers: { 'user-agent': agent } });
  expect(await answer.text()).toMatch(/^\{"balance":"[\d.]+","currency":"USD"\}$/);
});

/** Sends a raw request as PHP's curl and old scripts do: no User-Agent, no Accept, and the server closes the connection. */
async function overSocket(request: string): Promise<string> {
  const { hostname, port } = new URL(contract.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(request);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

test('a client that says nothing of itself is served too', async () => {
  const body = `key=${contract.key}&action=balance`;
  const head = `POST /api/v2 HTTP/1.0\r\nHost: panel\r\nContent-Length: ${body.length}\r\n`;
  const answer = await overSocket(`${head}Content-Type: application/x-www-form-urlencoded\r\n\r\n${body}`);
  expect(answer).toMatch(/^HTTP\/1\.[01] 200 /);
  expect(answer).toMatch(/"currency":"USD"\}/);
});

test('the body has the last word over the query, and its own last value over the ones before', async () => {
  const query = new URLSearchParams({ key: 'wrong', action: 'services' });
  const body = `key=${contract.key}&action=add&action=balance`;
  const answer = await fetch(`${contract.url}/api/v2?${query}`, { method: 'POST', body, headers: FORM_TYPE });
  expect(await answer.json()).toEqual({ balance: expect.any(String), currency: 'USD' });
});

test('ids may be a list of JSON, with numbers or text, or of PHP', async () => {
  const order = await contract.add(fields());
  const rows = { [order]: expect.objectContaining({ currency: 'USD' }), 7: { error: 'Incorrect order ID' } };
  const base = { key: contract.key, action: 'status' };
  const php = new URLSearchParams({ ...base, 'orders[0]': String(order), 'orders[1]': '7' });
  for (const body of [
    JSON.stringify({ ...base, orders: [order, '7'] }),
    JSON.stringify({ ...base, orders: `${order}, 7,` }),
    php,
  ]) {
    const answer = await fetch(`${contract.url}/api/v2`, { method: 'POST', body });
    expect(await answer.json()).toEqual(rows);
  }
});

test.each<[string, () => Sent]>([
  ['JSON that is cut', () => post('{"key":', JSON_TYPE)],
  ['a list', () => post('[]', JSON_TYPE)],
  ['text', () => post('"key"', JSON_TYPE)],
  ['null', () => post('null', JSON_TYPE)],
  ['an object in a field', () => post(JSON.stringify({ ...fields(), link: {} }), JSON_TYPE)],
  ['multipart that is none', () => post('nothing', { 'content-type': 'multipart/form-data; boundary=x' })],
])('%s is answered with the error alone, and HTTP 200', async (_, sent) => {
  const [, init] = sent();
  const answer = await fetch(`${contract.url}/api/v2`, init);
  expect([answer.status, await answer.text()]).toEqual([200, '{"error":"Incorrect request"}']);
});

test('an empty call is one without a key', async () => {
  for (const init of [{}, { method: 'POST' }, { method: 'POST', body: '', headers: JSON_TYPE }]) {
    const answer = await fetch(`${contract.url}/api/v2`, init);
    expect([answer.status, await answer.text()]).toEqual([200, '{"error":"Invalid API key"}']);
  }
});

test('a body above the limit is refused, and the connection is not left in the middle of it', async () => {
  const body = new URLSearchParams(fields({ comments: 'x'.repeat(600_000) }));
  for (let call = 0; call < 3; call += 1) {
    const answer = await fetch(`${contract.url}/api/v2`, { method: 'POST', body });
    expect([answer.status, await answer.text()]).toEqual([200, '{"error":"Request is too large"}']);
    expect(await contract.call({ action: 'balance' })).toHaveProperty('balance');
  }
});
