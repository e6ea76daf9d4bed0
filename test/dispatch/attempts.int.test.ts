import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  attemptAccepted,
  attemptRefused,
  attemptUnknown,
  beginAttempt,
  releaseAttempt,
  takeAttempt,
} from '../../db/dispatch/attempts.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { attemptOf, refusedBy, running, sending } from '../support/engines/running.ts';
import { atOnce, end, refusedWith } from '../support/reads/books.ts';
import { openShop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const urls = (count: number) => Array.from({ length: count }, (_, at) => `http://127.0.0.1:${at + 1}/api/v2`);
const AT = new Date('2026-11-21T12:00:00Z');

async function standing(orderId: number) {
  const [row] = await database.sql`
    select o.status, o.attention, b.state as batch, b.provider_order as "providerOrder", b.accepted_at as "acceptedAt",
           (select array_agg(type order by id) from events where order_id = o.id) as events
      from orders o join batches b on b.order_id = o.id and b.batch = 1 where o.id = ${orderId}`;
  return row;
}

describe('an attempt', () => {
  it('is written down on the best route with all that is needed to send it', async () => {
    const { sql } = database;
    const { order, providers } = await openShop(sql, { providers: urls(2), service: { type: 'Mentions' } });
    const id = await order({ quantity: 500, link: 'https://example.com/p/9', fields: { usernames: 'a\nb' } });
    expect(await beginAttempt(sql, attemptOf(id, 1, 1, { quantity: 500 }))).toMatchObject({
      state: 'intent',
      sends: 0,
      sendingSeconds: 0,
      provider: providers[0],
      url: 'http://127.0.0.1:1/api/v2',
      type: 'Mentions',
      link: 'https://example.com/p/9',
      quantity: 500,
      fields: { usernames: 'a\nb' },
      providerOrder: null,
    });
    expect(await standing(id)).toMatchObject({ status: 'Pending', batch: 'waiting' });
  });

  it('is not followed by another one while a provider has the batch, whatever its workflow believes', async () => {
    const { sql } = database;
    const { order } = await openShop(sql, { providers: urls(2) });
    const id = await order();
    await running(sql, id, `has-${id}`);
    await expect(beginAttempt(sql, attemptOf(id, 2))).rejects.toMatchObject({ code: 'HF004' });
    expect(await beginAttempt(sql, attemptOf(id))).toMatchObject({ state: 'accepted', providerOrder: `has-${id}` });
    expect(await sql`select attempt from attempts where order_id = ${id}`).toEqual([{ attempt: 1 }]);
  });

  it('begun again, by 20 workers at once too, is the same attempt', async () => {
    const { sql } = database;
    const { order } = await openShop(sql, { providers: urls(2) });
    for (let number = 0; number < 10; number += 1) {
      const id = await order();
      const seen = await atOnce(20, () => beginAttempt(sql, attemptOf(id)));
      expect(new Set(seen.map((attempt) => attempt?.provider)).size).toBe(1);
      expect(seen.every((attempt) => attempt?.state === 'intent')).toBe(true);
      expect((await sql`select 1 from attempts where order_id = ${id}`).length).toBe(1);
    }
  });

  it('is taken for sending by exactly one of 20 workers', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    const id = await order();
    await beginAttempt(sql, attemptOf(id));
    const taken = await atOnce(20, () => takeAttempt(sql, attemptOf(id)));
    expect(taken.filter(Boolean).length).toBe(1);
    expect(await beginAttempt(sql, attemptOf(id))).toMatchObject({ state: 'sending', sends: 1 });
    expect(await standing(id)).toMatchObject({ status: 'Processing', batch: 'sending' });
  });

  it('begun and taken in one commit, by 20 workers at once, belongs to one of them', async () => {
    const { sql } = database;
    const { order } = await openShop(sql, { providers: urls(2) });
    for (let number = 0; number < 10; number += 1) {
      const id = await order();
      const seen = await atOnce(20, () => beginAttempt(sql, attemptOf(id), AT, true));
      expect(seen.filter((attempt) => attempt?.taken).length).toBe(1);
      expect(seen.every((attempt) => attempt?.state === 'sending' && attempt.sends === 1)).toBe(true);
      expect(await standing(id)).toMatchObject({
        status: 'Processing',
        batch: 'sending',
        events: ['order.accepted', 'order.processing'],
      });
    }
  });

  it('that was released is taken again with its route, in one commit', async () => {
    const { sql } = database;
    const { order } = await openShop(sql, { providers: urls(2) });
    const id = await order();
    const { provider } = (await beginAttempt(sql, attemptOf(id), AT, true)) ?? {};
    await releaseAttempt(sql, attemptOf(id), 'ECONNREFUSED');
    const again = await beginAttempt(sql, attemptOf(id), AT, true);
    expect(again).toMatchObject({ state: 'sending', sends: 2, taken: true, provider });
  });

  it('is not taken before its target was counted', async () => {
    const { sql } = database;
    const counted = { verify: 'counter', counter_url: 'https://counter.example.com/{link}' };
    const { order } = await openShop(sql, { service: counted });
    const begun = await beginAttempt(sql, attemptOf(await order()), AT, true);
    expect(begun).toMatchObject({ state: 'intent', taken: false, countAt: counted.counter_url });
  });

  it('that nobody wrote down cannot be taken', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    expect(await takeAttempt(sql, attemptOf(await order()))).toBe(false);
  });

  it('that provably did not leave may be taken again, and counts its sends', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    const id = await order();
    await sending(sql, attemptOf(id));
    await releaseAttempt(sql, attemptOf(id), 'ECONNREFUSED');
    expect(await beginAttempt(sql, attemptOf(id))).toMatchObject({ state: 'intent', sends: 1, detail: 'ECONNREFUSED' });
    expect(await takeAttempt(sql, attemptOf(id))).toBe(true);
    expect(await beginAttempt(sql, attemptOf(id))).toMatchObject({ state: 'sending', sends: 2 });
  });

  it('that was accepted runs, and the order is In progress', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    const id = await order();
    await sending(sql, attemptOf(id));
    expect(await attemptAccepted(sql, attemptOf(id), `a-${id}`, AT)).toBe(true);
    expect(await standing(id)).toEqual({
      status: 'In progress',
      attention: 'none',
      batch: 'running',
      providerOrder: `a-${id}`,
      acceptedAt: AT,
      events: ['order.accepted', 'order.processing', 'order.in_progress'],
    });
  });

  it('that was accepted stays so, whatever is said of it afterwards', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    const id = await order();
    await running(sql, id, `b-${id}`, AT);
    const before = await standing(id);
    expect(await attemptAccepted(sql, attemptOf(id), `b-${id}`, new Date())).toBe(true);
    expect(await attemptAccepted(sql, attemptOf(id), `c-${id}`, new Date())).toBe(false);
    await attemptRefused(sql, attemptOf(id), 'Incorrect link', 'refused');
    await attemptUnknown(sql, attemptOf(id), 'no answer in time');
    await releaseAttempt(sql, attemptOf(id), 'ECONNREFUSED');
    expect(await takeAttempt(sql, attemptOf(id))).toBe(false);
    expect(await standing(id)).toEqual(before);
    expect(await beginAttempt(sql, attemptOf(id))).toMatchObject({ state: 'accepted', providerOrder: `b-${id}` });
  });

  it('that may have been placed makes the order wait for a person, and is never taken again', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    const id = await order();
    await sending(sql, attemptOf(id));
    await attemptUnknown(sql, attemptOf(id), 'x'.repeat(10_000));
    expect(await standing(id)).toMatchObject({ status: 'Processing', attention: 'uncertain', batch: 'uncertain' });
    expect(await takeAttempt(sql, attemptOf(id))).toBe(false);
    const attempt = await beginAttempt(sql, attemptOf(id));
    expect(attempt).toMatchObject({ state: 'unknown', detail: 'x'.repeat(LIMITS.providerText) });
  });

  it('answered after it was given up is noted for a person, and not accepted', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    const id = await order();
    await sending(sql, attemptOf(id));
    await attemptUnknown(sql, attemptOf(id), 'the sender died while it may have been sending');
    const before = await standing(id);
    expect(await attemptAccepted(sql, attemptOf(id), '4711', AT)).toBe(false);
    expect(await standing(id)).toEqual({ ...before, events: [...(before?.events ?? []), 'attempt.late'] });
    expect(await beginAttempt(sql, attemptOf(id))).toMatchObject({
      state: 'unknown',
      providerOrder: null,
      detail: 'answered late: accepted as 4711',
    });
  });

  it('given up and accepted at the same moment ends one way', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    await atOnce(20, async () => {
      const id = await order();
      await sending(sql, attemptOf(id));
      const [accepted] = await Promise.all([
        attemptAccepted(sql, attemptOf(id), `r-${id}`, AT),
        attemptUnknown(sql, attemptOf(id), 'given up'),
      ]);
      expect(await standing(id)).toMatchObject(
        accepted
          ? { status: 'In progress', attention: 'none', batch: 'running', providerOrder: `r-${id}` }
          : { status: 'Processing', attention: 'uncertain', batch: 'uncertain', providerOrder: null },
      );
    });
  });
});

describe("a provider's order", () => {
  it('belongs to one batch only: the second to claim it is refused and still sending', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    const [one, other] = [await order(), await order()];
    await running(sql, one, 'only-one');
    await sending(sql, attemptOf(other));
    expect(await refusedWith(attemptAccepted(sql, attemptOf(other), 'only-one', AT))).toBe('23505');
    expect(await beginAttempt(sql, attemptOf(other))).toMatchObject({ state: 'sending', providerOrder: null });
    expect(await standing(other)).toMatchObject({ status: 'Processing', batch: 'sending' });
  });

  it('of the same number at another provider is another order', async () => {
    const { sql } = database;
    for (const shop of [await openShop(sql), await openShop(sql)]) {
      const id = await shop.order();
      await running(sql, id, 'same-number');
      expect(await standing(id)).toMatchObject({ batch: 'running' });
    }
  });
});

describe('the next attempt', () => {
  it('after a refusal goes to the next route, and after the last there is none', async () => {
    const { sql } = database;
    const { order, providers } = await openShop(sql, { providers: urls(3) });
    const id = await order();
    const asked = [];
    for (const number of [1, 2, 3]) asked.push(await refusedBy(sql, attemptOf(id, number), 'refused'));
    expect(asked).toEqual(providers);
    expect(await beginAttempt(sql, attemptOf(id, 4))).toBeUndefined();
  });

  it('when the link is still busy there goes to the same provider again', async () => {
    const { sql } = database;
    const { order, providers } = await openShop(sql, { providers: urls(2) });
    const id = await order();
    expect(await refusedBy(sql, attemptOf(id, 1), 'wait')).toBe(providers[0]);
    expect((await beginAttempt(sql, attemptOf(id, 2)))?.provider).toBe(providers[0]);
  });

  it('passes over routes that are switched off and providers that are paused', async () => {
    const { sql } = database;
    const { order, providers, service } = await openShop(sql, { providers: urls(3) });
    const [first = 0, second = 0, third = 0] = providers;
    await sql`update routes set active = false where service_id = ${service} and provider_id = ${first}`;
    await sql`update providers set paused_until = now() + interval '1 hour' where id = ${second}`;
    expect((await beginAttempt(sql, attemptOf(await order())))?.provider).toBe(third);
    await sql`update providers set paused_until = now() - interval '1 second' where id = ${second}`;
    expect((await beginAttempt(sql, attemptOf(await order())))?.provider).toBe(second);
  });

  it('of an order that has ended does not exist', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    const id = await order();
    await end(sql, id, 0);
    expect(await beginAttempt(sql, attemptOf(id))).toBeUndefined();
  });

  it('is told in the timeline with what the refusal meant, not with what the provider wrote', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    const id = await order();
    await refusedBy(sql, attemptOf(id), 'refused');
    const [event] = await sql`select actor, data from events where order_id = ${id} and type = 'attempt.refused'`;
    expect(event).toEqual({ actor: 'provider', data: { batch: 1, attempt: 1, meaning: 'refused' } });
  });
});

describe('what an order lacks, where quantities are multiples', () => {
  it('is sent as it is, and to no provider that does not take it so: never more than was paid for', async () => {
    const { sql } = database;
    const { order, providers, service } = await openShop(sql, { providers: urls(3) });
    const [first = 0, second = 0, third = 0] = providers;
    await sql`update routes set quantity_step = 50 where service_id = ${service} and provider_id = ${second}`;
    const again = async (quantity: number) => {
      const id = await order({ link: `https://example.com/p/lacks-${quantity}` });
      await running(sql, id, `lacks-${id}`);
      return beginAttempt(sql, attemptOf(id, 1, 2, { quantity, resends: 1 }));
    };
    expect(await again(400)).toMatchObject({ provider: second, quantity: 400 });
    expect(await again(405)).toMatchObject({ provider: third, quantity: 405 });
    // Staff set the step for all routes.
    await sql`update services set step = 10 where id = ${service}`;
    expect(await again(410)).toMatchObject({ provider: third, quantity: 410 });
    expect(await again(406)).toBeUndefined();
    expect(first).toBeGreaterThan(0);
  });

  it('an order that was placed before a service had its step is sent as it was placed', async () => {
    const { sql } = database;
    const { order, service } = await openShop(sql);
    const id = await order({ quantity: 1001 });
    await sql`update services set step = 10 where id = ${service}`;
    expect(await beginAttempt(sql, attemptOf(id, 1, 1, { quantity: 1001 }))).toMatchObject({ state: 'intent' });
  });
});
