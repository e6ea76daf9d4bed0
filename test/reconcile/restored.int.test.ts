import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBulkOrders } from '../../activities/placement/ensure-bulk-orders.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { createBulkOrders } from '../../db/placement/bulk-orders.ts';
import { doubtCopy, readCopy, skipIds } from '../../db/reconcile/restored.ts';
import { resolveUpdate } from '../../workflows/contract.ts';
import { copyOf, restoreCopy } from '../support/engines/copied-database.ts';
import { eventually, SteppedOrder } from '../support/model/stepped-order.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type OwnTemporal, worldOnOwnTemporal } from '../support/worlds/own-temporal.ts';
import { reconcile } from '../support/worlds/reconciling.ts';

let on: OwnTemporal;

beforeAll(async () => {
  on = await worldOnOwnTemporal();
}, 120_000);
afterAll(async () => {
  expect(await verifyLedger(on.world.sql)).toEqual([]);
  await on.close();
});

it('after a restore of a copy that was made under load, with Temporal lost too, nothing is sent twice', async () => {
  const { world } = on;
  const { sql, temporal, provider } = world;
  const shop = await world.shop();
  const link = (name: string) => `https://example.com/restored/${name}?sim=seconds:3600`;
  const workers = await world.startWorkers();
  const place = async (id: number) => placeClaim(sql, temporal, id);
  const sent = (name: string) =>
    eventually(async () => expect([name, provider.adds(link(name)).length]).toEqual([name, 1]));
  const order = (id: number, name: string) => new SteppedOrder(world, id, link(name));

  // Orders at each step between a request and the provider's answer, while others are placed.
  const running = await shop.claim({ link: link('running') });
  await place(running);
  await order(running, 'running').becomes({ status: 'In progress' });
  const [requested, accepted, scheduled] = [
    await shop.claim({ link: link('requested') }),
    await shop.order({ link: link('accepted') }),
    await shop.order({ link: link('scheduled'), scheduledAt: Date.now() + 86_400_000 }),
  ];
  const lines = ['line-1', 'line-2', 'line-3'];
  const request = (name: string) => ({ service: shop.service, link: link(name), quantity: 1000 });
  const list = await createBulkOrders(
    sql,
    shop.account,
    'a list that waits',
    lines.map((name, at) => ({ line: at + 1, request: request(name) })),
  );
  let isLoaded = true;
  const load = (async () => {
    for (let n = 0; isLoaded; n += 1) await place(await shop.claim({ link: link(`load ${n}`) }));
  })();
  const copy = await copyOf(sql);
  isLoaded = false;
  await load;

  // Meanwhile they are sent, and new orders are placed.
  for (const id of [requested, accepted]) await place(id);
  await ensureBulkOrders(temporal, list);
  for (const name of ['requested', 'accepted', ...lines]) await sent(name);
  const late = await shop.claim({ link: link('late') });
  await place(late);
  await sent('late');
  const until = new Date();
  await Promise.all([on.loseServer(), workers.stop()]);
  const adds = () => provider.adds().length;
  const before = adds();
  const newestEvent = async () => (await sql<{ id: number }[]>`select max(id)::float8 as id from events`)[0]?.id ?? 0;
  const told = await newestEvent();

  await restoreCopy(sql, copy);
  expect(await readCopy(sql)).toMatchObject({ workers: 0, waitingLines: lines.length, openRefills: [] });
  expect(await newestEvent()).toBeLessThan(told);
  expect(await skipIds(sql, 100_000)).toBeGreaterThan(late + 90_000);
  const doubted = (await doubtCopy(sql, until)).sends.map(({ orderId }) => orderId);
  expect(doubted).toEqual(expect.arrayContaining([requested, accepted]));
  expect(doubted).not.toContain(running);
  expect(doubted).not.toContain(scheduled);
  expect(await doubtCopy(sql, until)).toEqual({ sends: [], refills: [], noResends: [], decisions: [] });
  const linesOrders = (
    await sql<{ id: number }[]>`
    select order_id::float8 as id from mass_lines where mass_id = ${list} order by line`
  ).map(({ id }) => id);
  expect(doubted).toEqual(expect.arrayContaining(linesOrders));
  expect(Math.min(...linesOrders)).toBeGreaterThan(late);
  // The id of an event that a webhook's receiver knows never stands for another.
  const [{ first } = { first: 0 }] = await sql<{ first: number }[]>`
    select min(id)::float8 as first from events where order_id = ${requested}`;
  expect(first).toBeGreaterThan(told);

  await sql`update claims set created_at = created_at - interval '5 minutes'`;
  await sql`update orders set created_at = created_at - interval '5 minutes'`;
  await world.startWorkers();
  for (const [id, name] of [
    [requested, 'requested'],
    [accepted, 'accepted'],
  ] as const) {
    await eventually(async () => {
      await reconcile(world);
      expect((await order(id, name).handle.describe()).status.name).toBe('RUNNING');
    });
    await order(id, name).becomes({ attention: 'uncertain' });
  }
  // The list goes on, and sends nothing.
  await ensureBulkOrders(temporal, list);
  await eventually(async () =>
    expect(await sql`select status from mass_lines where mass_id = ${list}`).toEqual(
      lines.map(() => ({ status: 'placed' })),
    ),
  );
  // A person attaches what the provider has, and the order goes on.
  const [theirs] = provider.orders(link('accepted'));
  await order(accepted, 'accepted').ask(resolveUpdate, { action: 'attach', providerOrder: String(theirs?.order) });
  await order(accepted, 'accepted').becomes({ attention: 'none', status: 'In progress' });
  // New orders are sent as ever, and nothing else is.
  const fresh = await shop.claim({ link: link('fresh') });
  await place(fresh);
  await sent('fresh');
  expect(adds()).toBe(before + 1);
});
