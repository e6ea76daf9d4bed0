import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type ApiProcess, apiProcess } from '../support/engines/api-process.ts';
import { openVisitor } from '../support/worlds/visitor.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

/**
 * The health check must answer within this many milliseconds. An idle machine needs less than a second; the rest allows for other
 * tests that run at the same time. During the worst attack that was found, the health check took 97 s.
 */
const WELL = 20_000;

let world: World;
let api: ApiProcess;
let key: string;

beforeAll(async () => {
  world = await realWorld();
  // High limits, so that the test measures the cost of reading a body, not of rejecting it unread.
  api = await apiProcess(world, { env: { ADDRESS_LIMIT_BURST: '1000', RATE_LIMIT_BURST: '1000' } });
  await api.start();
  const { account } = await world.shop();
  ({ key } = await createKey(world.sql, { accountId: account, name: 'attacker' }));
});
afterAll(async () => {
  await api.close();
  await world.close();
});

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const fill = (unit: string, bytes: number = LIMITS.body): string =>
  unit.repeat(Math.floor((bytes - 100) / unit.length));
const nested = (bytes: number = LIMITS.body) => '['.repeat(bytes / 2 - 50) + ']'.repeat(bytes / 2 - 50);

const PART = '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n';
const MULTIPART = 'multipart/form-data; boundary=b';

/** Bodies for panel API v2 without a key. */
const strangers: readonly (readonly [string, string, string])[] = [
  ['100,000 entries of a list', fill('a[]=&'), FORM],
  ['nothing but separators', fill('&'), FORM],
  ['nothing but escapes', `comments=${fill('%41')}`, FORM],
  ['escapes of another charset', `comments=${fill('%82%a0')}`, `${FORM}; charset=shift_jis`],
  ['many lines', `comments=${fill('%0A')}`, FORM],
  ['many ids', `orders=${fill(',1')}`, FORM],
  ['nested JSON', nested(), JSON_TYPE],
  ['JSON of many lists', `{"a":[${fill('[],')}0]}`, JSON_TYPE],
  ['multipart of many parts', fill(PART), MULTIPART],
  ['multipart of what is nearly a boundary', fill('\r\n--'), MULTIPART],
];

/** Bodies for REST v1 with a key. */
const customers: readonly (readonly [string, string, string, string])[] = [
  ['nested JSON', '/v1/orders', nested(), JSON_TYPE],
  ['a list of things that are no text', '/v1/orders', `{"comments":[${fill('[],')}0]}`, JSON_TYPE],
  ['one long name', '/v1/orders', `{"${fill('a')}":1}`, JSON_TYPE],
  ['a list of orders without a line', '/v1/orders/batch', fill('\n', LIMITS.listBody), 'text/plain'],
  ['a list of one line', '/v1/orders/batch', fill('|', LIMITS.listBody), 'text/plain'],
  ['a list of very many lines', '/v1/orders/batch', fill('1|a|1\n', LIMITS.listBody), 'text/plain'],
  ['a list of empty objects', '/v1/orders/batch', `{"lines":[${fill('{},', LIMITS.listBody)}{}]}`, JSON_TYPE],
];

/** Sends a body ten times in parallel. Until all are answered, asks again and again whether the process is healthy. */
async function attack(path: string, body: string, headers: Readonly<Record<string, string>>): Promise<number[]> {
  let over = false;
  const answers = Promise.all(
    Array.from({ length: 10 }, async () => {
      const answer = await fetch(api.url + path, { method: 'POST', body, headers });
      await answer.arrayBuffer();
      return answer.status;
    }),
  ).finally(() => {
    over = true;
  });
  do {
    const well = await fetch(`${api.url}/healthz`, { signal: AbortSignal.timeout(WELL) });
    expect([well.status, typeof (await well.text())]).toEqual([200, 'string']);
  } while (!over);
  return answers;
}

test.each(strangers)('the process says that it is well while strangers send %s', async (_, body, type) => {
  const statuses = await attack('/api/v2', body, { 'content-type': type });
  expect(new Set(statuses)).toEqual(new Set([200]));
});

test.each(customers)(
  'the process says that it is well while a customer sends %s to %s',
  async (_, path, body, type) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': type, 'idempotency-key': 'attack' };
    for (const status of await attack(path, body, headers)) expect([200, 400, 413, 422, 429]).toContain(status);
  },
);

test.each(['/app/sign-in', '/app/sign-out', '/ops/sign-in'])(
  'the process says that it is well while strangers send forms of very many fields to %s',
  async (path) => {
    const statuses = await attack(path, fill('=&'), { 'content-type': FORM, origin: api.url });
    expect(new Set(statuses)).toEqual(new Set([413]));
  },
);

test.each([
  ['fields', fill('=&', LIMITS.listBody), FORM],
  ['parts', fill(PART, LIMITS.listBody), MULTIPART],
])(
  'the process says that it is well while a person who is signed in sends forms of very many %s',
  async (_, body, type) => {
    const person = openVisitor(api.url);
    await person.signIn(key);
    const headers = { 'content-type': type, origin: api.url, cookie: person.cookieHeader() };
    expect(new Set(await attack('/app/mass', body, headers))).toEqual(new Set([422]));
  },
);
