import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runningBatches } from '../../db/delivery/batches.ts';
import {
  attemptAccepted,
  attemptReleased,
  attemptUnknown,
  beginAttempt,
  type SendInput,
  takeAttempt,
} from '../../db/dispatch/attempts.ts';
import { SQLSTATE } from '../../db/ledger/ledger.ts';
import { snapshotBatches } from '../../db/order/order-state.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { attemptOf, refusedBy, running, sending } from '../support/engines/running.ts';
import { AT, dripFeed } from '../support/model/drip-feed.ts';
import { atOnce, refusedWith } from '../support/reads/books.ts';
import { openShop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const HOUR = 3_600_000;
const urls = (count: number) => Array.from({ length: count }, (_, at) => `http://127.0.0.1:${at + 1}/api/v2`);

describe('an attempt of which nobody knew what became of it', () => {
  const send = (id: number): SendInput => attemptOf(id);
  async function uncertain() {
    const { sql } = database;
    const { order } = await openShop(sql, { providers: urls(2) });
    const id = await order();
    const { provider } = await sending(sql, send(id));
    await attemptUnknown(sql, send(id), 'no answer');
    return { sql, id, provider };
  }
  const stateOf = async (id: number) =>
    (
      await database.sql`
        select a.state, b.state as batch, b.provider_order as "providerOrder", o.status
          from attempts a join batches b using (order_id, batch) join orders o on o.id = a.order_id
          where a.order_id = ${id} and a.attempt = 1`
    )[0];

  it('is attached to the order a person found at the provider, however often it is said', async () => {
    const { sql, id, provider } = await uncertain();
    for (let call = 0; call < 2; call += 1) {
      expect(await attemptAccepted(sql, send(id), `found-${id}`, AT, 'unknown')).toBe(true);
    }
    expect(await stateOf(id)).toEqual({
      state: 'accepted',
      batch: 'running',
      providerOrder: `found-${id}`,
      status: 'In progress',
    });
    expect((await runningBatches(sql, provider)).map(({ orderId }) => orderId)).toEqual([id]);
  });

  it('cannot be attached to the order of another batch', async () => {
    const { sql, id } = await uncertain();
    const [other] = await sql<{ id: bigint }[]>`select provider_id as id from attempts where order_id = ${id}`;
    const { order, service } = await openShop(sql);
    const taken = await order();
    await sql`update routes set provider_id = ${other?.id ?? 0n} where service_id = ${service}`;
    await running(sql, taken, `taken-${id}`);
    expect(await refusedWith(attemptAccepted(sql, send(id), `taken-${id}`, AT, 'unknown'))).toBe('23505');
    expect(await stateOf(id)).toMatchObject({ state: 'unknown', batch: 'uncertain', providerOrder: null });
  });

  it('is free when a person knows that it was not placed, and the next try may take the same route', async () => {
    const { sql, id, provider } = await uncertain();
    for (let call = 0; call < 2; call += 1) await attemptReleased(sql, send(id), 'it is not there', false);
    expect(await stateOf(id)).toMatchObject({ state: 'released', batch: 'waiting' });
    expect(await takeAttempt(sql, send(id))).toBe(false);
    expect((await snapshotBatches(sql, id)).open).toMatchObject([{ state: 'waiting', attempts: 2, inFlight: false }]);
    expect((await beginAttempt(sql, attemptOf(id, 2)))?.provider).toBe(provider);
  });

  it('that was released cannot be attached any more, and one that was attached not released', async () => {
    const { sql, id } = await uncertain();
    await attemptReleased(sql, send(id), 'it is not there', false);
    expect(await attemptAccepted(sql, send(id), `late-${id}`, AT, 'unknown')).toBe(false);
    expect(await stateOf(id)).toMatchObject({ state: 'released', batch: 'waiting' });
    const attached = await uncertain();
    await attemptAccepted(sql, send(attached.id), `there-${id}`, AT, 'unknown');
    await attemptReleased(sql, send(attached.id), 'it is not there', false);
    expect(await stateOf(attached.id)).toMatchObject({ state: 'accepted', batch: 'running' });
  });

  it('attached and released at the same moment ends one way', async () => {
    await atOnce(10, async () => {
      const { sql, id } = await uncertain();
      const [attached] = await Promise.all([
        attemptAccepted(sql, send(id), `race-${id}`, AT, 'unknown'),
        attemptReleased(sql, send(id), 'it is not there', false),
      ]);
      expect(await stateOf(id)).toMatchObject(
        attached ? { state: 'accepted', batch: 'running' } : { state: 'released', batch: 'waiting' },
      );
    });
  });
});

describe('the first attempt of a batch', () => {
  it('makes the batch and says when the next run is due, once', async () => {
    const { sql, id, shown } = await dripFeed(database.sql);
    const nextRunAt = AT.getTime() + HOUR;
    await beginAttempt(sql, attemptOf(id, 1, 1, { nextRunAt }));
    expect((await shown())?.nextRunAt).toEqual(new Date(nextRunAt));
    await atOnce(5, () => beginAttempt(sql, attemptOf(id, 1, 1, { nextRunAt: nextRunAt + HOUR })));
    await beginAttempt(sql, attemptOf(id, 2, 1, { nextRunAt: nextRunAt + HOUR }));
    const other = beginAttempt(sql, attemptOf(id, 2, 1, { nextRunAt: nextRunAt + HOUR, quantity: 7 }));
    await expect(other).rejects.toMatchObject({ code: SQLSTATE.stale });
    expect((await shown())?.nextRunAt).toEqual(new Date(nextRunAt));
    expect((await snapshotBatches(sql, id)).open).toMatchObject([{ batch: 1, quantity: 1000 }]);
  });

  it('that was taken and not answered is in flight for who takes the order up', async () => {
    const { sql, id } = await dripFeed(database.sql);
    await beginAttempt(sql, attemptOf(id));
    expect((await snapshotBatches(sql, id)).open).toMatchObject([{ attempts: 1, inFlight: false }]);
    await takeAttempt(sql, attemptOf(id));
    expect((await snapshotBatches(sql, id)).open).toMatchObject([{ state: 'sending', attempts: 1, inFlight: true }]);
  });

  it('of what is sent again goes to a route that has not had it, and after the last there is none', async () => {
    const { sql, id, provider, begin } = await dripFeed(database.sql, { providers: urls(3) });
    await begin(1);
    const again = (batch: number, attempt = 1) => attemptOf(id, attempt, batch, { quantity: 400, resends: batch - 1 });
    const second = await sending(sql, again(2));
    expect(second.provider).not.toBe(provider);
    await attemptAccepted(sql, again(2), `second-${id}`, AT);
    const third = await refusedBy(sql, again(3), 'refused');
    expect(new Set([provider, second.provider, third]).size).toBe(3);
    expect(await beginAttempt(sql, again(3, 2))).toBeUndefined();
    // The next run is not a resend, so it may go to the same route.
    expect((await beginAttempt(sql, attemptOf(id, 1, 4)))?.provider).toBe(provider);
  });
});
