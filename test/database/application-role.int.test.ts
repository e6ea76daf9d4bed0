import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureApplicationRole, grantApplicationRole, urlOf } from '../../db/application-role.ts';
import { connect, type Sql } from '../../db/client.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { databaseFit } from '../../db/migration-state.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { mustPlace } from '../support/worlds/placing.ts';

const run = promisify(execFile);
let given: ApiWorld;
let role: Sql;

beforeAll(async () => {
  given = await apiWorld({ service: { refill_days: 30 } });
  role = connect(given.world.appUrl, { name: 'holdfast-test-role', max: 2 });
});
afterAll(async () => {
  await role.end({ timeout: 5 });
  await given.close();
});

/** The database users of the sessions of API or worker. */
const users = async (application: string): Promise<string[]> => {
  const rows = await given.world.sql<{ usename: string }[]>`
    select distinct usename from pg_stat_activity
      where datname = current_database() and application_name like ${`${application}%`}`;
  return rows.map(({ usename }) => usename);
};

it('an order is placed, delivered and settled by a role that owns nothing', async () => {
  const { api, world, shop, key, staff } = given;
  const body = { service: shop.service, link: 'https://example.com/role', quantity: 100 };
  const id = await mustPlace(api, { key, body, idempotencyKey: 'role' });
  const status = async () => (await api.v1(`/v1/orders/${id}`, { key })).body.status;
  await expect.poll(status, { timeout: 60_000 }).toBe('Completed');
  const deposit = { amount: '5', reference: 'role' };
  const paid = await api.v1(`/v1/admin/accounts/${shop.account}/deposits`, {
    key: staff,
    body: deposit,
    idempotencyKey: 'd',
  });
  expect(paid.status).toBe(201);
  const [{ name } = { name: '' }] = await role<{ name: string }[]>`select current_user as name`;
  expect(await users('holdfast-api-statements')).toEqual([name]);
  expect(await users('holdfast-test-worker')).toEqual([name]);
  const [owned] = await world.sql`select count(*)::integer as tables from pg_tables where tableowner = ${name}`;
  expect(owned).toEqual({ tables: 0 });
  expect(await verifyLedger(role)).toEqual([]);
}, 90_000);

it('the role gets new tables with each migration, without its password, and no role is made', async () => {
  const { sql } = given.world;
  const [{ name } = { name: '' }] = await role<{ name: string }[]>`select current_user as name`;
  await sql`create table later (id integer)`;
  try {
    await expect(role`select * from later`).rejects.toMatchObject({ code: '42501' });
    expect([await grantApplicationRole(sql, 'nobody_yet'), await grantApplicationRole(sql, name)]).toEqual([
      false,
      true,
    ]);
    expect(await role`select * from later`).toHaveLength(0);
  } finally {
    await sql`drop table later`;
  }
});

describe('who has the password of that role', () => {
  const MONEY = [
    'update wallets set balance = balance + 1',
    'insert into wallets (account_id, balance) values (1, 1)',
    'insert into money_steps (key, payload) values ($$mine$$, $${}$$)',
    'insert into transfers (step, kind, debit, credit, amount) values ($$mine$$, $$loss$$, $$loss$$, $$revenue$$, 1)',
    'select move_money($$mine$$, $$deposit$$, $$external$$, $$wallet:1$$, 1)',
    'select take_step($$mine$$, $${}$$)',
    'update transfers set amount = amount + 1',
    'delete from transfers',
    'truncate transfers cascade',
    'update money_steps set payload = $${}$$',
    'delete from money_steps',
    'update audit set actor = $$nobody$$',
    'delete from audit',
    'truncate audit',
    'update events set actor = $$nobody$$',
    'delete from events',
    'delete from wallets',
    'delete from orders',
    'truncate wallets cascade',
    'delete from migrations',
  ];
  const DEFINITIONS = [
    'alter table transfers disable trigger all',
    'drop trigger transfers_append_only on transfers',
    'drop table audit',
    'create table mine (id integer)',
    'create temporary table mine (id integer)',
    'create function mine() returns integer language sql as $$ select 1 $$',
    'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return new; end $$',
    'drop function verify_ledger()',
    'create schema mine',
    'set session_replication_role = replica',
    'create role mine',
    'alter role current_user superuser',
  ];

  it.each([...MONEY, ...DEFINITIONS])('cannot: %s', async (statement) => {
    await expect(role.unsafe(statement)).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|42704|HF002)$/),
    });
  });

  it('cannot take the owner’s part', async () => {
    const [{ owner } = { owner: '' }] = await given.world.sql<{ owner: string }[]>`select current_user as owner`;
    await expect(role.unsafe(`set role "${owner}"`)).rejects.toMatchObject({ code: '42501' });
  });
});

it('a second run takes back what the role was given too much, and its password is the new one', async () => {
  const { sql, url } = given.world;
  const [{ name } = { name: '' }] = await role<{ name: string }[]>`select current_user as name`;
  await sql.unsafe(`grant update, delete on transfers to "${name}"; alter role "${name}" createdb`);
  const changed = { name, password: 'another password of it' };
  await ensureApplicationRole(sql, changed);
  const anew = connect(urlOf(url, changed), { name: 'holdfast-test-role', max: 1 });
  try {
    await expect(anew`update transfers set amount = 1`).rejects.toMatchObject({ code: '42501' });
    const [rights] = await sql`select rolcreatedb, rolsuper, rolcreaterole from pg_roles where rolname = ${name}`;
    expect(rights).toEqual({ rolcreatedb: false, rolsuper: false, rolcreaterole: false });
  } finally {
    await anew.end({ timeout: 5 });
  }
});

it('npm run migrate makes the role, which the programs then connect as', async () => {
  const { sql, url } = given.world;
  const made = { name: `migrated_${randomBytes(6).toString('hex')}`, password: randomBytes(12).toString('hex') };
  const env = { ...process.env, DATABASE_URL: url, APP_ROLE: made.name, APP_PASSWORD: made.password };
  const { stdout } = await run(process.execPath, ['--import', 'tsx', 'db/commands/migrate.ts'], { env });
  expect(stdout).toContain(`the role ${made.name} has the rights that API and worker need`);
  expect(stdout).not.toContain(made.password);
  const theirs = connect(urlOf(url, made), { name: 'holdfast-test-role', max: 1 });
  try {
    expect(await databaseFit(theirs)).toBe('fits');
    expect(await verifyLedger(theirs)).toEqual([]);
  } finally {
    await theirs.end({ timeout: 5 });
    await sql.unsafe(`drop owned by "${made.name}"; drop role "${made.name}"`);
  }
});
