import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStaffKey } from '../../db/account/accounts.ts';
import { open } from '../../db/account/secrets.ts';
import { type Answer, type ServedApi, serveApi } from '../support/worlds/api.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const OWN = 'http://127.0.0.1:9/own-counter';

let world: World;
let api: ServedApi;
let counting: ServedApi;
let staff: string;

beforeAll(async () => {
  world = await realWorld();
  api = await serveApi(world);
  counting = await serveApi({ ...world, counterUrl: OWN, allowLoopback: false });
  ({ key: staff } = await createStaffKey(world.sql));
});
afterAll(async () => {
  await api.close();
  await counting.close();
  await world.close();
});

let keys = 0;
const post = (path: string, body: unknown, to = api): Promise<Answer> =>
  to.v1(`/v1/admin${path}`, { key: staff, body, idempotencyKey: `k-${++keys}` });
const addProvider = (more: object = {}): Promise<Answer> =>
  post('/providers', { name: `panel ${++keys}`, url: 'http://127.0.0.1:9/api/v2', key: 'upstream', ...more });
async function addService(more: object, to = api): Promise<Answer> {
  const routes = [{ provider: (await addProvider()).body.id, providerService: 7, rate: '0.2' }];
  return post('/services', { name: 'Likes', category: 'Demo', rate: '0.3', min: 10, max: 5000, routes, ...more }, to);
}
const newest = async () =>
  ((await api.v1('/v1/admin/services?limit=1', { key: staff })).body.data as Record<string, unknown>[])[0];

test('what a provider signs its callbacks with is kept encrypted and never shown', async () => {
  const { body } = await addProvider({ callbackSecret: SECRET });
  const [row] = await world.sql`select callback_cipher, profile from providers where id = ${body.id as number}`;
  expect(open(world.masterKey, `callback:${body.id}`, row?.callback_cipher as Buffer)).toBe(SECRET);
  expect(row?.profile).toEqual({});
  const { body: listed } = await api.v1('/v1/admin/providers', { key: staff });
  expect(JSON.stringify([body, listed])).not.toContain(SECRET.slice(6));
});

test.each(['', 'secret', 'whsec_', `whsec_${Buffer.alloc(23).toString('base64')}`, 7])(
  '%j is no secret for callbacks',
  async (callbackSecret) => {
    const answer = await addProvider({ callbackSecret });
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
    expect(answer.body.errors).toMatchObject([{ path: 'callbackSecret' }]);
  },
);

test('a service is verified by the counter it names, on the terms it says', async () => {
  const counterUrl = 'http://127.0.0.1:9/count?token=t';
  await addService({ verify: 'counter', counterUrl, counterTolerancePercent: 0, recheckSeconds: 60 });
  expect(await newest()).toMatchObject({
    verify: 'counter',
    counterUrl,
    counterTolerancePercent: 0,
    recheckSeconds: 60,
  });
});

test("a service that names no counter is verified by the installation's, which may be at a private address", async () => {
  expect((await addService({ verify: 'counter' }, counting)).status).toBe(201);
  expect(await newest()).toMatchObject({ counterUrl: OWN, counterTolerancePercent: 5, recheckSeconds: 300 });
  expect((await addService({}, counting)).status).toBe(201);
  expect(await newest()).toMatchObject({ verify: 'provider', counterUrl: null });
});

test('a service that is to be counted and that nobody can count is refused, and says what is missing', async () => {
  const { status, body } = await addService({ verify: 'counter' });
  expect([status, body.code]).toEqual([422, 'invalid_request']);
  expect(body.errors).toEqual([{ path: 'counterUrl', message: expect.stringContaining('COUNTER_URL') }]);
});

test.each<[string, object]>([
  ['counterUrl', { counterUrl: 'not an address' }],
  ['counterUrl', { counterUrl: 'ftp://example.com/' }],
  ['counterTolerancePercent', { counterTolerancePercent: 101 }],
  ['counterTolerancePercent', { counterTolerancePercent: 0.5 }],
  ['recheckSeconds', { recheckSeconds: 0 }],
])('a %s like %j is refused', async (path, more) => {
  const { status, body } = await addService({ verify: 'counter', counterUrl: 'http://127.0.0.1:9/', ...more });
  expect([status, body.errors]).toMatchObject([422, [{ path }]]);
});

test('where loopback addresses are not allowed, a counter cannot be at one', async () => {
  const { status, body } = await addService({ verify: 'counter', counterUrl: 'http://10.0.0.1/count' }, counting);
  expect([status, body.errors]).toMatchObject([422, [{ path: 'counterUrl', message: 'is not a public address' }]]);
});
