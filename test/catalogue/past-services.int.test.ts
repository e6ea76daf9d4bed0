import { afterAll, beforeAll, expect, it } from 'vitest';
import { knownRows, saveCatalogue } from '../../db/catalogue/provider-catalogue.ts';
import { recordBalance } from '../../db/provider/checks.ts';
import type { CatalogueRow } from '../../domain/catalogue/changes.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { openShop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const row = (service: string): CatalogueRow => ({
  service,
  name: 'Followers',
  category: '',
  type: 'Default',
  rate: '0.5',
  min: 10,
  max: 1000,
  dripFeed: false,
  refill: false,
  cancel: true,
});

it('of the services that are gone, as many are kept as a catalogue may have, and those with a route', async () => {
  const { sql } = database;
  const [provider = 0] = (await openShop(sql)).providers;
  const [route] = await sql<{ service: string }[]>`
    select provider_service as service from routes where provider_id = ${provider}`;
  const routed = route?.service ?? '';
  const many = LIMITS.catalogueServices + 500;
  await sql`
    insert into provider_services (provider_id, service, name, category, type, drip_feed, refill, cancel, first_seen_at, changed_at,
        gone_at, last_seen_at)
      select ${provider}, case n when 1 then ${routed} else 'gone-' || n end, '', '', 'Default', false, false, false, at, at, at, at
        from generate_series(1, ${many}::integer) n, lateral (select now() - interval '9 days' + n * interval '1 second' as at) t`;
  expect(await saveCatalogue(sql, provider, [row('new')], new Date())).toEqual({ added: 1, changed: 0, gone: 0 });
  const [left] = await sql`
    select count(*) filter (where service = ${routed})::integer as routed,
        count(*) filter (where service <> ${routed} and gone_at is not null)::integer as gone,
        bool_or(service = 'gone-500') as early, bool_or(service = 'gone-501') as late
      from provider_services where provider_id = ${provider}`;
  expect(left).toEqual({ routed: 1, gone: LIMITS.catalogueServices, early: false, late: true });
  expect([...(await knownRows(sql, provider, ['gone-501'], { listed: true })).keys()]).toEqual(['gone-501', 'new']);
});

it('a balance that names no currency leaves that which the provider has named', async () => {
  const { sql } = database;
  const [provider = 0] = (await openShop(sql)).providers;
  const currency = async () =>
    (await sql`select currency from provider_checks where provider_id = ${provider}`)[0]?.currency;
  for (const [named, known] of [
    [null, null],
    ['INR', 'INR'],
    [null, 'INR'],
    ['USD', 'USD'],
  ] as const) {
    expect(await recordBalance(sql, provider, { balance: '1', currency: named }, new Date())).toBe(known);
    expect(await currency()).toBe(known);
  }
});
