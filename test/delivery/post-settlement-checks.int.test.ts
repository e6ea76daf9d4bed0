import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Checked, dueChecks, markChecked } from '../../db/delivery/post-settlement-checks.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { dripFeed } from '../support/model/drip-feed.ts';
import { settledOrder } from '../support/model/later-words.ts';
import { end } from '../support/reads/books.ts';
import { recordReports } from '../support/reads/record-reports.ts';
import { openShop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** When `end` settles the orders. */
const SETTLED = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const after = (ms: number) => new Date(SETTLED + ms);

const due = async (provider: number, ms: number, most = 1000) =>
  (await dueChecks(database.sql, provider, after(ms), most)).map(({ orderId, batch }) => [orderId, batch]);

/** A settled order whose provider is polled every `pollSeconds`, and the time of its next check. */
async function watched(pollSeconds = 30) {
  const { sql } = database;
  const { id, provider } = await settledOrder(sql, [1000]);
  await sql`update providers set poll_seconds = ${pollSeconds} where id = ${provider}`;
  const next = async (): Promise<number | null> => {
    const [row] = await sql<{ at: Date | null }[]>`select next_look_at as at from batches where order_id = ${id}`;
    return row?.at == null ? null : row.at.getTime() - SETTLED;
  };
  const look = async (ms: number, heard = true) => {
    const checked: Checked[] = [{ orderId: id, batch: 1, heard }];
    await markChecked(sql, checked, after(ms));
    return next();
  };
  return { id, provider, next, look };
}

describe('a settled batch', () => {
  it('is looked at often at first, then seldom, last at the end of its watch, and never again', async () => {
    const { next, look } = await watched();
    const at: number[] = [];
    for (let ms = await next(); ms !== null; ms = await look(ms)) at.push(ms);
    const gaps = at.slice(1).map((ms, number) => ms - (at[number] as number));
    expect(at[0]).toBe(0);
    expect(at.at(-1)).toBe(LIMITS.correctionHours * HOUR);
    expect(at.length).toBeGreaterThan(30);
    expect(at.length).toBeLessThan(90);
    expect(gaps.slice(0, 5)).toEqual([30_000, 30_000, 30_000, 30_000, 30_000]);
    expect(gaps.slice(0, -1)).toEqual([...gaps.slice(0, -1)].sort((a, b) => a - b));
  });

  it('is not due before its time, and due until somebody looks', async () => {
    const { id, provider, look } = await watched();
    expect(await due(provider, -1)).toEqual([]);
    expect(await look(8 * HOUR)).toBe(9 * HOUR);
    expect(await due(provider, 9 * HOUR - 1)).toEqual([]);
    for (const hours of [9, 10, 200]) expect(await due(provider, hours * HOUR)).toEqual([[id, 1]]);
  });

  it('of a provider that is asked every hour is not looked at more often than that', async () => {
    const { look } = await watched(3600);
    expect(await look(0)).toBe(HOUR);
    expect(await look(HOUR)).toBe(2 * HOUR);
  });

  it('that got no answer is asked about again within ten minutes, also after the end, but not for ever', async () => {
    const { look } = await watched();
    expect(await look(60 * HOUR, false)).toBe(60 * HOUR + 10 * MINUTE);
    expect(await look(72 * HOUR, false)).toBe(72 * HOUR + 10 * MINUTE);
    expect(await look(81 * HOUR, false)).toBeNull();
  });

  it('that nobody looked at for weeks, as no worker ran, is looked at once more', async () => {
    const { provider, look } = await watched();
    expect(await due(provider, 500 * HOUR)).toHaveLength(1);
    expect(await look(500 * HOUR)).toBeNull();
    expect(await due(provider, 1000 * HOUR)).toEqual([]);
  });

  it('comes with what its provider said of it last', async () => {
    const { sql } = database;
    const { id, provider, says } = await settledOrder(sql, [1000]);
    await says({ status: 'Partial', remains: 400, charge: '0.3' });
    expect(await dueChecks(sql, provider, after(0), 10)).toEqual([
      {
        orderId: id,
        batch: 1,
        providerOrder: `${id}-1`,
        quantity: 1000,
        supported: 600,
        bought: { rate: '50000', type: 'Default', most: null },
        lastWord: { status: 'Partial', remains: 400, charge: '0.3' },
      },
    ]);
  });
});

describe('of many settled batches', () => {
  it('the longest due come first, so many as are asked for', async () => {
    const { sql } = database;
    const { order, providers } = await openShop(sql);
    const [provider = 0] = providers;
    const ids: number[] = [];
    for (let number = 0; number < 5; number += 1) {
      const id = await order();
      await sql`insert into batches (order_id, batch, quantity, state, provider_id, provider_order) values (${id}, 1, 1000, 'done', ${provider}, ${`many-${id}`})`;
      await end(sql, id, 1000, { at: after(-number * MINUTE) });
      ids.unshift(id);
    }
    expect((await due(provider, 0, 3)).map(([id]) => id)).toEqual(ids.slice(0, 3));
  });

  it('those of a provider cost one index scan, however many others there are', async () => {
    const { sql } = database;
    const { provider } = await watched();
    const plan = await sql.begin(async (tx) => {
      await tx`set local enable_seqscan = off`;
      return tx`explain select from batches where provider_id = ${provider} and next_look_at <= now() order by next_look_at limit 10`;
    });
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toMatch(/Index.*Scan using batches_looks/);
  });
});

describe('the runs of a drip-feed', () => {
  it('are not looked at while it runs, and all of them once it is settled, those that ended without a word too', async () => {
    const { sql, id, provider, begin, says, report } = await dripFeed(database.sql);
    for (const batch of [1, 2, 3]) await begin(batch);
    await says(1);
    await says(2, { status: 'Partial', remains: 400 });
    await recordReports(sql, provider, [report(3, { status: 'In progress', remains: 500 })], after(0));
    expect(await due(provider, 1000 * HOUR)).toEqual([]);
    await end(sql, id, 1600, { ends: [{ batch: 2, delivered: 600 }] });
    expect((await due(provider, 0)).sort()).toEqual([
      [id, 1],
      [id, 2],
      [id, 3],
    ]);
    const rows = await sql`select supported::integer as supported from batches where order_id = ${id} order by batch`;
    expect(rows.map(({ supported }) => supported)).toEqual([1000, 600, null]);
  });
});
