import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRounds } from '../../activities/delivery/rounds.ts';
import { createWatches } from '../../activities/delivery/watches.ts';
import { attemptUnknown } from '../../db/dispatch/attempts.ts';
import type { AlertKind } from '../../db/reconcile/alerts.ts';
import { openRefill, refillAsked, refillCall, refillCallAnswered } from '../../db/refill/refills.ts';
import { attemptOf, running, sending } from '../support/engines/running.ts';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { end } from '../support/reads/books.ts';
import { alertAbout } from '../support/worlds/reconciling.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;
let panel: ScriptedPanel;
let shop: Shop;
let provider: number;
let minutes: number;
/** Runs one watch round of the provider, with all its calls. */
let round: () => Promise<void>;

beforeAll(async () => {
  world = await realWorld();
  await world.sql`create sequence refusals`;
});
beforeEach(async () => {
  panel = await scriptedPanel();
  shop = await world.shop({ providers: [panel.url], service: { refill_days: 30, stall_after_seconds: 60 } });
  provider = shop.providers[0] ?? 0;
  minutes = 0;
  const { sql, temporal, masterKey } = world;
  const log = pino({ level: process.env.DEBUG_LOG ?? 'silent' });
  const deps = { sql, temporal, masterKey, currency: 'USD', allowLoopback: true, log };
  const rounds = createRounds(deps, () => minutes * 60_000);
  round = async () => (await rounds(provider)).beside;
});
afterEach(async () => {
  await world.sql`drop trigger if exists refuses on batches`;
  await world.sql`drop trigger if exists refuses on attempts`;
  await panel.close();
});
afterAll(() => world.close());

/** Makes the database refuse some rows with an SQLSTATE. The sequence `refusals` counts the refusals. */
async function refuses(table: 'batches' | 'attempts', condition: string, state: string): Promise<void> {
  await world.sql.unsafe(`
    create or replace function refuse_row() returns trigger language plpgsql as $$
    begin
      perform nextval('refusals');
      raise exception using errcode = '${state}', message = 'a test refuses this row';
    end $$;
    create trigger refuses before update on ${table} for each row when (${condition}) execute function refuse_row()`);
}
const refusals = async () => Number((await world.sql`select last_value from refusals`)[0]?.last_value);
const about = (kind: AlertKind) => alertAbout(world, kind, `provider:${provider}`);

/** Makes `count` orders that run at the provider, without workflows. */
async function orders(count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const id = await shop.order();
    await running(world.sql, id, `${id}`);
    ids.push(id);
  }
  return ids;
}
const batchOf = async (id: number) =>
  (
    await world.sql`
      select delivered::integer as delivered, remains::integer as remains, stalled_since is not null as stalled,
             reported_at is not null as told from batches where order_id = ${id}`
  )[0];
const half = () => ({ status: 'In progress', remains: '500', charge: '0.5', start_count: '10' });

describe('a report that the database refuses for good', () => {
  it('keeps no other of its call from being written, is parked with one alert, and is tried again later', async () => {
    const ids = await orders(100);
    const odd = ids[41] ?? 0;
    panel.onStatus = half;
    await refuses('batches', `new.order_id = ${odd} and new.remains is distinct from old.remains`, 'P0001');
    await round();
    for (const id of ids) expect(await batchOf(id)).toMatchObject({ delivered: id === odd ? 0 : 500 });
    const detail = `the database refuses its reports of order ${odd} (SQLSTATE P0001)`;
    expect(await about('report_refused')).toEqual({ state: 'open', detail });
    // The next polls do not try the same report again.
    const tried = await refusals();
    await round();
    expect(await refusals()).toBe(tried);
    await world.sql`drop trigger refuses on batches`;
    await round();
    expect(await batchOf(odd)).toMatchObject({ delivered: 0 });
    minutes += 11;
    await round();
    expect(await batchOf(odd)).toMatchObject({ delivered: 500 });
    expect(await about('report_refused')).toMatchObject({ state: 'resolved' });
  });

  it('is tried at once when its provider says something else', async () => {
    const [odd = 0] = await orders(2);
    panel.onStatus = half;
    await refuses('batches', `new.order_id = ${odd} and new.remains = 500`, '22003');
    await round();
    panel.onStatus = () => ({ ...half(), remains: '100' });
    await round();
    expect(await batchOf(odd)).toMatchObject({ delivered: 900 });
    expect(await about('report_refused')).toMatchObject({ state: 'resolved' });
  });

  it('of a settled order keeps no other correction from being made', async () => {
    const ids = await orders(3);
    for (const id of ids) await end(world.sql, id, 1000, { at: new Date(), ends: [{ batch: 1, delivered: 1000 }] });
    const [odd = 0] = ids;
    panel.onStatus = () => ({ status: 'Partial', remains: '400', charge: '0.3' });
    await refuses('batches', `new.order_id = ${odd} and new.remains is distinct from old.remains`, '23514');
    await round();
    const rows = await world.sql`select status from orders where id = any(${ids.map(String)}::bigint[]) order by id`;
    expect(rows.map(({ status }) => status)).toEqual(['Completed', 'Partial', 'Partial']);
    expect(await about('report_refused')).toMatchObject({
      detail: expect.stringContaining(`of order ${odd} (SQLSTATE 23514)`),
    });
  });

  it('is none that stands still for too long: the stalls of all others are seen', async () => {
    const ids = await orders(3);
    await world.sql`update batches set progress_at = progress_at - interval '1 hour' where order_id = any(${ids.map(String)}::bigint[])`;
    await refuses('batches', `new.order_id = ${ids[1] ?? 0} and new.stalled_since is not null`, 'P0001');
    await round();
    expect((await Promise.all(ids.map(batchOf))).map((row) => row?.stalled)).toEqual([true, false, true]);
  });
});

describe('a round whose status calls meet a database that cannot write', () => {
  /** A refill that the provider has accepted, of a Completed order. */
  async function refill(): Promise<number> {
    const { sql } = world;
    const [orderId = 0] = await orders(1);
    const at = new Date();
    await end(sql, orderId, 1000, { at, ends: [{ batch: 1, delivered: 1000 }] });
    await openRefill(sql, { orderId, number: 1, by: 'ann', reason: '', missing: null, reviewAt: at, at });
    const key = { orderId, refill: 1 };
    await refillCall(sql, key);
    await refillCallAnswered(sql, key, [{ batch: 1, provider, providerRefill: `${orderId}` }]);
    await refillAsked(sql, key, at);
    return orderId;
  }

  it('sees to refills, stalls, reports and settled orders all the same, and staff are told after minutes', async () => {
    const { sql } = world;
    const refilled = await refill();
    const [still = 0, told = 0, settled = 0] = await orders(3);
    await sql`update batches set progress_at = progress_at - interval '1 hour' where order_id = ${still}`;
    await sql`update batches set report_version = 1 where order_id = ${told}`;
    await end(sql, settled, 1000, { at: new Date(), ends: [{ batch: 1, delivered: 1000 }] });
    panel.onStatus = (id) =>
      id === `${settled}` ? { status: 'Partial', remains: '400', charge: '0.3' } : { ...half(), remains: '1000' };
    panel.onRefillStatus = () => 'Completed';
    await refuses('batches', `old.state = 'running' and new.remains is distinct from old.remains`, '53100');
    await round();
    expect(await batchOf(still)).toMatchObject({ remains: null, stalled: true });
    expect(await batchOf(told)).toMatchObject({ told: true });
    const [order] = await sql`select status from orders where id = ${settled}`;
    expect(order).toEqual({ status: 'Partial' });
    const [part] = await sql`select state from refill_parts where order_id = ${refilled}`;
    expect(part).toEqual({ state: 'Completed' });

    minutes += 2;
    await round();
    expect(await about('watch_failing')).toMatchObject({ state: 'none' });
    minutes += 2;
    await round();
    const detail = 'parts of its watch have failed for more than 3 minutes: status calls';
    expect(await about('watch_failing')).toEqual({ state: 'open', detail });
    await sql`drop trigger refuses on batches`;
    await round();
    expect(await about('watch_failing')).toMatchObject({ state: 'resolved' });
    expect(await batchOf(still)).toMatchObject({ remains: 1000 });
  });

  it('asks a provider no more often than it wants to be', async () => {
    const [id = 0] = await orders(1);
    panel.onStatus = half;
    await refuses('batches', `new.order_id = ${id} and new.remains is distinct from old.remains`, '53100');
    const workers = await world.startWorkers();
    await createWatches(world.temporal).ensure(provider);
    const asked = () => panel.calls.filter(({ action }) => action === 'status').length;
    await expect.poll(asked, { timeout: 30_000 }).toBeGreaterThan(0);
    const [first, begun] = [asked(), performance.now()];
    await expect.poll(asked, { timeout: 30_000 }).toBeGreaterThanOrEqual(first + 3);
    expect(performance.now() - begun).toBeGreaterThan((asked() - first - 1) * 900);
    await workers.stop();
  });
});

describe('a list of orders with a row that cannot be stored', () => {
  /** An order with an uncertain send that is due for a search. */
  async function lost(link: string): Promise<number> {
    const { sql } = world;
    await sql`update providers set profile = ${sql.json({ listsOrders: { looksAfterSeconds: [1], graceSeconds: 1, authoritative: true } })} where id = ${provider}`;
    const id = await shop.order({ link });
    await sending(sql, attemptOf(id));
    await attemptUnknown(sql, attemptOf(id), 'no answer');
    await sql`update attempts set sending_at = clock_timestamp() - interval '1 minute' where order_id = ${id}`;
    return id;
  }
  const listed = (order: unknown, link: string, more: object = {}) => {
    const created = new Date(Date.now() - 59_000).toISOString();
    return { order, service: '1', link, quantity: '1000', status: 'Pending', created, ...more };
  };
  const evidence = async (id: number) =>
    (
      await world.sql`select evidence, candidates, none_since is not null as none from attempts where order_id = ${id}`
    )[0];

  it.each<[string, object | null | string]>([
    ['a NUL in its status', listed(1, 'https://example.com/other', { status: 'a\u0000b' })],
    ['half a character in its status', listed(1, 'https://example.com/other', { status: '\ud800' })],
    ['a NUL in its id', listed('1\u0000', 'https://example.com/other')],
    ['a NUL in its link', listed(1, 'https://example.com/other\u0000')],
    ['an id of 10,000 characters', listed('9'.repeat(10_000), 'https://example.com/other')],
    ['a huge quantity', listed(1, 'https://example.com/other', { quantity: 1e300 })],
    ['a date that no database holds', listed(1, 'https://example.com/other', { created: 99_999_999_999_999 })],
    ['fields that are lists', listed(1, 'https://example.com/other', { status: [1], quantity: [], created: {} })],
    ['nothing in it', null],
    ['a text for a row', 'Incorrect\u0000'],
  ])('with %s does not keep what is looked for from being found', async (_, row) => {
    const id = await lost('https://example.com/sought');
    panel.onList = (offset) => (offset === 0 ? [row, listed(4711, 'https://example.com/sought')] : []);
    await round();
    expect(await evidence(id)).toMatchObject({ evidence: { kind: 'attach', providerOrder: '4711' } });
    await world.sql`update attempts set state = 'released', evidence = null where order_id = ${id}`;
  });

  it('that may be what is looked for does not prove that it is not there, and is shown cleaned to a person', async () => {
    const id = await lost('https://example.com/sought');
    const looks = async () => {
      await world.sql`update attempts set next_look_at = clock_timestamp() - interval '1 second' where order_id = ${id}`;
      await round();
    };
    panel.onList = (offset) => (offset === 0 ? [listed('47\u0000', 'https://example.com/sought')] : []);
    await looks();
    await looks();
    expect(await evidence(id)).toEqual({ evidence: null, candidates: [], none: false });
    const row = listed(4711, 'https://example.com/sought', { status: 'odd\u0000', created: '+290000-01-01T00:00:00Z' });
    panel.onList = (offset) => (offset === 0 ? [row] : []);
    await looks();
    expect(await evidence(id)).toMatchObject({
      evidence: null,
      candidates: [{ providerOrder: '4711', quantity: 1000, at: null, status: 'odd' }],
    });
  });

  it.each<[string, object, boolean]>([
    ['as we sent it proves that another is missing', {}, true],
    ['with the name of its service proves nothing', { service: 'Followers' }, false],
    ['with another link proves nothing', { link: 'https://example.com/go?to=1' }, false],
  ])('that shows an order of ours %s', async (_, odd, proves) => {
    const link = 'https://example.com/ours';
    const ours = await shop.order({ link });
    await running(world.sql, ours, `${ours}`);
    const id = await lost('https://example.com/sought');
    const own = listed(ours, link, { created: new Date().toISOString(), ...odd });
    panel.onList = (offset) => (offset === 0 ? [own] : []);
    await round();
    expect(await evidence(id)).toEqual({ evidence: null, candidates: [], none: proves });
  });

  it('nor a look that cannot be written: the others are found', async () => {
    const [odd, other] = [await lost('https://example.com/odd'), await lost('https://example.com/sought')];
    const rows = [listed(1, 'https://example.com/odd'), listed(2, 'https://example.com/sought')];
    panel.onList = (offset) => (offset === 0 ? rows : []);
    await refuses('attempts', `new.order_id = ${odd} and new.evidence is not null`, 'P0001');
    await round();
    expect(await evidence(other)).toMatchObject({ evidence: { kind: 'attach', providerOrder: '2' } });
    const [next] =
      await world.sql`select looks, next_look_at > clock_timestamp() as later from attempts where order_id = ${odd}`;
    expect(next).toEqual({ looks: 1, later: true });
  });
});
