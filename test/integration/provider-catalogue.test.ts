import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CATALOGUE } from '../../dev/provider/catalogue.ts';
import type { Answer, ServedApi } from '../setup/api.ts';
import { type ApiWorld, apiWorld } from '../setup/api-world.ts';
import type { World } from '../setup/world.ts';

let shop: ApiWorld;
let world: World;
let api: ServedApi;
/** The simulated provider, under a new name for each test. */
let provider: number;

beforeAll(async () => {
  shop = await apiWorld();
  ({ world, api } = shop);
});
afterAll(() => shop.close());

type Row = Readonly<Record<string, unknown>>;
let keys = 0;
const get = (path: string): Promise<Answer> => api.v1(`/v1/admin${path}`, { key: shop.staff });
const post = (path: string, body: unknown, idempotencyKey = `k-${++keys}`): Promise<Answer> =>
  api.v1(`/v1/admin${path}`, { key: shop.staff, body, idempotencyKey, method: 'POST' });
const data = async (path: string): Promise<Row[]> => (await get(path)).body.data as Row[];
const refresh = () => post(`/providers/${provider}/catalogue/refresh`, {});
const catalogue = (query = 'limit=100') => data(`/providers/${provider}/catalogue?${query}`);
const row = async (service: string) => (await catalogue()).find((one) => one.service === service);
const importing = (services: unknown, markup: object, more: object = {}) =>
  post(`/providers/${provider}/catalogue/import`, { services, markup, ...more });
/** What the simulated provider says of its services from now on, instead of its list. */
const says = (changes: Parameters<typeof world.provider.configure>[0]['catalogue']) =>
  world.provider.configure({ catalogue: changes });
const serviceOf = async (id: unknown) => (await data('/services?limit=100')).find((one) => one.id === id);
const routesOf = async (id: unknown) => ((await serviceOf(id))?.routes ?? []) as Row[];
const routeOf = async (id: unknown) => (await routesOf(id))[0];
const openAlerts = async (service: unknown) =>
  (await data('/alerts?open=true&limit=100'))
    .filter(({ subject }) => subject === `route:${service}-1`)
    .map(({ kind, detail }) => [kind, detail]);
const place = (service: unknown, quantity = 1000) =>
  api.v1('/v1/orders', {
    key: shop.key,
    body: { service, link: `https://example.com/p/${++keys}`, quantity },
    idempotencyKey: `o-${++keys}`,
  });
/** One service of the provider, imported with a rule; the id of ours. */
async function imported(service: string, markup: object = { percent: '20' }): Promise<number> {
  await refresh();
  const { body } = await importing([service], markup);
  return (body.results as Row[])[0]?.id as number;
}

beforeEach(async () => {
  await says({});
  const { apiUrl: url, key } = world.provider;
  provider = (await post('/providers', { name: `panel ${++keys}`, url, key, pollSeconds: 1 })).body.id as number;
});

test('what a provider sells is read when staff ask for it, and listed page by page', async () => {
  expect(await catalogue()).toEqual([]);
  const { status, body } = await refresh();
  expect([status, body]).toEqual([
    200,
    {
      ...{ provider, read: true, problem: null, balanceRead: true, services: CATALOGUE.length, unreadable: 0 },
      ...{ added: CATALOGUE.length, changed: 0, gone: 0, held: 0, freed: 0, repriced: 0 },
    },
  ]);
  expect(await row('1')).toEqual({
    service: '1',
    name: 'Instagram followers, 30 days refill',
    category: 'Instagram',
    type: 'Default',
    rate: '0.9',
    min: 50,
    max: 100_000,
    dripFeed: true,
    refill: true,
    cancel: true,
    imported: false,
    services: [],
    firstSeenAt: expect.any(String),
    lastSeenAt: expect.any(String),
    changedAt: expect.any(String),
    goneAt: null,
  });
  const first = await get(`/providers/${provider}/catalogue?limit=15`);
  const rest = await catalogue(`limit=15&cursor=${first.body.nextCursor}`);
  const services = [...(first.body.data as Row[]), ...rest].map(({ service }) => service);
  expect(new Set(services).size).toBe(CATALOGUE.length);
  expect((await catalogue('type=Poll')).map(({ service }) => service)).toEqual(['10']);
  expect((await catalogue('search=TIKTOK')).map(({ service }) => service).sort()).toEqual(['3', '4']);
  expect(await catalogue('imported=true')).toEqual([]);
  expect((await refresh()).body).toMatchObject({ added: 0, changed: 0, gone: 0 });
});

test('services are imported with a mark-up, sold at once, and delivered by their route', async () => {
  await refresh();
  const { status, body } = await importing(['1', '2', '7'], { percent: '33.33', plus: '0.001' }, { refillDays: 30 });
  expect([status, body]).toMatchObject([201, { created: 3, existing: 0, refused: 0 }]);
  expect((body.results as Row[]).map(({ service, status, rate }) => [service, status, rate])).toEqual([
    ['1', 'created', '1.20097'],
    ['2', 'created', '0.37192'], // 0.370910727 and the plus, rounded up
    ['7', 'created', '6.65417'],
  ]);
  const [followers, likes, pack] = (body.results as Row[]).map(({ id }) => id);
  expect(await serviceOf(followers)).toMatchObject({
    ...{ name: 'Instagram followers, 30 days refill', category: 'Instagram', type: 'Default', rate: '1.20097' },
    ...{ min: 50, max: 100_000, dripFeed: true, cancel: true, refillDays: 30 },
    routes: [{ provider, providerService: '1', rate: '0.9', active: true, held: null, min: 50, max: 100_000 }],
  });
  expect(await serviceOf(likes)).toMatchObject({ refillDays: 0 });
  expect(await serviceOf(pack)).toMatchObject({ type: 'Package', min: 1, max: 1, routes: [{ min: null, max: null }] });
  expect(await row('1')).toMatchObject({ imported: true, services: [followers] });
  const placed = await place(followers);
  expect([placed.status, placed.body.price]).toEqual([201, '1.20097']);
  await expect
    .poll(async () => (await api.v1(`/v1/orders/${placed.body.id}`, { key: shop.key })).body.status, {
      timeout: 30_000,
    })
    .toBe('Completed');
});

test('imported subscriptions have the usual posts where an order has none', async () => {
  expect(await serviceOf(await imported('11'))).toMatchObject({ type: 'Subscriptions', unlimitedPosts: 100 });
});

test('what was imported is told and not made again, by whatever request, twice at once too', async () => {
  await refresh();
  const count = async () => (await data('/services?limit=100')).length;
  const before = await count();
  const both = await Promise.all([importing('all', { percent: '10' }), importing('all', { percent: '20' })]);
  expect(both.map(({ body }) => body.created).sort()).toEqual([0, CATALOGUE.length]);
  expect(await count()).toBe(before + CATALOGUE.length);
  const again = await importing(['1', '1', 1], { percent: '50' });
  expect(again.body).toMatchObject({ created: 0, existing: 1, refused: 0 });
  expect((again.body.results as Row[])[0]).toMatchObject({ service: '1', status: 'exists', id: expect.any(Number) });
  // The same key is the same import, another body under it another request.
  const [one, two] = [
    await post(`/providers/${provider}/catalogue/import`, { services: ['1'], markup: { percent: '1' } }, 'once'),
    await post(`/providers/${provider}/catalogue/import`, { services: ['1'], markup: { percent: '1' } }, 'once'),
  ];
  expect([two.body, two.headers.get('idempotent-replayed')]).toEqual([one.body, 'true']);
  const other = await post(
    `/providers/${provider}/catalogue/import`,
    { services: 'all', markup: { percent: '1' } },
    'once',
  );
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
});

test('what cannot be sold is refused with its reason, and stops no other', async () => {
  await says({ 1: { type: 'Live stream' }, 3: null, 4: { min: '0' }, 5: { rate: '0' }, 6: { min: '9', max: '8' } });
  await refresh();
  const { body } = await importing(['1', '2', '3', '4', '5', '6', '404'], { percent: '0' });
  expect(body).toMatchObject({ created: 1, refused: 6 });
  expect((body.results as Row[]).map(({ service, status, reason }) => [service, status, reason])).toEqual([
    ['1', 'refused', 'unknown_type'],
    ['2', 'created', null],
    ['3', 'refused', 'not_in_catalogue'],
    ['4', 'refused', 'unusable_limits'],
    ['5', 'refused', 'no_price'],
    ['6', 'refused', 'unusable_limits'],
    ['404', 'refused', 'not_in_catalogue'],
  ]);
});

test('nothing is imported from what was never read, or counts in another currency', async () => {
  const unread = await importing('all', { percent: '10' });
  expect([unread.status, unread.body.code]).toEqual([409, 'conflict']);
  await world.provider.configure({ currency: 'EUR' });
  await refresh();
  const other = await importing('all', { percent: '10' });
  expect([other.status, other.body.detail]).toEqual([409, expect.stringContaining('EUR')]);
  await world.provider.configure({ currency: 'USD' });
  await refresh();
  expect((await importing('all', { percent: '10' })).body.created).toBe(CATALOGUE.length);
});

test('a rate above the selling price holds the route until it is below again; what was sold keeps its price', async () => {
  const service = await imported('1');
  const before = await place(service);
  await says({ 1: { rate: '1.08001' } });
  expect((await refresh()).body).toMatchObject({ changed: 1, held: 1, freed: 0 });
  expect(await routeOf(service)).toMatchObject({ rate: '1.08001', held: 'unprofitable' });
  expect(await openAlerts(service)).toEqual([
    ['route_unprofitable', `service 1 of provider ${provider} costs 1.08001, it is sold at 1.08`],
  ]);
  const refused = await place(service);
  expect([refused.status, refused.body.code]).toEqual([422, 'no_route']);
  expect(
    await api.v2({ key: shop.key, action: 'add', service: String(service), link: 'https://e.com/1', quantity: '50' }),
  ).toEqual({ error: 'error.incorrect_service_id' });
  const offered = async () =>
    ((await api.v1('/v1/services', { key: shop.key })).body.data as Row[]).map(({ id }) => id);
  expect(await offered()).not.toContain(service);
  expect((await api.v1(`/v1/orders/${before.body.id}`, { key: shop.key })).body.price).toBe('1.08');

  await says({ 1: { rate: '1.08' } });
  expect((await refresh()).body).toMatchObject({ changed: 1, held: 0, freed: 1 });
  expect(await openAlerts(service)).toEqual([]);
  expect(await offered()).toContain(service);
  expect((await place(service)).status).toBe(201);
  expect(await data(`/providers/${provider}/catalogue/changes`)).toEqual([
    { service: '1', at: expect.any(String), what: 'rate', was: '1.08001', is: '1.08' },
    { service: '1', at: expect.any(String), what: 'rate', was: '0.9', is: '1.08001' },
  ]);
});

test('a service that is not in the catalogue any more holds its route, and frees it when it is back', async () => {
  const service = await imported('2');
  await says({ 2: null });
  expect((await refresh()).body).toMatchObject({ gone: 1, held: 1 });
  expect(await row('2')).toMatchObject({ goneAt: expect.any(String), rate: '0.27819' });
  expect((await catalogue('gone=true')).map((one) => one.service)).toEqual(['2']);
  expect(await openAlerts(service)).toMatchObject([['route_gone', expect.stringContaining('not in its catalogue')]]);
  expect((await place(service)).body.code).toBe('no_route');
  // Read once more, nothing is new: the alert is the same one.
  expect((await refresh()).body).toMatchObject({ gone: 0, held: 0, freed: 0 });
  await says({});
  expect((await refresh()).body).toMatchObject({ gone: 0, freed: 1 });
  expect(await row('2')).toMatchObject({ goneAt: null });
  expect(await openAlerts(service)).toEqual([]);
  const told = await data(`/providers/${provider}/catalogue/changes?service=2`);
  expect(told.map(({ what }) => what)).toEqual(['back', 'gone']);
});

test('a service that became another type holds its route', async () => {
  const service = await imported('2');
  await says({ 2: { type: 'Poll' } });
  await refresh();
  expect(await routeOf(service)).toMatchObject({ held: 'gone' });
  expect(await openAlerts(service)).toMatchObject([['route_gone', expect.stringContaining('type Poll')]]);
});

test('narrower limits are an alert, and the route is passed over for what it does not take', async () => {
  const service = await imported('1');
  await says({ 1: { min: '100', max: '5000' } });
  await refresh();
  expect(await routeOf(service)).toMatchObject({ held: null, min: 100, max: 5_000 });
  expect(await openAlerts(service)).toEqual([
    ['route_limits', `service 1 of provider ${provider} takes 100 to 5000, it is sold from 50 to 100000`],
  ]);
  expect([(await place(service, 99)).body.code, (await place(service, 5_001)).body.code]).toEqual(
    Array(2).fill('no_route'),
  );
  expect((await place(service, 100)).status).toBe(201);
  // Below the service's own minimum it is the minimum that is told.
  expect((await place(service, 49)).body.code).toBe('quantity_below_min');
  await says({ 1: { min: '10', max: '200000' } });
  await refresh();
  expect(await openAlerts(service)).toEqual([]);
});

test('a rule that follows prices the service again, up and down; one that does not leaves its price', async () => {
  const follows = await imported('1', { percent: '20', follow: true });
  const stays = await imported('2', { percent: '20' });
  await says({ 1: { rate: '2' }, 2: { rate: '0.1' } });
  expect((await refresh()).body).toMatchObject({ repriced: 1, held: 0 });
  expect([(await serviceOf(follows))?.rate, (await serviceOf(stays))?.rate]).toEqual(['2.4', '0.33383']);
  expect([(await routeOf(follows))?.rate, (await routeOf(stays))?.rate]).toEqual(['2', '0.1']);
  expect((await place(follows)).body.price).toBe('2.4');
  await says({ 1: { rate: '0.5' } });
  await refresh();
  expect((await serviceOf(follows))?.rate).toBe('0.6');
});

test('when a price follows one provider down, the route to another that is now too dear is held at once', async () => {
  const service = await imported('1', { percent: '20', follow: true });
  const [cheap, { apiUrl: url, key }] = [provider, world.provider];
  const dear = (await post('/providers', { name: `panel ${++keys}`, url, key, pollSeconds: 1 })).body.id as number;
  await world.sql`insert into routes (service_id, position, provider_id, provider_service, rate) values (${service}, 2, ${dear}, '1', 90000)`;
  provider = dear;
  await refresh();
  provider = cheap;
  await says({ 1: { rate: '0.5' } });
  await refresh();
  const held = (await routesOf(service)).map((route) => route.held);
  expect([(await serviceOf(service))?.rate, held]).toEqual(['0.6', [null, 'unprofitable']]);
});

test('staff who ask while it is being read wait for the same look, and a provider that says nothing changes nothing', async () => {
  const service = await imported('1');
  const before = world.provider.stats().calls.services ?? 0;
  const both = await Promise.all([refresh(), refresh(), refresh()]);
  expect(both.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((world.provider.stats().calls.services ?? 0) - before).toBeLessThanOrEqual(3);
  for (const fault of ['drop', 'http:503', 'html', 'truncated', 'revoked', 'empty']) {
    world.provider.arm({ fault, action: 'services' });
    const { body } = await refresh();
    expect([fault, body.read, body.problem]).toEqual([fault, false, expect.any(String)]);
  }
  expect(await routeOf(service)).toMatchObject({ held: null, rate: '0.9' });
  expect(await catalogue('gone=true')).toEqual([]);
  const listed = () => data('/providers?limit=100').then((all) => all.find(({ id }) => id === provider));
  expect(await listed()).toMatchObject({ catalogueProblem: expect.any(String), catalogueAt: expect.any(String) });
  await refresh();
  expect(await listed()).toMatchObject({ catalogueProblem: null });
});

test.each<[string, unknown]>([
  ['no mark-up', { services: 'all' }],
  ['no services', { services: [], markup: { percent: '10' } }],
  ['a percentage that is a number', { services: 'all', markup: { percent: 10 } }],
  ['a percentage below nothing', { services: 'all', markup: { percent: '-1' } }],
  ['half a hundredth of a percent', { services: 'all', markup: { percent: '0.005' } }],
  ['a plus finer than a rate', { services: 'all', markup: { percent: '1', plus: '0.000001' } }],
  ['a field nobody knows', { services: 'all', markup: { percent: '1' }, provider: 1 }],
])('an import with %s is refused', async (_, body) => {
  const answer = await post(`/providers/${provider}/catalogue/import`, body);
  expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
});

test('a provider that is not there has no catalogue', async () => {
  for (const id of ['999999', '99999999999', 'x']) {
    const path = `/providers/${id}/catalogue`;
    const answers = [
      await get(path),
      await get(`${path}/changes`),
      await post(`${path}/refresh`, {}),
      await post(`${path}/import`, { services: 'all', markup: { percent: '1' } }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(4).fill([404, 'not_found']));
  }
});
