import { afterAll, beforeEach, expect, test } from 'vitest';
import { apiWorld } from '../support/worlds/api-world.ts';
import { CatalogueDesk, type Row } from '../support/worlds/catalogue-desk.ts';

const opened = await apiWorld();
const { world, api, key } = opened;
const desk = new CatalogueDesk(opened);

afterAll(opened.close);
beforeEach(() => desk.anew());

test('a rate above the selling price holds the route until it is below again; what was sold keeps its price', async () => {
  const service = await desk.imported('1');
  const before = await desk.place(service);
  await desk.says({ 1: { rate: '1.08001' } });
  expect((await desk.refresh()).body).toMatchObject({ changed: 1, held: 1, freed: 0 });
  expect(await desk.routeOf(service)).toMatchObject({ rate: '1.08001', held: 'unprofitable' });
  expect(await desk.openAlerts(service)).toEqual([
    ['route_unprofitable', `service 1 of provider ${desk.provider} costs 1.08001, but we sell at 1.08`],
  ]);
  const refused = await desk.place(service);
  expect([refused.status, refused.body.code]).toEqual([422, 'no_route']);
  expect(
    await api.v2({ key, action: 'add', service: String(service), link: 'https://e.com/1', quantity: '50' }),
  ).toEqual({ error: 'error.incorrect_service_id' });
  const offered = async () => ((await api.v1('/v1/services', { key })).body.data as Row[]).map(({ id }) => id);
  expect(await offered()).not.toContain(service);
  expect((await api.v1(`/v1/orders/${before.body.id}`, { key })).body.price).toBe('1.08');

  await desk.says({ 1: { rate: '1.08' } });
  expect((await desk.refresh()).body).toMatchObject({ changed: 1, held: 0, freed: 1 });
  expect(await desk.openAlerts(service)).toEqual([]);
  expect(await offered()).toContain(service);
  expect((await desk.place(service)).status).toBe(201);
  expect(await desk.data(`/providers/${desk.provider}/catalogue/changes`)).toEqual([
    { service: '1', at: expect.any(String), what: 'rate', was: '1.08001', is: '1.08' },
    { service: '1', at: expect.any(String), what: 'rate', was: '0.9', is: '1.08001' },
  ]);
});

test('one short catalogue holds no route: the provider may list too little for a moment', async () => {
  const service = await desk.imported('2');
  const before = await desk.row('2');
  await desk.says({ 2: null });
  expect((await desk.refresh()).body).toMatchObject({ read: true, gone: 0, held: 0 });
  expect(await desk.routeOf(service)).toMatchObject({ held: null });
  expect(await desk.row('2')).toMatchObject({ goneAt: null, lastSeenAt: before?.lastSeenAt });
  expect(await desk.openAlerts(service)).toEqual([]);
  expect((await desk.place(service)).status).toBe(201);
  // The next short one is the first in a row again.
  await desk.says({});
  await desk.refresh();
  await desk.says({ 2: null });
  expect((await desk.refresh()).body).toMatchObject({ gone: 0, held: 0 });
  expect(await desk.data(`/providers/${desk.provider}/catalogue/changes?service=2`)).toEqual([]);
});

test('a service that two catalogues in a row lack holds its route, and frees it when it is back', async () => {
  const service = await desk.imported('2');
  const { lastSeenAt } = (await desk.row('2')) ?? {};
  await desk.says({ 2: null });
  await desk.refresh();
  expect((await desk.refresh()).body).toMatchObject({ gone: 1, held: 1 });
  expect(await desk.row('2')).toMatchObject({ lastSeenAt });
  expect(await desk.row('2')).toMatchObject({ goneAt: expect.any(String), rate: '0.27819' });
  expect((await desk.catalogue('gone=true')).map((one) => one.service)).toEqual(['2']);
  expect(await desk.openAlerts(service)).toMatchObject([
    ['route_gone', expect.stringContaining('no longer in its catalogue')],
  ]);
  expect((await desk.place(service)).body.code).toBe('no_route');
  // A further read finds nothing new: the alert stays the same.
  expect((await desk.refresh()).body).toMatchObject({ gone: 0, held: 0, freed: 0 });
  await desk.says({});
  expect((await desk.refresh()).body).toMatchObject({ gone: 0, freed: 1 });
  expect(await desk.row('2')).toMatchObject({ goneAt: null });
  expect(await desk.openAlerts(service)).toEqual([]);
  const told = await desk.data(`/providers/${desk.provider}/catalogue/changes?service=2`);
  expect(told.map(({ what }) => what)).toEqual(['back', 'gone']);
});

test('a service that became another type holds its route', async () => {
  const service = await desk.imported('2');
  await desk.says({ 2: { type: 'Poll' } });
  await desk.refresh();
  expect(await desk.routeOf(service)).toMatchObject({ held: 'gone' });
  expect(await desk.openAlerts(service)).toMatchObject([['route_gone', expect.stringContaining('type Poll')]]);
});

test('narrower limits are an alert, and the route is passed over for what it does not take', async () => {
  const service = await desk.imported('1');
  await desk.says({ 1: { min: '100', max: '5000' } });
  await desk.refresh();
  expect(await desk.routeOf(service)).toMatchObject({ held: null, min: 100, max: 5_000 });
  expect(await desk.openAlerts(service)).toEqual([
    ['route_limits', `service 1 of provider ${desk.provider} takes 100 to 5000, but we sell from 50 to 100000`],
  ]);
  expect([(await desk.place(service, 99)).body.code, (await desk.place(service, 5_001)).body.code]).toEqual(
    Array(2).fill('no_route'),
  );
  expect((await desk.place(service, 100)).status).toBe(201);
  // Below the service's own minimum, the error is about that minimum.
  expect((await desk.place(service, 49)).body.code).toBe('quantity_below_min');
  await desk.says({ 1: { min: '10', max: '200000' } });
  await desk.refresh();
  expect(await desk.openAlerts(service)).toEqual([]);
});

test('a rule that follows prices the service again, up and down; one that does not leaves its price', async () => {
  const follows = await desk.imported('1', { percent: '20', follow: true });
  const stays = await desk.imported('2', { percent: '20' });
  await desk.says({ 1: { rate: '2' }, 2: { rate: '0.1' } });
  expect((await desk.refresh()).body).toMatchObject({ repriced: 1, held: 0 });
  expect([(await desk.serviceOf(follows))?.rate, (await desk.serviceOf(stays))?.rate]).toEqual(['2.4', '0.33383']);
  expect([(await desk.routeOf(follows))?.rate, (await desk.routeOf(stays))?.rate]).toEqual(['2', '0.1']);
  expect((await desk.place(follows)).body.price).toBe('2.4');
  await desk.says({ 1: { rate: '0.5' } });
  await desk.refresh();
  expect((await desk.serviceOf(follows))?.rate).toBe('0.6');
});

test('when a price follows one provider down, the route to another that is now too dear is held at once', async () => {
  const service = await desk.imported('1', { percent: '20', follow: true });
  const [cheap, dear] = [desk.provider, await desk.addProvider()];
  await world.sql`insert into routes (service_id, position, provider_id, provider_service, rate) values (${service}, 2, ${dear}, '1', 90000)`;
  desk.provider = dear;
  await desk.refresh();
  desk.provider = cheap;
  await desk.says({ 1: { rate: '0.5' } });
  await desk.refresh();
  const held = (await desk.routesOf(service)).map((route) => route.held);
  expect([(await desk.serviceOf(service))?.rate, held]).toEqual(['0.6', [null, 'unprofitable']]);
});
