import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createWatches } from '../../activities/delivery/watches.ts';
import {
  endRefill,
  openRefill,
  recordRefills,
  refillAsked,
  refillCall,
  refillCallAnswered,
  refillStanding,
  refillsToFollow,
  takeDueRefills,
} from '../../db/refill/refills.ts';
import { running } from '../support/engines/running.ts';
import { type ScriptedPanel, SPOILS, scriptedPanel } from '../support/peers/panel.ts';
import { atOnce, end } from '../support/reads/books.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;
let panel: ScriptedPanel;
let shop: Shop;
let provider: number;

beforeAll(async () => {
  world = await realWorld();
  panel = await scriptedPanel();
});
beforeEach(async () => {
  shop = await world.shop({ providers: [panel.url], service: { refill_days: 30 }, balance: '100000' });
  provider = shop.providers[0] ?? 0;
});
afterAll(async () => {
  await panel.close();
  await world.close();
});

const at = new Date('2026-11-21T12:00:00Z');
let refillIds = 0;

/** A Completed order without a workflow, whose refill the provider accepted; null: the provider has not answered. */
async function followed(providerRefill: string | null = `${++refillIds}`) {
  const { sql } = world;
  const orderId = await shop.order();
  await running(sql, orderId, `p${orderId}`, at);
  await end(sql, orderId, 1000, { at, ends: [{ batch: 1, delivered: 1000 }] });
  const reviewAt = new Date(at.getTime() + 1_000);
  await openRefill(sql, { orderId, number: 1, by: 'ann', reason: '', missing: null, reviewAt, at });
  const key = { orderId, refill: 1 };
  await refillCall(sql, key);
  await refillCallAnswered(sql, key, [{ batch: 1, provider, providerRefill }]);
  return { ...key, providerRefill: providerRefill ?? '', said: await refillAsked(sql, key, at) };
}
const ending = { outcome: 'Completed' as const, why: '', by: 'ann', at, costs: [] };

test('250 refills cost three calls a poll', async () => {
  for (let from = 0; from < 250; from += 10) await atOnce(10, () => followed());
  const workers = await world.startWorkers();
  await createWatches(world.temporal).ensure(provider);
  const calls = () => panel.calls.filter(({ action }) => action === 'refill_status');
  await expect.poll(() => calls().length, { timeout: 30_000 }).toBeGreaterThanOrEqual(9);
  const rounds = [0, 3, 6].map((from) =>
    calls()
      .slice(from, from + 3)
      .map(({ refills }) => refills?.split(',') ?? []),
  );
  for (const round of rounds) {
    expect(round.map(({ length }) => length).sort((one, other) => one - other)).toEqual([50, 100, 100]);
    expect(new Set(round.flat()).size).toBe(250);
  }
  await workers.stop();
});

test('a refill is told when it has ended, and again only as long as it is waited for', async () => {
  const { sql } = world;
  const { orderId, refill, providerRefill, said } = await followed();
  expect(said).toEqual({ taken: 1, refused: 0, unclear: 0 });
  expect(await refillsToFollow(sql, provider)).toEqual([providerRefill]);
  expect(await takeDueRefills(sql, provider, 0)).toEqual([]);
  await recordRefills(sql, provider, new Map([[providerRefill, 'In progress']]));
  expect(await takeDueRefills(sql, provider, 0)).toEqual([]);
  await recordRefills(sql, provider, new Map([[providerRefill, 'Rejected']]));
  // A final status does not change any more.
  await recordRefills(sql, provider, new Map([[providerRefill, 'Completed']]));
  expect(await refillsToFollow(sql, provider)).toEqual([]);
  expect(await takeDueRefills(sql, provider, 30)).toEqual([{ orderId, refill, completed: 0, rejected: 1 }]);
  expect(await takeDueRefills(sql, provider, 30)).toEqual([]);
  expect(await takeDueRefills(sql, provider, 0)).toEqual([{ orderId, refill, completed: 0, rejected: 1 }]);
  await sql`update refills set stage = 'review' where order_id = ${orderId}`;
  expect(await takeDueRefills(sql, provider, 0)).toEqual([]);
  await sql`update refills set before = 'tracked' where order_id = ${orderId}`;
  expect(await takeDueRefills(sql, provider, 0)).toHaveLength(1);
});

test('a refill that a person closes is not asked about any more, and ends once', async () => {
  const { sql } = world;
  const { orderId, refill } = await followed();
  await atOnce(3, () => endRefill(sql, { orderId, refill, ...ending }));
  expect(await refillsToFollow(sql, provider)).toEqual([]);
  const events = await sql`select type from events where order_id = ${orderId} and type = 'refill.completed'`;
  expect(events).toHaveLength(1);
  expect(await refillStanding(sql, orderId)).toMatchObject({ taken: 1, current: null, lastEndedAt: at.getTime() });
});

test('a resent batch whose stop had no clear answer is stopped by the watch after a person closes the refill', async () => {
  const { sql } = world;
  const { orderId, refill } = await followed();
  await sql`
    insert into batches select (jsonb_populate_record(b, jsonb_build_object('batch', 2, 'state', 'running', 'refill', ${refill}::integer,
        'provider_order', b.provider_order || '-again', 'terminal_at', null, 'stop_answer', 'unclear'))).*
      from batches b where order_id = ${orderId} and batch = 1`;
  await endRefill(sql, { orderId, refill, ...ending });
  expect(
    await sql`select stop_wanted_at is not null as wanted from batches where order_id = ${orderId} and batch = 2`,
  ).toEqual([{ wanted: true }]);
});

test('a refusal after a call without an answer proves nothing, and neither does the refill of another order', async () => {
  const { sql } = world;
  const first = await followed(null);
  expect(first.said).toEqual({ taken: 0, refused: 1, unclear: 0 });
  await refillCall(sql, first);
  expect(await refillAsked(sql, first, at)).toEqual({ taken: 0, refused: 0, unclear: 1 });
  const { providerRefill } = await followed();
  const { said } = await followed(providerRefill);
  expect(said).toEqual({ taken: 0, refused: 0, unclear: 1 });
});

test('of an order there is never more than one open refill, whoever writes', async () => {
  const { sql } = world;
  const { orderId } = await followed();
  const more = { by: 'ann', reason: '', missing: null, reviewAt: at, at };
  const ids = await atOnce(3, () => openRefill(sql, { orderId, number: 1, ...more }));
  expect(new Set(ids).size).toBe(1);
  await expect(openRefill(sql, { orderId, number: 2, ...more })).rejects.toThrow('refills_open');
});

test('a refill that spoils the answer about all keeps nobody else from hearing of theirs', async () => {
  const [odd, ...others] = await atOnce(7, () => followed());
  panel.onRefillStatus = (refill) => (refill === odd?.providerRefill ? SPOILS : 'Completed');
  const workers = await world.startWorkers();
  await createWatches(world.temporal).ensure(provider);
  const left = () => refillsToFollow(world.sql, provider);
  await expect.poll(left, { timeout: 30_000 }).toEqual([odd?.providerRefill]);
  expect(others.length).toBe(6);
  await workers.stop();
});
