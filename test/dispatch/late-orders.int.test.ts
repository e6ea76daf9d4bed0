import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followLateOrders } from '../../activities/dispatch/late-orders.ts';
import { attemptAccepted, attemptReleased, attemptUnknown } from '../../db/dispatch/attempts.ts';
import { addLateOrder, bookLoss, dueLateOrders, type LateOrder } from '../../db/dispatch/late-orders.ts';
import {
  dueUnknownSends,
  forgetEvidence,
  hasAllOurs,
  knownSends,
  ownedOrders,
  recordLook,
  takeEvidence,
} from '../../db/dispatch/unknown-sends.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import type { Money } from '../../domain/ledger/money.ts';
import { USUAL_LISTING } from '../../domain/provider/profile.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { attemptOf, running, sending } from '../support/engines/running.ts';
import { AT } from '../support/model/drip-feed.ts';
import { scriptedPanel } from '../support/peers/panel.ts';
import { atOnce, end, everything, refusedWith } from '../support/reads/books.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  expect(await verifyLedger(database.sql)).toEqual([]);
  await database.drop();
});

/** An order whose first send has an unknown outcome. */
async function uncertain(shop?: Shop) {
  const { sql } = database;
  const { order, providers } = shop ?? (await openShop(sql));
  const id = await order();
  await sending(sql, attemptOf(id));
  await attemptUnknown(sql, attemptOf(id), 'no answer');
  return { sql, id, provider: providers[0] ?? 0 };
}
const lateOf = async (id: number) =>
  database.sql`select provider_order as "providerOrder", found_by as by, loss from late_orders where order_id = ${id}`;

describe('an answer that comes late', () => {
  it('to an attempt that nobody has decided is the proof that was missing', async () => {
    const { sql, id, provider } = await uncertain();
    expect(await attemptAccepted(sql, attemptOf(id), '4711', AT)).toBe(false);
    expect(await takeEvidence(sql, provider, 30)).toEqual([
      { orderId: id, batch: 1, attempt: 1, evidence: { kind: 'attach', providerOrder: '4711' } },
    ]);
    // Reported once, and again only while no workflow has acted on it.
    expect(await takeEvidence(sql, provider, 30)).toEqual([]);
    expect(await takeEvidence(sql, provider, 0)).toHaveLength(1);
    await forgetEvidence(sql, attemptOf(id));
    expect(await takeEvidence(sql, provider, 0)).toEqual([]);
    expect(await lateOf(id)).toEqual([]);
  });

  it.each([true, false])('to an attempt that was decided (given up: %s) is a late order', async (givenUp) => {
    const { sql, id } = await uncertain();
    await attemptReleased(sql, attemptOf(id), 'decided', givenUp);
    for (let time = 0; time < 2; time += 1) await attemptAccepted(sql, attemptOf(id), `l-${id}`, AT);
    expect(await lateOf(id)).toEqual([{ providerOrder: `l-${id}`, by: 'provider', loss: null }]);
  });

  it('with an id that is another batch’s is nobody’s late order', async () => {
    const shop = await openShop(database.sql);
    const { sql, id } = await uncertain(shop);
    const other = await shop.order();
    await running(sql, other, `t-${other}`);
    await attemptReleased(sql, attemptOf(id), 'decided', true);
    await attemptAccepted(sql, attemptOf(id), `t-${other}`, AT);
    expect(await lateOf(id)).toEqual([]);
  });
});

describe('an order of a provider that turns up late', () => {
  it('is none while its attempt can still be attached, or does not exist', async () => {
    const { sql, id } = await uncertain();
    expect(await addLateOrder(sql, attemptOf(id), '1', 'ann')).toBeUndefined();
    expect(await addLateOrder(sql, attemptOf(id, 9), '1', 'ann')).toBeUndefined();
  });

  it('is known once, told by 20 at once, and never another’s', async () => {
    const shop = await openShop(database.sql);
    const [one, other] = [await uncertain(shop), await uncertain(shop)];
    const { sql } = one;
    for (const { id } of [one, other]) await attemptReleased(sql, attemptOf(id), 'decided', false);
    const told = await atOnce(20, () => addLateOrder(sql, attemptOf(one.id), `k-${one.id}`, 'ann'));
    expect(new Set(told.map((late) => late?.id)).size).toBe(1);
    expect(await refusedWith(addLateOrder(sql, attemptOf(other.id), `k-${one.id}`, 'ann'))).toBe('23505');
    // Nor can any other path give it to a batch.
    const third = await shop.order();
    await sending(sql, attemptOf(third));
    expect(await refusedWith(attemptAccepted(sql, attemptOf(third), `k-${one.id}`, AT))).toBe('23505');
  });

  it('and a batch that claims it at the same moment: one of them has it', async () => {
    const shop = await openShop(database.sql);
    await atOnce(10, async () => {
      const { sql, id } = await uncertain(shop);
      await attemptReleased(sql, attemptOf(id), 'decided', true);
      const other = await shop.order();
      await sending(sql, attemptOf(other));
      const ends = await Promise.all([
        refusedWith(addLateOrder(sql, attemptOf(id), `both-${id}`, 'ann')),
        refusedWith(attemptAccepted(sql, attemptOf(other), `both-${id}`, AT)),
      ]);
      expect([...ends].sort()).toEqual(['23505', 'none']);
    });
  });

  it('is a loss of what it cost, booked once, and nothing of its customer’s moves', async () => {
    const { sql, id, provider } = await uncertain();
    await attemptReleased(sql, attemptOf(id), 'given up', true);
    await end(sql, id, 0);
    const late = (await addLateOrder(sql, attemptOf(id), `loss-${id}`, 'ann')) as LateOrder;
    expect((await dueLateOrders(sql, provider, 10)).map(({ id: due }) => due)).toEqual([late.id]);
    const wallets = () => sql`select * from wallets order by account_id`;
    const before = await wallets();
    const said = { status: 'Completed', charge: '0.5', cost: 50_000_000n as Money };
    const booked = await atOnce(10, () => bookLoss(sql, late.id, said));
    expect(booked.filter(Boolean)).toHaveLength(1);
    expect(await lateOf(id)).toMatchObject([{ loss: 50_000_000n }]);
    expect(await dueLateOrders(sql, provider, 10)).toEqual([]);
    expect(await wallets()).toEqual(before);
    const after = await everything(sql);
    expect(await bookLoss(sql, late.id, { ...said, cost: 60_000_000n as Money })).toBe(false);
    expect(await everything(sql)).toEqual(after);
  });
});

describe('a late order', () => {
  it('whose last word contradicts itself is stopped and followed on; only its end is booked', async () => {
    const panel = await scriptedPanel();
    const { sql, id, provider } = await uncertain();
    await attemptReleased(sql, attemptOf(id), 'given up', true);
    await addLateOrder(sql, attemptOf(id), `9${id}`, 'ann');
    const deps = { sql, log: pino({ level: 'silent' }) };
    const look = async (row: object) => {
      panel.onStatus = () => row;
      await sql`update late_orders set next_look_at = clock_timestamp() - interval '1 second' where order_id = ${id} and loss is null`;
      await followLateOrders(deps, { url: panel.url, key: 'k', guard: { allowLoopback: true } }, provider, 1);
      return (await lateOf(id))[0]?.loss;
    };
    const stops = () => panel.calls.filter(({ action }) => action === 'cancel');
    expect(await look({ status: 'Error', remains: '1000', charge: '0.9' })).toBeNull();
    expect(stops()).toMatchObject([{ orders: `9${id}` }]);
    expect(await look({ status: 'Completed', remains: '7', charge: '0.9' })).toBeNull();
    expect(await look({ status: 'Canceled', remains: 'Unknown', charge: '$0.9' })).toBeNull();
    expect(stops()).toHaveLength(1);
    expect(await look({ status: 'Canceled', remains: '1000', charge: '0' })).toBe(0n);
    await panel.close();
  });
});

describe('what is looked for at a provider', () => {
  const due = async (provider: number) =>
    dueUnknownSends(database.sql, provider, { ...USUAL_LISTING, looksAfterSeconds: [60] }, 72);
  const sent = (id: number, secondsAgo: number) =>
    database.sql`update attempts set sending_at = clock_timestamp() - make_interval(secs => ${secondsAgo}) where order_id = ${id}`;

  it('is due after the first wait, then when it was said to be, until something is proved', async () => {
    const { sql, id, provider } = await uncertain();
    await sent(id, 0);
    expect(await due(provider)).toEqual([]);
    await sent(id, 61);
    expect(await due(provider)).toMatchObject([{ orderId: id, decided: false, looks: 0, rivals: [] }]);
    const key = attemptOf(id);
    await recordLook(sql, { key, nextLookAt: Date.now() + 60_000, heard: true, noneSince: 1_000 });
    expect(await due(provider)).toEqual([]);
    await recordLook(sql, { key, nextLookAt: Date.now() - 1, heard: false });
    expect(await due(provider)).toMatchObject([{ looks: 2, noneSince: 1_000 }]);
    await recordLook(sql, { key, nextLookAt: Date.now() - 1, heard: true, evidence: { kind: 'notPlaced' } });
    expect(await due(provider)).toEqual([]);
  });

  it('knows its rivals: sends for the same service and link of which nobody knows either', async () => {
    const shop = await openShop(database.sql);
    const [one, other] = [await uncertain(shop), await uncertain(shop)];
    for (const { id } of [one, other]) await sent(id, 120);
    const elsewhere = await uncertain();
    await sent(elsewhere.id, 120);
    const found = await due(one.provider);
    expect(found.map(({ orderId, rivals }) => [orderId, rivals.length])).toEqual([
      [one.id, 1],
      [other.id, 1],
    ]);
    await attemptAccepted(database.sql, attemptOf(other.id), `own-${other.id}`, AT, 'unknown');
    expect(await due(one.provider)).toMatchObject([{ orderId: one.id, rivals: [] }]);
  });

  it('goes on for three days after it was decided, and ends when it has turned up', async () => {
    const { sql, id, provider } = await uncertain();
    await sent(id, 120);
    await attemptReleased(sql, attemptOf(id), 'decided', true);
    expect(await due(provider)).toMatchObject([{ orderId: id, decided: true }]);
    await sql`update attempts set decided_at = decided_at - interval '73 hours' where order_id = ${id}`;
    expect(await due(provider)).toEqual([]);
    await sql`update attempts set decided_at = clock_timestamp() where order_id = ${id}`;
    await addLateOrder(sql, attemptOf(id), `up-${id}`, 'system');
    expect(await due(provider)).toEqual([]);
  });

  it('is not believed to be missing in a list that lacks an order which the provider told us of', async () => {
    const shop = await openShop(database.sql);
    const [provider = 0] = shop.providers;
    const id = await shop.order();
    await running(database.sql, id, `ours-${id}`);
    const since = Date.now() - 60_000;
    const until = Date.now() + 60_000;
    expect(await hasAllOurs(database.sql, provider, ['1'], since, until)).toBe(false);
    expect(await hasAllOurs(database.sql, provider, ['1', `ours-${id}`], since, until)).toBe(true);
    expect(await hasAllOurs(database.sql, provider, [], until, until)).toBe(true);
    expect(await hasAllOurs(database.sql, provider, [], Number.NEGATIVE_INFINITY, until)).toBe(false);
    expect(await ownedOrders(database.sql, provider, ['1', `ours-${id}`])).toEqual(new Set([`ours-${id}`]));
    expect(await knownSends(database.sql, provider, ['1', `ours-${id}`])).toEqual([
      {
        ...{ providerOrder: `ours-${id}`, service: '1', type: 'Default', link: 'https://example.com/p/1' },
        ...{ username: null, quantity: 1000, sentAt: expect.any(Number) },
      },
    ]);
  });
});
