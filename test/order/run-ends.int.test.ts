import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BatchReport, recordStalls } from '../../db/delivery/reports.ts';
import { endBatch, openBatches } from '../../db/order/order-state.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { running } from '../support/engines/running.ts';
import { AT, dripFeed } from '../support/model/drip-feed.ts';
import { atOnce } from '../support/reads/books.ts';
import { recordReports, takenReports } from '../support/reads/record-reports.ts';
import { openShop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const HOUR = 3_600_000;

describe('a run that simply completes while others remain', () => {
  it('ends without a word to the workflow, and its number is shown', async () => {
    const { sql, id, begin, says, due, states, shown } = await dripFeed(database.sql);
    await begin(1);
    expect(await says(1)).toBe(1);
    expect(await due()).toEqual([]);
    expect(await states()).toEqual(['done']);
    expect(await shown()).toMatchObject({ status: 'In progress', delivered: 1000 });
    expect(await openBatches(sql, id, false)).toEqual({ open: [], deliveredByEnded: 1000 });
  });

  it.each<[string, Partial<BatchReport>]>([
    ['is Partial', { status: 'Partial', remains: 400 }],
    ['is Canceled', { status: 'Canceled', remains: 1000 }],
    ['contradicts itself', { status: 'Completed', remains: 5 }],
  ])('is reported when it %s', async (_, said) => {
    const { begin, says, due, states } = await dripFeed(database.sql);
    await begin(1);
    await says(1, said);
    expect(await due()).toEqual([[1, 1]]);
    expect(await states()).toEqual(['running']);
  });

  it('is reported when its workflow has heard of it before: it was paused there', async () => {
    const { begin, says, due } = await dripFeed(database.sql);
    await begin(1);
    await says(1, { status: 'Paused', remains: 500 });
    await says(1);
    expect(await due()).toEqual([[1, 2]]);
  });

  it('is reported while its order waits for a person', async () => {
    const { begin, says, due, writes } = await dripFeed(database.sql);
    await begin(1);
    await writes({ attention: 'review' });
    await says(1);
    expect(await due()).toEqual([[1, 1]]);
  });

  it('is reported once the order is finishing', async () => {
    const { sql, id, begin, says, due, states, shown } = await dripFeed(database.sql);
    await begin(1);
    expect(await openBatches(sql, id, true)).toEqual({ open: [{ batch: 1 }], deliveredByEnded: 0 });
    expect(await shown()).toMatchObject({ finishing: true, nextRunAt: null });
    await says(1);
    expect(await due()).toEqual([[1, 1]]);
    expect(await states()).toEqual(['running']);
  });

  it('and finishing at the same moment leave nobody unheard', async () => {
    const ends = await atOnce(12, async () => {
      const { sql, id, begin, report, provider, due } = await dripFeed(database.sql);
      for (const batch of [1, 2, 3]) await begin(batch);
      const words = [1, 2, 3].map((batch) => recordReports(sql, provider, [report(batch)], new Date()));
      const [{ open, deliveredByEnded }] = await Promise.all([openBatches(sql, id, true), ...words]);
      const heard = (await due()).map(([batch]) => batch);
      return { open: open.map(({ batch }) => batch), heard, deliveredByEnded };
    });
    for (const { open, heard, deliveredByEnded } of ends) {
      expect(open).toEqual(heard);
      expect(deliveredByEnded + 1000 * heard.length).toBe(3000);
    }
  });

  it('of a plain order is always reported', async () => {
    const { sql } = database;
    const { order, providers } = await openShop(sql);
    const id = await order();
    await running(sql, id, `plain-${id}`);
    const said = { status: 'Completed', remains: 0, startCount: null, charge: null } as const;
    const word = { orderId: id, batch: 1, providerOrder: `plain-${id}`, ...said };
    await recordReports(sql, providers[0] ?? 0, [word], AT);
    expect(await takenReports(sql, providers[0] ?? 0, 0)).toMatchObject([{ orderId: id, version: 1 }]);
  });
});

describe('a batch that delivers nothing', () => {
  const stalling = { service: { stall_after_seconds: 3600 } };
  const ago = (ms: number) => new Date(Date.now() - ms);

  it('for as long as its service allows is reported once, since when', async () => {
    const { sql, provider, begin, due, clocks } = await dripFeed(database.sql, stalling);
    const since = ago(2 * HOUR);
    await begin(1, since);
    await begin(2, ago(HOUR / 2));
    for (let round = 0; round < 3; round += 1) await recordStalls(sql, provider);
    expect(await due()).toEqual([[1, 1]]);
    expect((await clocks())?.stalledSince).toEqual(since);
    expect(await takenReports(sql, provider, 0)).toMatchObject([{ status: 'Unknown', stalledSince: since.getTime() }]);
  });

  it('is reported again when it moves', async () => {
    const { sql, provider, begin, says, due, clocks } = await dripFeed(database.sql, stalling);
    await begin(1, ago(2 * HOUR));
    await recordStalls(sql, provider);
    await says(1, { status: 'In progress', remains: 900 });
    expect(await due()).toEqual([[1, 2]]);
    expect((await clocks())?.stalledSince).toBeNull();
  });

  it('while its order is paused is not stalled', async () => {
    const { sql, provider, begin, due, writes } = await dripFeed(database.sql, stalling);
    await begin(1, ago(2 * HOUR));
    await writes({ attention: 'paused', pausedAt: AT.getTime(), pausedBy: 'ann' });
    await recordStalls(sql, provider);
    expect(await due()).toEqual([]);
  });
});

describe('the end of a batch', () => {
  it('is written once, with what was delivered, and its report is not sent again', async () => {
    const { sql, id, begin, says, due, states } = await dripFeed(database.sql);
    await begin(1);
    await says(1, { status: 'Partial', remains: 400 });
    await endBatch(sql, id, 1, 600);
    await endBatch(sql, id, 1, 0);
    expect(await states()).toEqual(['done']);
    expect(await due()).toEqual([]);
    expect((await openBatches(sql, id, false)).deliveredByEnded).toBe(600);
  });
});
