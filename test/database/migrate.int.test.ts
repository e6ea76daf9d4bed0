import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { connect, type Sql } from '../../db/client.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { migrate } from '../../db/migrate.ts';
import { databaseFit } from '../../db/migration-state.ts';
import { createDatabase, dropDatabase } from '../../dev/postgres/postgres.ts';
import { openShop } from '../support/worlds/shop.ts';

let name: string;
let sql: Sql;
let url: string;
beforeEach(async () => {
  name = `test_${randomBytes(6).toString('hex')}`;
  url = await createDatabase(inject('postgresUrl'), name);
  sql = connect(url, { name: 'holdfast-test' });
});
afterEach(async () => {
  await sql.end({ timeout: 5 });
  await dropDatabase(inject('postgresUrl'), name);
});

const recorded = async () =>
  (await sql<{ name: string }[]>`select name from migrations order by name`).map((row) => row.name);

describe('an empty database', () => {
  it('is brought to this version, once, in order', async () => {
    expect(await databaseFit(sql)).toBe('behind');
    const { migrations, functions } = await migrate(sql);
    expect(migrations[0]).toMatch(/^001_/);
    expect(migrations).toEqual([...migrations].sort());
    expect(functions).toContain('ledger/settle.sql');
    expect(await recorded()).toEqual(migrations);
    expect(await databaseFit(sql)).toBe('fits');
  });

  it('is not touched by a second run', async () => {
    await migrate(sql);
    const before = await sql`select name, checksum, ran_at from migrations order by name`;
    expect(await migrate(sql)).toEqual({ migrations: [], functions: [] });
    expect([...(await sql`select name, checksum, ran_at from migrations order by name`)]).toEqual([...before]);
  });

  it('is migrated once by processes that start together', async () => {
    const others = Array.from({ length: 4 }, () => connect(url, { name: 'holdfast-test', max: 1 }));
    const runs = await Promise.all(others.map((other) => migrate(other)));
    await Promise.all(others.map((other) => other.end()));
    const busy = runs.filter(({ migrations, functions }) => migrations.length + functions.length > 0);
    expect(busy).toMatchObject([
      { migrations: await recorded(), functions: expect.arrayContaining(['ledger/settle.sql']) },
    ]);
  });

  it('of any version we run on takes an order afterwards', async () => {
    await migrate(sql);
    const { order } = await openShop(sql);
    expect(await order()).toBe(10_001);
    expect(await verifyLedger(sql)).toEqual([]);
  });
});

it('a refill from before refills had an account gets its account', async () => {
  await migrate(sql);
  const { account, order } = await openShop(sql);
  const id = await order();
  await sql`alter table refills disable trigger refills_own`;
  await sql`insert into refills (order_id, number, requested_by, requested_at, review_at) values (${id}, 1, 'x', now(), now())`;
  await sql`delete from migrations where name like '006%'`;
  expect((await migrate(sql)).migrations).toEqual([expect.stringMatching(/^006/)]);
  expect([...(await sql`select account_id from refills`)]).toEqual([{ account_id: account }]);
});

describe('a database that does not fit', () => {
  it('because a file was changed after it had run is refused', async () => {
    await migrate(sql);
    await sql`update migrations set checksum = 'other' where name like '001%'`;
    await expect(migrate(sql)).rejects.toThrow(/^migration_edited: 001_\w+\.sql was edited after/);
    expect(await databaseFit(sql)).toBe('behind');
  });

  it('because an unreleased version made it is refused with the way out, and nothing is changed', async () => {
    await sql`create table migrations (name text primary key, checksum text not null, ran_at timestamptz not null default now())`;
    await sql`insert into migrations (name, checksum) values ('001_catalogue.sql', 'x'), ('002_orders.sql', 'x')`;
    await sql`create table accounts (id integer)`;
    await expect(migrate(sql)).rejects.toMatchObject({
      code: 'unreleased_database',
      message: expect.stringMatching(/^unreleased_database: .*begin with an empty one$/),
    });
    expect(await recorded()).toEqual(['001_catalogue.sql', '002_orders.sql']);
    expect([...(await sql`select tablename from pg_tables where schemaname = 'public' order by 1`)]).toEqual([
      { tablename: 'accounts' },
      { tablename: 'migrations' },
    ]);
    expect(await databaseFit(sql)).toBe('behind');
  });

  it('because it is ahead of this program is refused, and nothing is run', async () => {
    await migrate(sql);
    const [last] = (await recorded()).slice(-1);
    await sql`delete from migrations where name = ${last ?? ''}`;
    await sql`insert into migrations (name, checksum) values ('999_future.sql', 'x')`;
    await expect(migrate(sql)).rejects.toThrow(/^database_is_newer: .*999_future\.sql/);
    expect(await recorded()).not.toContain(last);
  });

  it('because a migration fails in the middle keeps nothing of it, and no lock', async () => {
    await sql`create table claims (x integer)`;
    await expect(migrate(sql)).rejects.toThrow(/claims/);
    const [row] =
      await sql`select to_regclass('order_ids') is null as gone, to_regclass('accounts') is null as before_too`;
    expect(row).toEqual({ gone: true, before_too: true });
    await sql`drop table claims`;
    expect((await migrate(sql)).migrations[0]).toMatch(/^001_/);
    const locks =
      await sql`select 1 from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = ${name})`;
    expect(locks.length).toBe(0);
  });
});
