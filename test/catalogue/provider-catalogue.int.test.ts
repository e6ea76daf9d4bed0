import { afterAll, beforeEach, expect, test } from 'vitest';
import { CATALOGUE } from '../../dev/provider/catalogue.ts';
import { apiWorld } from '../support/worlds/api-world.ts';
import { CatalogueDesk, type Row } from '../support/worlds/catalogue-desk.ts';

const opened = await apiWorld();
const { world } = opened;
const desk = new CatalogueDesk(opened);

afterAll(opened.close);
beforeEach(() => desk.anew());

test('what a provider sells is read when staff ask for it, and listed page by page', async () => {
  expect(await desk.catalogue()).toEqual([]);
  const { status, body } = await desk.refresh();
  expect([status, body]).toEqual([
    200,
    {
      ...{ provider: desk.provider, read: true, problem: null, balanceRead: true },
      ...{ services: CATALOGUE.length, unreadable: 0 },
      ...{ added: CATALOGUE.length, changed: 0, gone: 0, held: 0, freed: 0, repriced: 0 },
    },
  ]);
  expect(await desk.row('1')).toEqual({
    step: null,
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
  const first = await desk.get(`/providers/${desk.provider}/catalogue?limit=15`);
  const rest = await desk.catalogue(`limit=15&cursor=${first.body.nextCursor}`);
  const services = [...(first.body.data as Row[]), ...rest].map(({ service }) => service);
  expect(new Set(services).size).toBe(CATALOGUE.length);
  expect((await desk.catalogue('type=Poll')).map(({ service }) => service)).toEqual(['10']);
  expect((await desk.catalogue('search=TIKTOK')).map(({ service }) => service).sort()).toEqual(['3', '4']);
  expect(await desk.catalogue('imported=true')).toEqual([]);
  expect((await desk.refresh()).body).toMatchObject({ added: 0, changed: 0, gone: 0 });
});

test('staff who ask while it is being read wait for the same look, and a provider that says nothing changes nothing', async () => {
  const service = await desk.imported('1');
  const before = world.provider.stats().calls.services ?? 0;
  const both = await Promise.all([desk.refresh(), desk.refresh(), desk.refresh()]);
  expect(both.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((world.provider.stats().calls.services ?? 0) - before).toBeLessThanOrEqual(3);
  for (const fault of ['drop', 'http:503', 'html', 'truncated', 'revoked', 'empty']) {
    world.provider.arm({ fault, action: 'services' });
    const { body } = await desk.refresh();
    expect([fault, body.read, body.problem]).toEqual([fault, false, expect.any(String)]);
  }
  expect(await desk.routeOf(service)).toMatchObject({ held: null, rate: '0.9' });
  expect(await desk.catalogue('gone=true')).toEqual([]);
  const listed = () => desk.data('/providers?limit=100').then((all) => all.find(({ id }) => id === desk.provider));
  expect(await listed()).toMatchObject({ catalogueProblem: expect.any(String), catalogueAt: expect.any(String) });
  await desk.refresh();
  expect(await listed()).toMatchObject({ catalogueProblem: null });
});

test('a provider that is not there has no catalogue', async () => {
  for (const id of ['999999', '99999999999', 'x']) {
    const path = `/providers/${id}/catalogue`;
    const answers = [
      await desk.get(path),
      await desk.get(`${path}/changes`),
      await desk.post(`${path}/refresh`, {}),
      await desk.post(`${path}/import`, { services: 'all', markup: { percent: '1' } }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(4).fill([404, 'not_found']));
  }
});
