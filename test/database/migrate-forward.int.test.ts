import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { connect, type Sql } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { createDatabase, dropDatabase } from '../../dev/postgres/postgres.ts';
import { sqlFolders } from '../support/reads/sql-folders.ts';

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

const TABLE = { '001_table.sql': 'create table things (id integer);\n' };
const INDEX = `-- outside a transaction
drop index concurrently if exists things_id;
-- The index that makes an id unique.
create unique index concurrently things_id on things (id);
`;
const ADD = { ...TABLE, '002_add.sql': 'alter table things add column name text;\n' };

describe('a migration outside a transaction', () => {
  const withIndex = { ...TABLE, '002_index.sql': INDEX, '003_more.sql': 'create table more (id integer);\n' };
  const index = async () => [
    ...(await sql`select indisvalid as valid from pg_index where indexrelid = to_regclass('things_id')`),
  ];

  it('builds an index concurrently, in its place between the others', async () => {
    const folders = await sqlFolders(withIndex);
    expect(await migrate(sql, folders)).toMatchObject({ migrations: Object.keys(withIndex) });
    expect(await index()).toEqual([{ valid: true }]);
    expect(await migrate(sql, folders)).toEqual({ migrations: [], functions: [] });
  });

  it('lets processes that start together all finish', async () => {
    const folders = await sqlFolders(withIndex);
    const others = Array.from({ length: 4 }, () => connect(url, { name: 'holdfast-test', max: 1 }));
    const runs = await Promise.all(others.map((other) => migrate(other, folders)));
    await Promise.all(others.map((other) => other.end()));
    expect(runs.flatMap(({ migrations }) => migrations)).toEqual(Object.keys(withIndex));
  });

  it('that failed is run again from its first statement', async () => {
    await migrate(sql, await sqlFolders(TABLE));
    await sql`insert into things values (1), (1)`;
    const folders = await sqlFolders(withIndex);
    await expect(migrate(sql, folders)).rejects.toMatchObject({ code: '23505' });
    expect(await index()).toEqual([{ valid: false }]);
    await sql`truncate things`;
    expect(await migrate(sql, folders)).toMatchObject({ migrations: ['002_index.sql', '003_more.sql'] });
    expect(await index()).toEqual([{ valid: true }]);
  });
});

describe('a migration that another session keeps from its table', () => {
  /** A session that reads the table in a transaction until the returned function ends it. */
  async function reader(): Promise<() => Promise<void>> {
    const session = await sql.reserve();
    await session`begin`;
    await session`select from things`;
    return async () => {
      await session`rollback`;
      session.release();
    };
  }

  const waitingFor = (table: string) => async () =>
    (await sql`select from pg_locks where not granted and relation = ${table}::regclass`).length;
  const waiting = waitingFor('things');

  it('gives way, tries again and succeeds once the table is free', async () => {
    await migrate(sql, await sqlFolders(TABLE));
    const end = await reader();
    const quick = { ...(await sqlFolders(ADD)), lockTimeoutMs: 150, retryAfterMs: new Array<number>(200).fill(20) };
    const migrating = migrate(sql, quick);
    // The migration waits, gives way to the queries behind it, and waits again.
    for (const wanted of [1, 0, 1]) await expect.poll(waiting, { interval: 5 }).toBe(wanted);
    await end();
    expect(await migrating).toMatchObject({ migrations: ['002_add.sql'] });
  });

  it('tries again after a deadlock that PostgreSQL has ended', async () => {
    const tables = { ...TABLE, '002_more.sql': 'create table more (id integer);\n' };
    await migrate(sql, await sqlFolders(tables));
    const session = await sql.reserve();
    await session`begin`;
    // PostgreSQL ends the transaction that notices the deadlock first: the migration.
    await session`set local deadlock_timeout = '1min'`;
    await session`select from more`;
    const add = 'alter table things add column name text;\nalter table more add column name text;\n';
    const migrating = migrate(sql, await sqlFolders({ ...tables, '003_add.sql': add }));
    await expect.poll(waitingFor('more'), { interval: 5 }).toBe(1);
    await session`select from things`;
    await session`commit`;
    session.release();
    expect(await migrating).toMatchObject({ migrations: ['003_add.sql'] });
  });

  it('fails with 55P03 when the table never becomes free, and nothing has changed', async () => {
    await migrate(sql, await sqlFolders(TABLE));
    const end = await reader();
    const quick = { ...(await sqlFolders(ADD)), lockTimeoutMs: 20, retryAfterMs: [1, 1] };
    await expect(migrate(sql, quick)).rejects.toMatchObject({ code: '55P03' });
    await end();
    expect(await sql`select name from migrations`).toHaveLength(1);
  });
});

describe('the functions', () => {
  const functionsOf = async (...bodies: readonly string[]) =>
    sqlFolders(TABLE, { 'rules/one.sql': bodies.map((body) => `create or replace function ${body};\n`).join('\n') });
  const price = (value: number, args = 'n integer', result = 'integer') =>
    `price(${args}) returns ${result} language sql as $$ select ${value} $$`;
  const oid = async () => (await sql<{ oid: number }[]>`select 'price'::regproc::oid::integer as oid`)[0]?.oid;
  const says = async (call: string) => (await sql.unsafe(`select ${call} as said`))[0]?.said;

  it('of a file whose text changed are replaced in place, others are not touched', async () => {
    await migrate(sql, await functionsOf(price(1)));
    const before = await oid();
    const changed = await functionsOf(price(2));
    expect(await migrate(sql, changed)).toEqual({ migrations: [], functions: ['rules/one.sql'] });
    expect(await says('price(1)')).toBe(2);
    expect(await oid()).toBe(before);
    expect(await migrate(sql, changed)).toEqual({ migrations: [], functions: [] });
  });

  it('with other arguments or another result take the place of the former ones', async () => {
    await migrate(sql, await functionsOf(price(1)));
    await migrate(sql, await functionsOf(price(2, 'n bigint', 'bigint')));
    expect([...(await sql`select oid::regprocedure::text as f from pg_proc where proname = 'price'`)]).toEqual([
      { f: 'price(bigint)' },
    ]);
    await migrate(sql, await functionsOf(price(3, 'items bigint', 'bigint')));
    expect(await says('price(items => 1)')).toBe(3n);
  });

  it('that no file defines any more are dropped, and functions that others made are not', async () => {
    await sql`create function theirs() returns integer language sql as $$ select 1 $$`;
    const both = {
      'a.sql': `create or replace function ${price(1)};\n`,
      'b.sql': 'create or replace function b() returns integer language sql as $$ select 1 $$;\n',
    };
    await migrate(sql, await sqlFolders(TABLE, both));
    const { functions } = await migrate(sql, await sqlFolders(TABLE, { 'a.sql': both['a.sql'] }));
    expect(functions).toEqual(['b.sql']);
    expect([
      ...(await sql`select proname from pg_proc where pronamespace = 'public'::regnamespace order by 1`),
    ]).toEqual([{ proname: 'price' }, { proname: 'theirs' }]);
  });

  it('are in one transaction with the migrations: one that fails leaves everything as it was', async () => {
    await migrate(sql, await functionsOf(price(1)));
    const broken = `create or replace function ${price(2)};\ncreate or replace function b() returns integer language sql as $$ select no_column from things $$;\n`;
    const folders = await sqlFolders(ADD, { 'rules/one.sql': broken });
    await expect(migrate(sql, folders)).rejects.toMatchObject({ code: '42703' });
    expect(await says('price(1)')).toBe(1);
    expect(await sql`select name from migrations`).toHaveLength(1);
    expect(await sql`select from information_schema.columns where table_name = 'things'`).toHaveLength(1);
    expect(await sql`select from function_installs`).toHaveLength(1);
  });

  it('see the tables of the migrations that came with them', async () => {
    const named =
      'create or replace function named() returns setof text language sql as $$ select name from things $$;\n';
    await migrate(sql, await sqlFolders(ADD, { 'n.sql': named }));
    expect(await sql`select named()`).toEqual([]);
  });

  it('that an index uses are replaced while their arguments stay; else the refusal names the index', async () => {
    const double = (args: string) =>
      `create or replace function double(${args}) returns bigint language sql immutable as $$ select 2 * $1::bigint $$;\n`;
    await migrate(sql, await sqlFolders(TABLE, { 'd.sql': double('n integer') }));
    await sql`create index things_double on things (double(id))`;
    await migrate(sql, await sqlFolders(TABLE, { 'd.sql': `-- anew\n${double('n integer')}` }));
    await expect(migrate(sql, await sqlFolders(TABLE, { 'd.sql': double('n bigint') }))).rejects.toMatchObject({
      code: '2BP01',
      detail: expect.stringContaining('things_double'),
    });
    expect(await sql`select double(1)`).toEqual([{ double: 2n }]);
  });
});
