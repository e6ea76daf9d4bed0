import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDispatchActivities } from '../../activities/dispatch/dispatch.ts';
import type { Deps } from '../../activities/runtime/deps.ts';
import {
  attemptAccepted,
  attemptRefused,
  attemptUnknown,
  beginAttempt,
  takeAttempt,
  whyNotBegun,
} from '../../db/dispatch/attempts.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { attemptOf, sending } from '../support/engines/running.ts';
import { openShop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** A shop whose first provider has this profile. */
async function shopOf(profile: Readonly<Record<string, number | null>> = {}, count = 1) {
  const { sql } = database;
  const urls = Array.from({ length: count }, (_, n) => `http://127.0.0.1:9/${n}`);
  const shop = await openShop(sql, { providers: urls, service: { review_after_seconds: 3_600 } });
  const [provider = 0] = shop.providers;
  await sql`update providers set profile = ${sql.json(profile)} where id = ${provider}`;
  return {
    ...shop,
    sql,
    provider,
    orders: (many: number) => Promise.all(Array.from({ length: many }, () => shop.order())),
  };
}

/** `seconds` of the pause left, rounded up to a multiple of 5. */
const standing = async (provider: number) => {
  const [row] = await database.sql`
    select pause_reason as reason, troubles, unclear,
           (ceil(extract(epoch from paused_until - clock_timestamp()) / 5) * 5)::integer as seconds,
           (select count(*)::integer from alerts where subject = 'provider:' || p.id and resolved_at is null) as alerts
      from providers p where id = ${provider}`;
  return row;
};
const works = { reason: null, troubles: 0, unclear: 0, seconds: null, alerts: 0 };
const pauseOver = (provider: number) =>
  database.sql`update providers set paused_until = clock_timestamp() where id = ${provider}`;

/** Sends an order and gets an unclear answer. Returns whether that raised an alert. */
async function unclear(id: number, breakAfter = 3): Promise<boolean> {
  await sending(database.sql, attemptOf(id));
  return attemptUnknown(database.sql, attemptOf(id), 'HTTP 502', breakAfter);
}
/** Clear answers to a sent order. */
const CLEAR: readonly (readonly [string, (id: number) => Promise<unknown>])[] = [
  ['takes', (id) => attemptAccepted(database.sql, attemptOf(id), `there-${id}`, new Date())],
  ['refuses', (id) => attemptRefused(database.sql, attemptOf(id), 'Incorrect link', 'refused')],
];

describe('a provider that gives no clear answers', () => {
  it('is paused after three in a row, with one alert', async () => {
    const { orders, provider } = await shopOf();
    const [one, two, three] = (await orders(3)) as [number, number, number];
    expect([await unclear(one), await unclear(two)]).toEqual([false, false]);
    expect(await standing(provider)).toEqual({ ...works, unclear: 2 });
    expect(await unclear(three)).toBe(true);
    expect(await standing(provider)).toEqual({ reason: 'trouble', troubles: 1, unclear: 0, seconds: 30, alerts: 1 });
  });

  it('is paused after as many as its profile says, and its next route takes the orders', async () => {
    const { orders, provider, providers, sql } = await shopOf({}, 2);
    const [one, other] = (await orders(2)) as [number, number];
    expect(await unclear(one, 1)).toBe(true);
    expect(await standing(provider)).toMatchObject({ reason: 'trouble', alerts: 1 });
    expect((await beginAttempt(sql, attemptOf(other)))?.provider).toBe(providers[1]);
    const [left] = await sql`select attention from orders where id = ${one}`;
    expect(left).toEqual({ attention: 'uncertain' });
  });

  it.each(CLEAR)('is counted anew after an order that it %s', async (_, answers) => {
    const { orders, provider } = await shopOf();
    const [one = 0, two = 0, clear = 0, three = 0, four = 0] = await orders(5);
    for (const id of [one, two]) await unclear(id);
    await sending(database.sql, attemptOf(clear));
    await answers(clear);
    expect(await standing(provider)).toEqual(works);
    for (const id of [three, four]) expect(await unclear(id)).toBe(false);
    expect(await standing(provider)).toMatchObject({ reason: null, unclear: 2 });
  });

  it('has no part in a worker that died while it may have been sending', async () => {
    const { orders, provider, sql } = await shopOf();
    for (const id of await orders(5)) {
      await sending(sql, attemptOf(id));
      expect(await attemptUnknown(sql, attemptOf(id), 'the sender died')).toBe(false);
    }
    expect(await standing(provider)).toEqual(works);
  });

  it('is paused for longer each time its probe is not answered clearly, without another alert', async () => {
    const { orders, provider } = await shopOf();
    const [one = 0, two = 0, three = 0, probe = 0, again = 0] = await orders(5);
    for (const id of [one, two, three]) await unclear(id);
    await pauseOver(provider);
    expect(await unclear(probe)).toBe(false);
    expect(await standing(provider)).toMatchObject({ reason: 'trouble', troubles: 2, seconds: 60, alerts: 1 });
    await pauseOver(provider);
    await unclear(again);
    expect(await standing(provider)).toMatchObject({ troubles: 3, seconds: 120, alerts: 1 });
  });

  it('is not paused again for what was sent before its pause', async () => {
    const { orders, provider, sql } = await shopOf();
    const [one = 0, two = 0, three = 0, slow = 0] = await orders(4);
    await sending(sql, attemptOf(slow));
    for (const id of [one, two, three]) await unclear(id);
    await pauseOver(provider);
    expect(await attemptUnknown(sql, attemptOf(slow), 'no answer in time', 3)).toBe(false);
    expect(await standing(provider)).toMatchObject({ troubles: 1, seconds: 0 });
  });

  it.each(CLEAR)('is probed by one order, while the others pass it over, until it %s it', async (_, answers) => {
    const { orders, provider, providers, sql } = await shopOf({}, 2);
    const [one = 0, two = 0, three = 0, probe = 0, other = 0, later = 0] = await orders(6);
    for (const id of [one, two, three]) await unclear(id);
    await pauseOver(provider);
    expect((await beginAttempt(sql, attemptOf(probe)))?.provider).toBe(provider);
    await takeAttempt(sql, attemptOf(probe));
    expect((await beginAttempt(sql, attemptOf(other)))?.provider).toBe(providers[1]);
    await answers(probe);
    expect(await standing(provider)).toEqual(works);
    expect((await beginAttempt(sql, attemptOf(later)))?.provider).toBe(provider);
  });
});

describe('sends in flight at one provider', () => {
  const inFlight = async (provider: number) =>
    (
      await database.sql`select count(*)::integer as n from attempts where provider_id = ${provider} and state = 'sending'`
    )[0]?.n;

  it.each<[string, Record<string, number | null>, number]>([
    ['20 as usual', { maxParallelSends: null }, 20],
    ['as many as the profile says', { maxParallelSends: 3 }, 3],
  ])('are never more than allowed, however many take theirs at once: %s', async (_, profile, bound) => {
    const { orders, provider, sql } = await shopOf(profile);
    const ids = await orders(40);
    for (const id of ids) expect((await beginAttempt(sql, attemptOf(id)))?.provider).toBe(provider);
    const taken = await Promise.all(ids.map((id) => takeAttempt(sql, attemptOf(id))));
    expect(taken.filter(Boolean).length).toBe(bound);
    expect(await inFlight(provider)).toBe(bound);
    expect(await standing(provider)).toEqual(works);
  });

  it('are never more than allowed, however many are begun and taken in one commit', async () => {
    const { orders, provider, sql } = await shopOf({ maxParallelSends: 3 });
    const ids = await orders(40);
    const begun = await Promise.all(ids.map((id) => beginAttempt(sql, attemptOf(id), new Date(), true)));
    expect(begun.filter((attempt) => attempt?.taken).length).toBe(3);
    expect(await inFlight(provider)).toBe(3);
    const left = ids[begun.indexOf(undefined)] ?? 0;
    expect(await whyNotBegun(sql, attemptOf(left))).toEqual({ kind: 'full', provider });
  });

  it('make the next wait, which is no trouble, until one is over or given up', async () => {
    const { orders, provider, providers, sql } = await shopOf({ maxParallelSends: 1 }, 2);
    const [one = 0, next = 0, third = 0] = await orders(3);
    await sending(sql, attemptOf(one));
    expect(await beginAttempt(sql, attemptOf(next))).toBeUndefined();
    expect(await whyNotBegun(sql, attemptOf(next))).toEqual({ kind: 'full', provider });
    expect((await sql`select 1 from attempts where order_id = ${next}`).length).toBe(0);
    expect(await standing(provider)).toEqual(works);
    // The deadline of a waiting order runs all the same.
    const [batch] = await sql`select review_at > clock_timestamp() as runs from batches where order_id = ${next}`;
    expect(batch).toEqual({ runs: true });
    await attemptAccepted(sql, attemptOf(one), `there-${one}`, new Date());
    await sending(sql, attemptOf(next));
    expect(await beginAttempt(sql, attemptOf(third))).toBeUndefined();
    await sql`update attempts set sending_at = sending_at - interval '36 seconds' where order_id = ${next}`;
    expect((await beginAttempt(sql, attemptOf(third)))?.provider).toBe(provider);
    expect(providers.length).toBe(2);
  });

  it('are none once it is paused, whatever was begun before', async () => {
    const { orders, provider, sql } = await shopOf();
    const [id = 0] = await orders(1);
    await beginAttempt(sql, attemptOf(id));
    await sql`update providers set paused_until = clock_timestamp() + interval '1 minute' where id = ${provider}`;
    expect(await takeAttempt(sql, attemptOf(id))).toBe(false);
    expect(await inFlight(provider)).toBe(0);
  });

  it('make an activity fail benignly for half a minute, and then the order itself wait', async () => {
    const { orders, sql } = await shopOf({ maxParallelSends: 1 });
    const [one = 0, next = 0] = await orders(2);
    await sending(sql, attemptOf(one));
    const deps = { sql, masterKey: Buffer.alloc(32), log: pino({ level: 'silent' }) } as unknown as Deps;
    const asked = (secondsAgo: number, attempt: number) =>
      new MockActivityEnvironment({
        attempt,
        scheduledTimestampMs: Date.now() - secondsAgo * 1_000,
        currentAttemptScheduledTimestampMs: Date.now(),
      }).run(createDispatchActivities(deps, { ensure: async () => {} }).dispatch, attemptOf(next));
    await expect(asked(0, 1)).rejects.toMatchObject({ category: 'BENIGN', nextRetryDelay: expect.anything() });
    await expect(asked(20, 5)).rejects.toMatchObject({ category: 'BENIGN' });
    expect(await asked(31, 6)).toEqual({ kind: 'paused', seconds: 15 + (next % 10) });
  });
});
