import { afterAll, beforeAll, expect, it } from 'vitest';
import { pagesOf } from '../../activities/reconcile/lists.ts';
import { openBulkOrders } from '../../db/placement/bulk-orders.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { openShop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

it('open lists are all looked at, also those behind a thousand others', async () => {
  const { sql } = database;
  const { account } = await openShop(sql);
  const made = await sql<{ id: number }[]>`
    insert into mass_placements (account_id, idempotency_key, total, ended_at)
      select ${account}, n::text, 1, case when n % 2 = 0 then clock_timestamp() end from generate_series(1, 4003) n
      returning id::float8 as id`;
  const pages: number[][] = [];
  for await (const page of pagesOf(sql, openBulkOrders)) pages.push(page);
  expect(pages.map(({ length }) => length)).toEqual([1_000, 1_000, 2]);
  expect(pages.flat()).toEqual(made.map(({ id }) => id).filter((_, at) => at % 2 === 0));
});
