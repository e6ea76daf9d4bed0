import { afterAll, beforeEach, expect, test } from 'vitest';
import { CATALOGUE } from '../../dev/provider/catalogue.ts';
import { apiWorld } from '../support/worlds/api-world.ts';
import { CatalogueDesk, type Row } from '../support/worlds/catalogue-desk.ts';

const opened = await apiWorld();
const { world, api, key } = opened;
const desk = new CatalogueDesk(opened);

afterAll(opened.close);
beforeEach(() => desk.anew());

test('services are imported with a mark-up, sold at once, and delivered by their route', async () => {
  await desk.refresh();
  const { status, body } = await desk.importing(
    ['1', '2', '7'],
    { percent: '33.33', plus: '0.001' },
    { refillDays: 30 },
  );
  expect([status, body]).toMatchObject([201, { created: 3, existing: 0, refused: 0 }]);
  expect((body.results as Row[]).map(({ service, status, rate }) => [service, status, rate])).toEqual([
    ['1', 'created', '1.20097'],
    ['2', 'created', '0.37192'], // 0.370910727 plus `plus`, rounded up
    ['7', 'created', '6.65417'],
  ]);
  const [followers, likes, pack] = (body.results as Row[]).map(({ id }) => id);
  expect(await desk.serviceOf(followers)).toMatchObject({
    ...{ name: 'Instagram followers, 30 days refill', category: 'Instagram', type: 'Default', rate: '1.20097' },
    ...{ min: 50, max: 100_000, dripFeed: true, cancel: true, refillDays: 30 },
    routes: [
      { provider: desk.provider, providerService: '1', rate: '0.9', active: true, held: null, min: 50, max: 100_000 },
    ],
  });
  expect(await desk.serviceOf(likes)).toMatchObject({ refillDays: 0 });
  expect(await desk.serviceOf(pack)).toMatchObject({
    type: 'Package',
    min: 1,
    max: 1,
    routes: [{ min: null, max: null }],
  });
  expect(await desk.row('1')).toMatchObject({ imported: true, services: [followers] });
  const placed = await desk.place(followers);
  expect([placed.status, placed.body.price]).toEqual([201, '1.20097']);
  await expect
    .poll(async () => (await api.v1(`/v1/orders/${placed.body.id}`, { key })).body.status, {
      timeout: 30_000,
    })
    .toBe('Completed');
});

test('imported subscriptions have the usual posts where an order has none', async () => {
  expect(await desk.serviceOf(await desk.imported('11'))).toMatchObject({ type: 'Subscriptions', unlimitedPosts: 100 });
});

test('what was imported is told and not made again, by whatever request, twice at once too', async () => {
  await desk.refresh();
  const count = async () => (await desk.data('/services?limit=100')).length;
  const before = await count();
  const both = await Promise.all([desk.importing('all', { percent: '10' }), desk.importing('all', { percent: '20' })]);
  expect(both.map(({ body }) => body.created).sort()).toEqual([0, CATALOGUE.length]);
  expect(await count()).toBe(before + CATALOGUE.length);
  const again = await desk.importing(['1', '1', 1], { percent: '50' });
  expect(again.body).toMatchObject({ created: 0, existing: 1, refused: 0 });
  expect((again.body.results as Row[])[0]).toMatchObject({ service: '1', status: 'exists', id: expect.any(Number) });
  // The same key repeats the same import; the same key with another body is refused.
  const [one, two] = [
    await desk.post(
      `/providers/${desk.provider}/catalogue/import`,
      { services: ['1'], markup: { percent: '1' } },
      'once',
    ),
    await desk.post(
      `/providers/${desk.provider}/catalogue/import`,
      { services: ['1'], markup: { percent: '1' } },
      'once',
    ),
  ];
  expect([two.body, two.headers.get('idempotent-replayed')]).toEqual([one.body, 'true']);
  const other = await desk.post(
    `/providers/${desk.provider}/catalogue/import`,
    { services: 'all', markup: { percent: '1' } },
    'once',
  );
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
});

test('what cannot be sold is refused with its reason, and stops no other', async () => {
  await desk.says({
    1: { type: 'Live stream' },
    3: null,
    4: { min: '0' },
    5: { rate: '0' },
    6: { min: '9', max: '8' },
  });
  await desk.refresh();
  const { body } = await desk.importing(['1', '2', '3', '4', '5', '6', '404'], { percent: '0' });
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
  const unread = await desk.importing('all', { percent: '10' });
  expect([unread.status, unread.body.code]).toEqual([409, 'conflict']);
  await world.provider.configure({ currency: 'EUR' });
  await desk.refresh();
  const other = await desk.importing('all', { percent: '10' });
  expect([other.status, other.body.detail]).toEqual([409, expect.stringContaining('EUR')]);
  await world.provider.configure({ currency: 'USD' });
  await desk.refresh();
  expect((await desk.importing('all', { percent: '10' })).body.created).toBe(CATALOGUE.length);
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
  const answer = await desk.post(`/providers/${desk.provider}/catalogue/import`, body);
  expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
});

test('a service is imported under what the provider calls its type, in the multiples that it takes, which orders keep to', async () => {
  await desk.says({ 1: { type: 'Followers', step: 50 } as never, 2: { type: '2' }, 3: { type: 'Livestream' } });
  await desk.refresh();
  const { body } = await desk.importing(['1', '2', '3'], { percent: '10' });
  expect((body.results as Row[]).map(({ status, reason }) => [status, reason])).toEqual([
    ['created', null],
    ['created', null],
    ['refused', 'unknown_type'],
  ]);
  const [id, comments] = (body.results as Row[]).map((result) => result.id);
  expect(await desk.serviceOf(id)).toMatchObject({ type: 'Default', step: 50, routes: [{ step: 50 }] });
  expect(await desk.serviceOf(comments)).toMatchObject({ type: 'Custom Comments', step: 1 });
  expect(await desk.row('1')).toMatchObject({ type: 'Default', step: 50 });
  const refused = await desk.place(id, 1001);
  expect([refused.status, refused.body]).toMatchObject([
    422,
    { code: 'quantity_not_multiple', detail: 'it is sold in multiples of 50' },
  ]);
  const v2 = (quantity: string) =>
    api.v2({ key, action: 'add', service: String(id), link: `https://e.com/${quantity}`, quantity });
  expect(await v2('1001')).toEqual({ error: 'Quantity is not a multiple of the step of the service' });
  expect((await desk.place(id, 1000)).status).toBe(201);
  expect(await v2('1050')).toEqual({ order: expect.any(Number) });

  // The provider changes its step: the route then takes nothing else, the service stays as it is.
  await desk.says({ 1: { type: 'Followers', step: 300 } as never });
  await desk.refresh();
  expect(await desk.openAlerts(id)).toEqual([
    ['route_limits', expect.stringContaining('in multiples of 300, but we sell from 50 to 100000')],
  ]);
  expect((await desk.place(id, 1000)).body.code).toBe('no_route');
  expect((await desk.place(id, 900)).status).toBe(201);
  const [told] = await desk.data(`/providers/${desk.provider}/catalogue/changes?service=1`);
  expect(told).toMatchObject({ what: 'step', was: '50', is: '300' });
});
