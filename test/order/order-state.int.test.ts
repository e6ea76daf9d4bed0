import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runningBatches } from '../../db/delivery/batches.ts';
import { recordStalls } from '../../db/delivery/reports.ts';
import { beginAttempt } from '../../db/dispatch/attempts.ts';
import { endBatch, openBatches } from '../../db/order/order-state.ts';
import { readOrderRecord } from '../../db/placement/decide-claim.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { attemptOf } from '../support/engines/running.ts';
import { AT, dripFeed } from '../support/model/drip-feed.ts';
import { atOnce, end, everything } from '../support/reads/books.ts';
import { recordReports, takenReports } from '../support/reads/record-reports.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const HOUR = 3_600_000;

describe('what a workflow writes down of its order', () => {
  const note = (number: number, type = 'order.paused') =>
    ({ number, at: AT.getTime() + number, type, actor: 'ann', data: { reason: 'private', why: 'closed' } }) as const;

  it('is attention, pause, cancel and notes, and is read back by who takes the order up', async () => {
    const { sql, id, begin, shown, writes } = await dripFeed(database.sql);
    await begin(1);
    const nextRunAt = AT.getTime() + HOUR;
    const pausedAt = AT.getTime();
    await writes({
      attention: 'paused',
      reason: 'private',
      pausedAt,
      pausedBy: 'ann',
      canceledBy: 'bob',
      nextRunAt,
      notes: [note(1)],
    });
    expect(await shown()).toMatchObject({ attention: 'paused', reason: 'private', pausedAt: AT, notes: 1 });
    expect((await readOrderRecord(sql, id)).standing).toMatchObject({
      attention: 'paused',
      reason: 'private',
      pausedAt,
      pausedBy: 'ann',
      canceledBy: 'bob',
      nextRunAt,
      notes: 1,
      runsBegun: 1,
      batches: 1,
    });
  });

  it('has of an open batch no field without a value', async () => {
    const { sql, id, begin } = await dripFeed(database.sql);
    await begin(1);
    const { open } = (await readOrderRecord(sql, id)).standing;
    expect(open).toMatchObject([{ batch: 1, state: 'running', providerOrder: `${id}-1` }]);
    expect(open.flatMap((batch) => Object.values(batch))).not.toContain(null);
  });

  it('moves the next run only to a later time, and brings none back once no further run begins', async () => {
    const { sql, id, begin, shown, writes } = await dripFeed(database.sql);
    await begin(1);
    const due = new Date(AT.getTime() + 2 * HOUR);
    await writes({ nextRunAt: due.getTime() });
    await writes({ nextRunAt: AT.getTime() });
    expect(await shown()).toMatchObject({ nextRunAt: due });
    await openBatches(sql, id, true);
    await writes({ nextRunAt: due.getTime() });
    expect(await shown()).toMatchObject({ nextRunAt: null });
  });

  it('counts what was paid by the type that the service had when the order was placed', async () => {
    const { sql, id, provider, begin, says } = await dripFeed(database.sql);
    await begin(1);
    await sql`update services set type = 'Package' where id = (select service_id from orders where id = ${id})`;
    await sql`update batches set cost_rate = 100000 where order_id = ${id}`;
    await says(1, { status: 'Canceled', remains: 0, charge: '1' });
    expect(await takenReports(sql, provider, 0)).toMatchObject([{ paidFor: 1_000 }]);
  });

  it('is not undone by a worker that was frozen and writes late', async () => {
    const { begin, shown, writes } = await dripFeed(database.sql);
    await begin(1);
    const paused = { attention: 'paused', reason: 'private', pausedAt: AT.getTime(), pausedBy: 'ann' } as const;
    const at = (run: string, event: number) => ({ from: { run, event } });
    await writes({ ...paused, ...at('one', 20) });
    await writes({ canceledBy: 'bob', ...at('one', 23) });
    // The workflow's time says nothing: a step before this one may have been what froze.
    expect(await writes({ ...paused, at: AT.getTime() + HOUR, ...at('one', 20) })).toBe(true);
    expect(await shown()).toMatchObject({ attention: 'none', pausedAt: null, pausedBy: null, canceledBy: 'bob' });
    // Further writes of the same task count, and so do those of a run that begins a new history.
    await writes({ ...paused, ...at('one', 23) });
    expect(await shown()).toMatchObject({ attention: 'paused' });
    await writes({ attention: 'none', ...at('two', 4) });
    expect(await shown()).toMatchObject({ attention: 'none' });
    // A worker of the version before does not say where it is.
    await writes(paused);
    expect(await shown()).toMatchObject({ attention: 'paused' });
  });

  it('twice is in the timeline once', async () => {
    const { sql, id, begin, writes } = await dripFeed(database.sql);
    await begin(1);
    for (const notes of [[note(1)], [note(1), note(2, 'order.resumed')], [note(1), note(2, 'order.resumed')]]) {
      await writes({ notes });
    }
    const events =
      await sql`select type, actor, note, data, at from events where order_id = ${id} and note is not null order by id`;
    expect([...events]).toEqual([
      {
        type: 'order.paused',
        actor: 'ann',
        note: 1,
        data: { reason: 'private', why: 'closed' },
        at: new Date(AT.getTime() + 1),
      },
      {
        type: 'order.resumed',
        actor: 'ann',
        note: 2,
        data: { reason: 'private', why: 'closed' },
        at: new Date(AT.getTime() + 2),
      },
    ]);
    expect((await readOrderRecord(sql, id)).standing.notes).toBe(2);
  });

  it('moves the clocks of what runs by the length of a pause, once', async () => {
    const { begin, clocks, writes } = await dripFeed(database.sql);
    await begin(1);
    const batch = { batch: 1, reviewAt: AT.getTime() + 200 * HOUR, resend: false, acked: 0 };
    const pausedAt = AT.getTime() + HOUR;
    await writes({ attention: 'paused', pausedAt, pausedBy: 'ann', batches: [batch] });
    const resumed = { at: pausedAt + 5 * HOUR, batches: [{ ...batch, reviewAt: batch.reviewAt + 5 * HOUR }] };
    for (let call = 0; call < 3; call += 1) {
      await writes(resumed);
      expect(await clocks()).toMatchObject({
        reviewAt: new Date(AT.getTime() + 205 * HOUR),
        progressAt: new Date(AT.getTime() + 5 * HOUR),
      });
    }
  });

  it('never puts the last progress into the future, when a provider went on in the pause', async () => {
    const { begin, clocks, writes } = await dripFeed(database.sql);
    const pausedAt = AT.getTime();
    await writes({ attention: 'paused', pausedAt, pausedBy: 'ann' });
    await begin(1, new Date(pausedAt + 4 * HOUR));
    const batches = [{ batch: 1, reviewAt: pausedAt + 200 * HOUR, resend: false, acked: 0 }];
    await writes({ at: pausedAt + 5 * HOUR, batches });
    expect((await clocks())?.progressAt).toEqual(new Date(pausedAt + 5 * HOUR));
  });

  it('tells that a report was taken, so that it is not sent again', async () => {
    const { begin, says, due, clocks, writes } = await dripFeed(database.sql);
    await begin(1);
    await says(1, { status: 'Paused', remains: 900 });
    expect(await due()).toEqual([[1, 1]]);
    const batch = { batch: 1, reviewAt: AT.getTime(), resend: false, acked: 1 };
    await writes({ batches: [batch] });
    await writes({ batches: [{ ...batch, acked: 0 }] });
    expect(await due()).toEqual([]);
    expect((await clocks())?.acked).toBe(1);
  });

  it('starts the clocks again after a person has looked, and the provider is asked again', async () => {
    const { sql, id, provider, begin, says, due, clocks, writes } = await dripFeed(database.sql);
    await begin(1);
    await says(1, { status: 'Completed', remains: 5 });
    expect(await runningBatches(sql, provider)).toEqual([]);
    const at = AT.getTime() + HOUR;
    const batches = [{ batch: 1, reviewAt: at + HOUR, resend: true, acked: 1 }];
    await writes({ at, attention: 'conflict', batches });
    await writes({ at, batches, restartClocks: true });
    expect(await clocks()).toMatchObject({
      progressAt: new Date(at),
      stalledSince: null,
      terminalAt: null,
      resend: true,
    });
    expect(await runningBatches(sql, provider)).toMatchObject([{ orderId: id, batch: 1 }]);
    await says(1, { status: 'Partial', remains: 5 });
    expect(await due()).toEqual([[1, 2]]);
  });

  it('does not open a last word again that has not been taken', async () => {
    const { begin, says, due, clocks, writes } = await dripFeed(database.sql);
    await begin(1);
    await says(1, { status: 'Partial', remains: 5 });
    await writes({ batches: [{ batch: 1, reviewAt: AT.getTime(), resend: false, acked: 0 }], restartClocks: true });
    expect((await clocks())?.terminalAt).not.toBeNull();
    expect(await due()).toEqual([[1, 1]]);
  });

  it('after the order was settled changes nothing', async () => {
    const { sql, id, begin, writes } = await dripFeed(database.sql);
    await begin(1);
    await end(sql, id, 0);
    const before = await everything(sql);
    await writes({ attention: 'review', notes: [note(1)] });
    expect(await everything(sql)).toEqual(before);
  });

  it('and reports at the same moment do not get in each other’s way', async () => {
    await atOnce(10, async () => {
      const { sql, provider, begin, report, clocks, writes } = await dripFeed(database.sql);
      for (const batch of [1, 2]) await begin(batch);
      const batches = [1, 2].map((batch) => ({ batch, reviewAt: AT.getTime(), resend: false, acked: 0 }));
      const words = [2, 1].map((batch) => report(batch, { status: 'In progress', remains: 300 }));
      await Promise.all([
        writes({ batches, notes: [note(1)] }),
        recordReports(sql, provider, words, new Date()),
        recordStalls(sql, provider),
      ]);
      expect((await clocks())?.reviewAt).toEqual(AT);
    });
  });
});

describe('an order that is taken up', () => {
  it('knows the last report that was taken, and what is newer will be told', async () => {
    const { sql, id, begin, says, due, writes } = await dripFeed(database.sql);
    await begin(1);
    await says(1, { status: 'Paused', remains: 900, charge: '0.1' });
    const batches = [{ batch: 1, reviewAt: AT.getTime(), resend: false, acked: 1 }];
    await writes({ attention: 'paused', pausedAt: AT.getTime(), pausedBy: 'provider', batches });
    const { standing } = await readOrderRecord(sql, id);
    expect(standing).toMatchObject({ pausedBy: 'provider', status: 'In progress' });
    expect(standing.open[0]?.report).toEqual({
      version: 1,
      status: 'Paused',
      remains: 900,
      startCount: null,
      charge: '0.1',
      stalledSince: null,
    });
    await says(1, { status: 'In progress', remains: 900 });
    expect(await due()).toEqual([[1, 2]]);
  });

  it('still owes what fell short and was to be sent again', async () => {
    const { sql, id, begin } = await dripFeed(database.sql, { service: { after_failed_run: 'retry' } });
    await begin(1);
    await begin(2);
    await endBatch(sql, id, 1, 600);
    await endBatch(sql, id, 2, 1000);
    expect((await readOrderRecord(sql, id)).standing.owed).toEqual([{ batch: 1, missing: 400 }]);
    await beginAttempt(sql, attemptOf(id, 1, 3, { quantity: 400, resends: 1 }));
    expect((await readOrderRecord(sql, id)).standing.owed).toEqual([]);
  });
});
