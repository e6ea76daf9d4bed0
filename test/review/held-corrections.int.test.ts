import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { correctBatch, dueChecks, judgeLastWords, markChecked } from '../../db/delivery/post-settlement-checks.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import {
  applyCorrection,
  decideHeldCorrections,
  type HeldState,
  listHeldCorrections,
  releasedCorrections,
} from '../../db/review/held-corrections.ts';
import type { ProviderReport } from '../../domain/delivery/verdict.ts';
import { newsOf } from '../../domain/ledger/correction.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { running } from '../support/engines/running.ts';
import { atOnce, balanceOf, booksOf, end, everything } from '../support/reads/books.ts';
import { recordReports } from '../support/reads/record-reports.ts';
import { openShop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  expect(await verifyLedger(database.sql)).toEqual([]);
  await database.drop();
});

const NOON = Date.parse('2026-11-21T12:00:00Z');
const at = (minutes: number) => new Date(NOON + minutes * 60_000);
const UNIT = 90_000n;
const report = (said: Partial<ProviderReport>): ProviderReport => ({
  status: 'Canceled',
  remains: 1000,
  startCount: null,
  charge: null,
  ...said,
});

/** A provider with `completed` orders that were completed and settled at noon, and `stillRun` running orders. */
async function provider(completed: number, stillRun = 0) {
  const { sql } = database;
  const { account, order, providers } = await openShop(sql);
  const [id = 0] = providers;
  const orders: number[] = [];
  for (let number = 0; number < completed + stillRun; number += 1) {
    const order_ = await order();
    await running(sql, order_, `held-${order_}`, at(0));
    orders.push(order_);
  }
  const asked = (orderId: number) => ({ orderId, batch: 1, providerOrder: `held-${orderId}` });
  const settled = orders.slice(0, completed);
  for (const orderId of settled) {
    await recordReports(sql, id, [{ ...asked(orderId), ...report({ status: 'Completed', remains: 0 }) }], at(0));
    await end(sql, orderId, 1000, { at: at(0), ends: [{ batch: 1, delivered: 1000 }] });
  }
  return {
    sql,
    account,
    id,
    settled,
    running: orders.slice(completed),
    /** Records a report about a settled order. Returns whether money was refunded. */
    says: (orderId: number | undefined, said: Partial<ProviderReport> = {}, minutes = 1) => {
      const word = report(said);
      const delivered = 1000 - (word.remains ?? 0);
      const what = { orderId: orderId ?? 0, batch: 1, said: word, delivered, cost: null, rateCost: null };
      return correctBatch(sql, what, at(minutes));
    },
    /** Records the end of a running order. */
    ends: (orderId: number, said: Partial<ProviderReport> = {}, minutes = 1) =>
      recordReports(sql, id, [{ ...asked(orderId), ...report(said) }], at(minutes)),
    in: async (state: HeldState) =>
      (await listHeldCorrections(sql, id, { state }, 1000)).map(({ order }) => order).sort((a, b) => a - b),
    decide: (state: 'released' | 'dropped', only: readonly number[] | null = null) =>
      sql.begin((tx) => decideHeldCorrections(tx, id, { state, orders: only, by: 'staff: ann', reason: 'asked them' })),
    apply: async (minutes = 2) => {
      for (const one of await releasedCorrections(sql, id)) await applyCorrection(sql, one.id, at(minutes));
    },
    alert: async (minutes = 2) => {
      await judgeLastWords(sql, id, at(minutes));
      const rows = await sql<{ detail: string; open: boolean }[]>`
        select detail, resolved_at is null as open from alerts
          where kind = 'provider_takes_back' and subject = ${`provider:${id}`} order by id`;
      return [...rows];
    },
  };
}

describe('a provider that takes back many orders at once', () => {
  it('is believed for 20 of them, and the further ones are held with one alert', async () => {
    const { sql, account, settled, says, in: held, alert } = await provider(30);
    const went: boolean[] = [];
    for (const id of settled) went.push(await says(id));
    expect(went).toEqual(settled.map((_, number) => number < 20));
    expect(await held('held')).toEqual(settled.slice(20));
    expect(await balanceOf(sql, account)).toBe(100_000_000_000n - 10n * 1000n * UNIT);
    expect(await booksOf(sql, settled[20] ?? 0)).toMatchObject({ status: 'Completed', refunded: 0n });
    const detail =
      '30 of its 30 last words within 10 minutes are Canceled or Partial; 10 corrections that give back 9 are held: release or drop them';
    expect(await alert()).toEqual([{ detail, open: true }]);
    expect(await alert()).toHaveLength(1);
    expect(await verifyLedger(sql)).toEqual([]);
  });

  it('by its words at the same moment is believed for 20 of them all the same', async () => {
    const { settled, says, in: held } = await provider(30);
    const went = await atOnce(30, (number) => says(settled[number]));
    expect(went.filter(Boolean)).toHaveLength(20);
    expect(await held('held')).toHaveLength(10);
  });

  it('is believed while these are not more than half of its last words', async () => {
    const { settled, says, in: held, alert } = await provider(48);
    for (const id of settled.slice(0, 24)) expect(await says(id)).toBe(true);
    expect(await alert()).toEqual([]);
    expect(await says(settled[24])).toBe(false);
    expect(await held('held')).toEqual([settled[24]]);
  });

  it('is believed when its words are more than ten minutes apart', async () => {
    const { settled, says } = await provider(30);
    for (const id of settled.slice(0, 15)) expect(await says(id, {}, 1)).toBe(true);
    for (const id of settled.slice(15)) expect(await says(id, {}, 12)).toBe(true);
  });

  it('by ending running orders is not kept from that, but from taking back others, and staff are told', async () => {
    const { sql, settled, running: open, says, ends, in: held, alert } = await provider(2, 21);
    for (const id of open) expect(await ends(id, { status: 'Partial', remains: 999 })).toBe(1);
    expect(await alert()).toMatchObject([{ detail: expect.stringContaining('21 of its 23 last words'), open: true }]);
    for (const id of open) await end(sql, id, 1, { at: at(1), ends: [{ batch: 1, delivered: 1 }] });
    expect(await booksOf(sql, open[0] ?? 0)).toMatchObject({ status: 'Partial', charge: UNIT });
    expect(await says(settled[0])).toBe(false);
    expect(await held('held')).toEqual([settled[0]]);
  });

  it('keeps no other provider from taking back', async () => {
    const [mistaken, other] = [await provider(25), await provider(1)];
    for (const id of mistaken.settled) await mistaken.says(id);
    expect(await other.says(other.settled[0])).toBe(true);
  });
});

describe('what is held', () => {
  /** A provider with five held corrections. */
  const holding = async () => {
    const one = await provider(25);
    for (const id of one.settled) await one.says(id);
    const [first = 0, second = 0] = one.settled.slice(20);
    return { ...one, first, second };
  };

  it('is what the provider says last: a newer word takes its place, and one that takes nothing back ends it', async () => {
    const { sql, id, first, second, says, in: held } = await holding();
    expect(await says(first, { status: 'Partial', remains: 250 }, 3)).toBe(false);
    const [newest] = (await listHeldCorrections(sql, id, { state: 'held' }, 10)).filter(({ order }) => order === first);
    expect(newest).toMatchObject({
      status: 'Partial',
      delivered: 750,
      amount: 250n * UNIT,
      saidAt: at(3),
      heldAt: at(1),
    });
    expect(await says(second, { status: 'Completed', remains: 0 }, 3)).toBe(false);
    expect(await held('withdrawn')).toEqual([second]);
    expect(await held('held')).not.toContain(second);
    expect(await booksOf(sql, second)).toMatchObject({ status: 'Completed', refunded: 0n });
  });

  it('goes on until staff decide, also when the provider takes back little by then', async () => {
    const { sql, settled, says, alert, in: held } = await holding();
    const more = await provider(1);
    await sql`update batches set provider_id = (select provider_id from batches where order_id = ${settled[0] ?? 0})
      where order_id = ${more.settled[0] ?? 0}`;
    expect(await says(more.settled[0], {}, 120)).toBe(false);
    expect(await held('held')).toHaveLength(6);
    expect(await alert(120)).toMatchObject([
      { detail: '6 corrections that give back 5.4 are held: release or drop them' },
    ]);
  });

  it('is given back once, exactly, when it is released, and the alert ends', async () => {
    const { sql, id, account, settled, decide, in: held, alert } = await holding();
    expect(await alert()).toMatchObject([{ open: true }]);
    expect(await decide('released')).toEqual({ corrections: 5, amount: 5n * 1000n * UNIT });
    expect(await alert()).toMatchObject([{ open: false }]);
    const released = await releasedCorrections(sql, id);
    const went = await atOnce(20, (number) => applyCorrection(sql, released[number % 5]?.id ?? 0, at(2)));
    expect(went.filter(Boolean)).toHaveLength(5);
    expect(await held('applied')).toEqual(settled.slice(20));
    expect(await balanceOf(sql, account)).toBe(100_000_000_000n);
    for (const order of settled) expect(await booksOf(sql, order)).toMatchObject({ status: 'Canceled', charge: 0n });
    const before = await everything(sql);
    expect(await decide('released')).toEqual({ corrections: 0, amount: 0n });
    expect(await everything(sql)).toEqual(before);
    expect(await verifyLedger(sql)).toEqual([]);
  });

  it('is given back after 72 hours too', async () => {
    const { sql, first, decide, apply } = await holding();
    await markChecked(sql, [{ orderId: first, batch: 1, heard: true }], at(LIMITS.correctionHours * 60));
    await decide('released', [first]);
    await apply(LIMITS.correctionHours * 60 + 60);
    expect(await booksOf(sql, first)).toMatchObject({ status: 'Canceled', charge: 0n });
  });

  it('of some orders is decided without the others', async () => {
    const { first, second, settled, decide, apply, in: held } = await holding();
    expect(await decide('released', [first, second, 1])).toMatchObject({ corrections: 2 });
    await apply();
    expect(await held('applied')).toEqual([first, second]);
    expect(await held('held')).toEqual(settled.slice(22));
  });

  it('changes nothing when it is dropped, nor when the provider says the same again, until it says something else', async () => {
    const { sql, id, first, decide, apply, says, in: held } = await holding();
    expect(await decide('dropped')).toMatchObject({ corrections: 5 });
    await apply();
    expect(await booksOf(sql, first)).toMatchObject({ status: 'Completed', refunded: 0n });
    const look = (await dueChecks(sql, id, at(60), 100)).find(({ orderId }) => orderId === first);
    expect(look && newsOf(look, report({}))).toBeUndefined();
    expect(look && newsOf(look, report({ status: 'Partial', remains: 1 }))).toEqual({ kind: 'ended', delivered: 999 });
    expect(await says(first, { status: 'Partial', remains: 1 }, 60)).toBe(true);
    expect(await held('held')).toEqual([]);
    const [dropped] = await listHeldCorrections(sql, id, { state: 'dropped' }, 1);
    expect(dropped).toMatchObject({ decidedBy: 'staff: ann', reason: 'asked them', decidedAt: expect.any(Date) });
  });

  it('once decided, the words after that are counted anew', async () => {
    const { sql, id, decide, apply } = await holding();
    await decide('released');
    await apply();
    const [now] = await sql<{ at: Date }[]>`select at from take_back_decisions where provider_id = ${id}`;
    const { settled: others, says } = await provider(21);
    await sql`update batches set provider_id = ${id}, terminal_at = ${at(0)} where order_id = any(${others.map(String)}::bigint[])`;
    const after = ((now?.at.getTime() ?? 0) - NOON) / 60_000 + 1;
    for (const order of others.slice(0, 20)) expect(await says(order, {}, after)).toBe(true);
    expect(await says(others[20], {}, after)).toBe(false);
  });

  it('of a provider that does not exist is nothing', async () => {
    const none = database.sql.begin((tx) =>
      decideHeldCorrections(tx, 999_999, { state: 'dropped', orders: null, by: 'ann', reason: 'x' }),
    );
    expect(await none).toBeUndefined();
  });
});
