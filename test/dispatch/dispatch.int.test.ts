import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDispatchActivities } from '../../activities/dispatch/dispatch.ts';
import { createSettleActivities } from '../../activities/ledger/settle.ts';
import type { Deps } from '../../activities/runtime/deps.ts';
import { beginAttempt, releaseAttempt, takeAttempt } from '../../db/dispatch/attempts.ts';
import { STALE } from '../../workflows/contract.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { openShop } from '../support/worlds/shop.ts';

const masterKey = Buffer.alloc(32, 7);

describe('sending a batch', () => {
  let database: TestDatabase;
  let panel: ScriptedPanel;
  let deps: Deps;

  beforeAll(async () => {
    [database, panel] = await Promise.all([testDatabase(), scriptedPanel()]);
    // Nothing here calls Temporal: the activities run in the SDK's mock environment.
    const temporal = {} as Deps['temporal'];
    const log = pino({ level: 'silent' });
    deps = { sql: database.sql, temporal, masterKey, currency: 'USD', allowLoopback: true, log };
  });
  afterAll(async () => {
    await panel.close();
    await database.drop();
  });

  const newOrder = async () => {
    const { order } = await openShop(database.sql, { providers: [panel.url], masterKey });
    return order();
  };
  const send = (orderId: number) => ({ orderId, batch: 1, attempt: 1, quantity: 1000, resends: null, nextRunAt: null });
  const dispatch = (orderId: number, heartbeatDetails?: unknown) =>
    new MockActivityEnvironment({ heartbeatDetails, currentAttemptScheduledTimestampMs: Date.now() }).run(
      createDispatchActivities(deps, { ensure: async () => {} }).dispatch,
      send(orderId),
    );
  const attemptOf = async (orderId: number) =>
    (await database.sql`select state, sends from attempts where order_id = ${orderId}`)[0];

  it('what an earlier take was told decides nothing about a later one', async () => {
    const orderId = await newOrder();
    const key = { orderId, batch: 1, attempt: 1 };
    await beginAttempt(database.sql, send(orderId));
    await takeAttempt(database.sql, { ...key, sends: 0 });
    await releaseAttempt(database.sql, { ...key, sends: 1 }, 'ECONNREFUSED');
    // The worker died after the second take, and its send may have reached the provider. The first take's heartbeat is still
    // there.
    await takeAttempt(database.sql, { ...key, sends: 1 });
    const adds = panel.adds().length;
    await expect(dispatch(orderId, { sends: 1, answer: { kind: 'notSent', detail: 'ECONNREFUSED' } })).rejects.toThrow(
      'another sender may still get the answer to this attempt',
    );
    expect(await attemptOf(orderId)).toMatchObject({ state: 'sending', sends: 2 });
    expect(panel.adds().length).toBe(adds);
  });

  it('an answer that could not be written is written by the next try of the same take', async () => {
    const orderId = await newOrder();
    const key = { orderId, batch: 1, attempt: 1 };
    await beginAttempt(database.sql, send(orderId));
    await takeAttempt(database.sql, { ...key, sends: 0 });
    const adds = panel.adds().length;
    const outcome = await dispatch(orderId, { sends: 1, answer: { kind: 'accepted', providerOrder: '4711' } });
    expect(outcome).toMatchObject({ kind: 'accepted', providerOrder: '4711' });
    expect(panel.adds().length).toBe(adds);
  });

  it('an answer that cannot be written is told to Temporal at once, and written when the database is back', async () => {
    const orderId = await newOrder();
    const beats: unknown[] = [];
    let gone = false;
    panel.onAdd = () => {
      gone = true;
      return { order: 4712 };
    };
    const sql = new Proxy(database.sql, {
      apply: (query, _, args: Parameters<typeof database.sql>) =>
        gone ? Promise.reject(new Error('the database is gone')) : Reflect.apply(query, undefined, args),
    });
    const environment = new MockActivityEnvironment({ currentAttemptScheduledTimestampMs: Date.now() });
    environment.on('heartbeat', (beat) => {
      beats.push(beat);
      gone = false;
    });
    const { dispatch: sending } = createDispatchActivities({ ...deps, sql }, { ensure: async () => {} });
    expect(await environment.run(sending, send(orderId))).toMatchObject({ kind: 'accepted', providerOrder: '4712' });
    expect(beats).toEqual([{ sends: 1, answer: { kind: 'accepted', providerOrder: '4712' } }]);
    expect(await attemptOf(orderId)).toMatchObject({ state: 'accepted', sends: 1 });
  });

  it('a sender that goes by an older look neither takes nor releases', async () => {
    const orderId = await newOrder();
    const key = { orderId, batch: 1, attempt: 1 };
    await beginAttempt(database.sql, send(orderId));
    await takeAttempt(database.sql, { ...key, sends: 0 });
    await releaseAttempt(database.sql, { ...key, sends: 1 }, 'ECONNREFUSED');
    expect(await takeAttempt(database.sql, { ...key, sends: 0 })).toBe(false);
    expect(await takeAttempt(database.sql, { ...key, sends: 1 })).toBe(true);
    await releaseAttempt(database.sql, { ...key, sends: 1 }, 'thawed');
    expect(await attemptOf(orderId)).toMatchObject({ state: 'sending', sends: 2 });
  });

  it('for a batch that is another one in the database is for the workflow to mend: nothing is sent', async () => {
    const orderId = await newOrder();
    await beginAttempt(database.sql, send(orderId));
    const adds = panel.adds().length;
    const { dispatch: activity } = createDispatchActivities(deps, { ensure: async () => {} });
    for (const other of [{ quantity: 400 }, { resends: 1 }]) {
      const asked = new MockActivityEnvironment().run(activity, { ...send(orderId), ...other });
      await expect(asked).rejects.toMatchObject({ type: STALE, nonRetryable: true });
    }
    expect(panel.adds().length).toBe(adds);
  });

  it('an order that has ended is not sent', async () => {
    const orderId = await newOrder();
    await beginAttempt(database.sql, send(orderId));
    const { settleOrder } = createSettleActivities(deps);
    const ended = { orderId, reason: null, actor: 'ann', at: Date.now(), ends: [], decided: true };
    expect(await settleOrder({ ...ended, status: 'Canceled', delivered: 0 })).toMatchObject({
      status: 'Canceled',
      delivered: 0,
      refill: null,
    });
    const adds = panel.adds().length;
    // A late caller, e.g. after a reset, must not retry.
    await expect(dispatch(orderId)).rejects.toMatchObject({ type: STALE, nonRetryable: true });
    expect(panel.adds().length).toBe(adds);
    // A reset workflow that comes to another end gets the end that was stored.
    expect(await settleOrder({ ...ended, status: 'Completed', delivered: 1000 })).toMatchObject({
      status: 'Canceled',
      delivered: 0,
      refill: null,
    });
  });

  it.each([
    ['refused', 'Incorrect link \0 \ud800', 'refused', 'Incorrect link'],
    ['unknown', 'who knows \0 what\ud800', 'unknown', 'error that is not known: who knows   what'],
  ])(
    'a zero byte and half a character in a provider’s error are no reason to try for ever (%s)',
    async (kind, error, state, said) => {
      const orderId = await newOrder();
      panel.onAdd = () => ({ error });
      expect(await dispatch(orderId)).toMatchObject({ kind });
      panel.onAdd = (_, number) => ({ order: 5000 + number });
      const [attempt] = await database.sql`
      select state, case when state = 'unknown' then detail else error end as said from attempts where order_id = ${orderId}`;
      expect(attempt).toEqual({ state, said });
    },
  );

  it('keeps what a provider says out of what Temporal sees', async () => {
    const orderId = await newOrder();
    panel.onAdd = () => ({ error: 'Incorrect link https://example.com/private-person' });
    const outcome = await dispatch(orderId);
    panel.onAdd = (_, number) => ({ order: 5000 + number });
    expect(JSON.stringify(outcome)).toBe(`{"kind":"refused","provider":${(outcome as { provider: number }).provider}}`);
  });
});
