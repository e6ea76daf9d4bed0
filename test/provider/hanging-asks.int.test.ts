import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCountActivities } from '../../activities/delivery/count.ts';
import { createStopActivities } from '../../activities/dispatch/stops.ts';
import { createRefillActivities } from '../../activities/refill/refills.ts';
import type { Deps } from '../../activities/runtime/deps.ts';
import { openRefill } from '../../db/refill/refills.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { running } from '../support/engines/running.ts';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { atOnce, end } from '../support/reads/books.ts';
import { openShop } from '../support/worlds/shop.ts';

const masterKey = randomBytes(32);
let database: TestDatabase;
let deps: Deps;
let hanging: ScriptedPanel;
let well: ScriptedPanel;
/** Lets the hanging provider answer. */
let answer: () => void;

beforeAll(async () => {
  database = await testDatabase();
  [hanging, well] = [await scriptedPanel(), await scriptedPanel()];
  const log = pino({ level: 'silent' });
  deps = { sql: database.sql, masterKey, currency: 'USD', allowLoopback: true, log } as unknown as Deps;
  const answers = new Promise<void>((resolve) => {
    answer = resolve;
  });
  hanging.onCancel = async ({ orders }) => {
    await answers;
    return [{ order: Number(orders), cancel: 1 }];
  };
  hanging.onRefill = async (order) => {
    await answers;
    return `refill-${order}`;
  };
});
afterAll(async () => {
  answer();
  await Promise.all([hanging.close(), well.close()]);
  await database.drop();
});

let providerOrders = 1_000;
/** An order of some runs at a panel, which its provider has taken. */
async function taken(panel: ScriptedPanel, runs = 1) {
  const { sql } = database;
  const shop = await openShop(sql, { providers: [panel.url], masterKey, service: { refill_days: 30 } });
  await sql`update providers set profile = '{"lists": false}' where id = ${shop.providers[0] ?? 0}`;
  const drip = runs === 1 ? {} : { dripFeed: { runs, intervalMinutes: 60 } };
  const id = await shop.order({ quantity: 100, ...drip });
  for (let run = 1; run <= runs; run += 1) await running(sql, id, String(++providerOrders), new Date(), run);
  return id;
}
/** Such an order, Completed, with a refill to ask for. */
async function toRefill(panel: ScriptedPanel, runs = 1) {
  const { sql } = database;
  const [id, at] = [await taken(panel, runs), new Date()];
  const ends = Array.from({ length: runs }, (_, run) => ({ batch: run + 1, delivered: 100 }));
  await end(sql, id, runs * 100, { at, ends });
  await openRefill(sql, { orderId: id, number: 1, by: 'ann', reason: '', missing: null, reviewAt: at, at });
  return id;
}
const attempt = (startToCloseTimeoutMs = 300_000) => new MockActivityEnvironment({ startToCloseTimeoutMs });
const askStops = (orderId: number, of = attempt()) =>
  of.run(createStopActivities(deps).askStops, { orderId, batches: [1], at: Date.now() });
const askRefill = (orderId: number, of = attempt()) =>
  of.run(createRefillActivities(deps, { ensure: async () => {} }).askRefill, { orderId, refill: 1, at: Date.now() });
const comesBack = { category: 'BENIGN', nextRetryDelay: expect.anything() };

describe('a provider that hangs', () => {
  it('keeps a bounded number of activities busy with stops and refills; the rest, and other providers, go on', async () => {
    const most = LIMITS.asksOfProvider;
    const stopped = await atOnce(most / 2, () => taken(hanging));
    const refilled = await atOnce(most / 2, () => toRefill(hanging));
    const [oneMore, another] = [await taken(hanging), await toRefill(hanging)];
    const [stopElsewhere, refillElsewhere] = [await taken(well), await toRefill(well)];

    const asked = [...stopped.map((id) => askStops(id)), ...refilled.map((id) => askRefill(id))];
    await expect.poll(() => hanging.calls.length, { timeout: 15_000 }).toBe(most);
    await expect(askStops(oneMore)).rejects.toMatchObject(comesBack);
    await expect(askRefill(another)).rejects.toMatchObject(comesBack);
    expect(hanging.calls.length).toBe(most);
    expect(await askStops(stopElsewhere)).toMatchObject([{ batch: 1, answer: 'accepted' }]);
    expect(await askRefill(refillElsewhere)).toEqual({ taken: 1, refused: 0, unclear: 0 });

    answer();
    await Promise.all(asked);
    expect(await askStops(oneMore)).toMatchObject([{ batch: 1, answer: 'accepted' }]);
    expect(await askRefill(another)).toEqual({ taken: 1, refused: 0, unclear: 0 });
  });
});

describe('an activity whose time is over', () => {
  it('asks for no further refill, and the next attempt asks only about the rest', async () => {
    const id = await toRefill(well, 3);
    const before = well.calls.length;
    const first = attempt();
    const usual = well.onRefill;
    well.onRefill = (order) => {
      // Temporal cancels the attempt while the provider answers.
      first.cancel();
      return usual(order);
    };
    await expect(askRefill(id, first)).rejects.toMatchObject(comesBack);
    well.onRefill = usual;
    expect(well.calls.length - before).toBe(1);
    expect(await askRefill(id)).toEqual({ taken: 3, refused: 0, unclear: 0 });
    expect(well.calls.length - before).toBe(3);
  });

  it('makes no call that could outlast it', async () => {
    const [stop, refill] = [await taken(well), await toRefill(well)];
    const before = well.calls.length;
    await expect(askStops(stop, attempt(20_000))).rejects.toMatchObject(comesBack);
    await expect(askRefill(refill, attempt(20_000))).rejects.toMatchObject(comesBack);
    expect(well.calls.length).toBe(before);
  });
});

it('a counter that hangs keeps a bounded number of activities busy, and no other counter from its own', async () => {
  const held: ServerResponse[] = [];
  const counters = [
    createServer((_, response) => void held.push(response)),
    createServer((_, r) => r.end('{"count":5}')),
  ];
  const [slow = '', quick = ''] = await Promise.all(
    counters.map(async (server) => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/count`;
    }),
  );
  const orderAt = async (url: string) => {
    const id = await (await openShop(database.sql, { service: { verify: 'counter', counter_url: url } })).order();
    await database.sql`update orders set counted_start = 1 where id = ${id}`;
    return id;
  };
  const count = (id: number) => attempt().run(createCountActivities(deps).countTarget, id);
  const [id, other] = [await orderAt(slow), await orderAt(quick)];
  const asked = Array.from({ length: LIMITS.asksOfCounter }, () => count(id));
  await expect.poll(() => held.length, { timeout: 4_000, interval: 10 }).toBe(LIMITS.asksOfCounter);
  await expect(count(id)).rejects.toMatchObject(comesBack);
  expect(await count(other)).toEqual({ kind: 'counted', count: 5, start: 1 });
  for (const response of held) response.end('{"count":5}');
  await Promise.all(asked);
  for (const server of counters) {
    server.closeAllConnections();
    server.close();
  }
});
