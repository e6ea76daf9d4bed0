import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Reads } from '../../api/limits/reads.ts';
import { createKey } from '../../db/account/accounts.ts';
import { connect, type Sql } from '../../db/client.ts';
import { sqlState } from '../../db/errors.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { type Engine, postgresOfOurOwn } from '../support/engines/engines.ts';
import { SteppedOrder } from '../support/model/stepped-order.ts';
import { balanceOf, booksOf } from '../support/reads/books.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type Answer, type ServedApi, serveApi } from '../support/worlds/api.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { openWorld, sharedWorkflows, type World } from '../support/worlds/world.ts';

/** `max_connections` of this PostgreSQL. */
const CONNECTIONS = 30;

const logged: string[] = [];
let postgres: Engine<string>;
let world: World;
let shop: Shop;
let key: string;
/** The API's own connections, as in a separate process. */
let sql: Sql;
let api: ServedApi;

beforeAll(async () => {
  postgres = await postgresOfOurOwn({ max_connections: String(CONNECTIONS) });
  world = await openWorld({
    postgresUrl: postgres.value,
    temporalAddress: inject('temporalAddress'),
    workflows: sharedWorkflows(),
    log: pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) }),
  });
  await world.startWorkers();
  sql = connect(world.url, { name: 'holdfast-test-api', max: 2 });
  api = await serveApi({ ...world, pools: { sql, authSql: sql, reads: new Reads([sql]) } });
  shop = await world.shop();
  ({ key } = await createKey(world.sql, { accountId: shop.account, name: 'test' }));
}, 120_000);
afterAll(async () => {
  const drift = await verifyLedger(world.sql);
  await api.close();
  await sql.end({ timeout: 5 });
  await world.close();
  await postgres.stop();
  expect(drift).toEqual([]);
});

const linkOf = (name: string) => `https://example.com/resources/${name}?sim=stall:400,speed:10000`;

/** An order with 400 of 1000 delivered. */
async function delivering(name: string): Promise<SteppedOrder> {
  const link = linkOf(name);
  const id = await shop.claim({ link });
  await placeClaim(world.sql, world.temporal, id);
  const order = new SteppedOrder(world, id, link);
  await order.becomes({ status: 'In progress', delivered: 400 });
  return order;
}

const ask = (name: string): Promise<Answer> =>
  api.v1('/v1/orders', {
    key,
    body: { service: shop.service, link: linkOf(name), quantity: 1000 },
    idempotencyKey: name,
  });
const said = ({ status, body, headers }: Answer) => [status, body.code, headers.get('retry-after')];
const orders = (name: string) => world.sql`select id::float8 as id from orders where link = ${linkOf(name)}`;
const wallet = () => balanceOf(world.sql, shop.account);

/** Expects the order to end as Partial with 400 of 1000 delivered, as its provider says. */
async function endsPartial(order: SteppedOrder): Promise<void> {
  await order.becomes({ status: 'Partial', delivered: 400 });
  expect(await booksOf(world.sql, order.id)).toMatchObject({ charge: 36_000_000n, refunded: 54_000_000n, escrow: 0n });
  expect(order.sends).toBe(1);
}

/** Takes every free connection, ending sessions of others to get theirs. Returns a function that gives all back. */
async function takeConnections(): Promise<() => Promise<void>> {
  const held: Sql[] = [];
  const giveBack = () => Promise.all(held.map((one) => one.end({ timeout: 5 }))).then(() => {});
  /** Takes one connection. False when there is none left. */
  const take = async (): Promise<boolean> => {
    const one = connect(world.url, { name: 'hoarder', max: 1 });
    try {
      await one`select`;
      held.push(one);
      return true;
    } catch (error) {
      await one.end({ timeout: 1 });
      if (sqlState(error) !== '53300') throw error;
      return false;
    }
  };
  const first = connect(world.url, { name: 'hoarder', max: 1 });
  held.push(first);
  while (held.length < CONNECTIONS) {
    await first`
      select pg_terminate_backend(pid) from pg_stat_activity
        where backend_type = 'client backend' and application_name <> 'hoarder'`;
    while (held.length < CONNECTIONS && (await take()));
  }
  return giveBack;
}

describe('a PostgreSQL that has no connection left', () => {
  it('is an outage: requests get 503 and are placed once later, what runs goes on and ends exactly', async () => {
    const order = await delivering('runs');
    const had = await wallet();
    const giveBack = await takeConnections();
    try {
      await order.providerSays({ status: 'Partial', remains: 600 });
      expect(said(await ask('connections'))).toEqual([503, 'unavailable', '5']);
      const ready = await api.v1('/readyz');
      expect([ready.status, ready.body.missing]).toEqual([503, ['database']]);
      // The watch has met the error too.
      await expect.poll(() => logged.some((line) => line.includes('53300')), { timeout: 30_000 }).toBe(true);
    } finally {
      await giveBack();
    }
    await endsPartial(order);
    expect(await orders('connections')).toEqual([]);
    expect(await wallet()).toBe(had + 54_000_000n);
    const answers = [await ask('connections'), await ask('connections')];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(await orders('connections')).toEqual([{ id: answers[0]?.body.id }]);
    expect(await wallet()).toBe(had + 54_000_000n - 90_000_000n);
  });
});

/** Makes every write to a table fail. Returns a function that counts the failed writes. */
async function fill(table: 'claims' | 'transfers', state: string): Promise<() => Promise<number>> {
  await world.sql.unsafe(`
    create sequence tries;
    create function no_room() returns trigger language plpgsql as $$
    begin
      -- A sequence keeps its number even when the transaction is rolled back.
      perform nextval('tries');
      raise exception using errcode = '${state}', message = 'could not extend file: no room';
    end $$;
    create trigger no_room before insert on ${table} execute function no_room()`);
  return async () => {
    const [row] = await world.sql<{ tries: number }[]>`
      select case when is_called then last_value else 0 end::float8 as tries from tries`;
    return row?.tries ?? 0;
  };
}
const makeRoom = (table: 'claims' | 'transfers') =>
  world.sql.unsafe(`drop trigger no_room on ${table}; drop function no_room; drop sequence tries`);

/** PostgreSQL's codes for: disk full, out of memory, no file descriptor left. */
const STATES = { disk: '53100', memory: '53200', descriptors: '53000' } as const;

describe('a PostgreSQL that is out of disk, memory or file descriptors', () => {
  it.each(Object.entries(STATES))(
    '(%s) when a request is written down means 503, and the same key places it later',
    async (name, state) => {
      await fill('claims', state);
      expect(said(await ask(name))).toEqual([503, 'outcome_unknown', '5']);
      await makeRoom('claims');
      expect(await world.sql`select from claims where request->>'link' = ${linkOf(name)}`).toHaveLength(0);
      expect([(await ask(name)).status, (await ask(name)).status]).toEqual([201, 201]);
      expect(await orders(name)).toHaveLength(1);
    },
  );

  it('when money moves leaves nothing half done, and each step is tried until it is done, once', async () => {
    const name = 'money';
    const order = await delivering('money-runs');
    const had = await wallet();
    const tries = await fill('transfers', STATES.disk);
    await order.providerSays({ status: 'Partial', remains: 600 });
    await expect.poll(tries, { timeout: 30_000 }).toBeGreaterThan(1);
    const before = await tries();
    const placing = ask(name);
    await expect.poll(tries, { timeout: 30_000 }).toBeGreaterThan(before + 1);
    expect(said(await placing)).toEqual([503, 'outcome_unknown', '5']);
    await order.isNow({ status: 'In progress', delivered: 400 });
    expect([await orders(name), await wallet()]).toEqual([[], had]);
    expect(await verifyLedger(world.sql)).toEqual([]);

    await makeRoom('transfers');
    await expect.poll(async () => (await ask(name)).status, { timeout: 60_000 }).toBe(201);
    await endsPartial(order);
    expect(await orders(name)).toHaveLength(1);
    expect(await wallet()).toBe(had + 54_000_000n - 90_000_000n);
  });
});
