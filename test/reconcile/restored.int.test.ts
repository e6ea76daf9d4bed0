import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { doubtSends, readCopy, skipOrderIds } from '../../db/reconcile/restored.ts';
import { resolveUpdate } from '../../workflows/contract.ts';
import { copyOf, restoreCopy } from '../support/engines/copied-database.ts';
import { attemptOf, sending } from '../support/engines/running.ts';
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
  let isLoaded = true;
  const load = (async () => {
    for (let n = 0; isLoaded; n += 1) await place(await shop.claim({ link: link(`load ${n}`) }));
  })();
  const copy = await copyOf(sql);
  isLoaded = false;
  await load;

  // Meanwhile they are sent, and new orders are placed.
  for (const id of [requested, accepted]) await place(id);
  for (const name of ['requested', 'accepted']) await sent(name);
  const late = await shop.claim({ link: link('late') });
  await place(late);
  await sent('late');
  const until = new Date();
  await Promise.all([on.loseServer(), workers.stop()]);
  const adds = () => provider.adds().length;
  const before = adds();

  await restoreCopy(sql, copy);
  expect(await readCopy(sql)).toMatchObject({ workers: 0, openRefills: [] });
  const doubted = (await doubtSends(sql, until)).map(({ orderId }) => orderId);
  expect(doubted).toEqual(expect.arrayContaining([requested, accepted]));
  expect(doubted).not.toContain(running);
  expect(doubted).not.toContain(scheduled);
  expect(await doubtSends(sql, until)).toEqual([]);
  expect(await skipOrderIds(sql, 100_000)).toBeGreaterThan(late + 90_000);

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

it('the runs of a drip-feed that were due before the loss, and an attempt that was being sent, are in doubt', async () => {
  const { world } = on;
  const { sql } = world;
  const shop = await world.shop({ service: { drip_feed: true } });
  const due = await shop.order({ link: 'https://example.com/drip', dripFeed: { runs: 5, intervalMinutes: 60 } });
  const half = await shop.order({ link: 'https://example.com/half' });
  await sending(sql, attemptOf(half));
  await sql`update claims set created_at = now() - interval '150 minutes' where order_id = ${due}`;
  await sql`update orders set created_at = now() - interval '150 minutes', next_run_at = now() - interval '150 minutes'
    where id = ${due}`;
  const doubted = (await doubtSends(sql, new Date())).filter(({ orderId }) => [due, half].includes(orderId));
  expect(doubted.map(({ orderId, batch }) => [orderId, batch])).toEqual([
    [due, 1],
    [due, 2],
    [due, 3],
    [half, 1],
  ]);
  const [{ next } = { next: null }] = await sql<{ next: Date | null }[]>`
    select next_run_at - created_at = interval '180 minutes' as next from orders where id = ${due}`;
  expect(next).toBe(true);
});
