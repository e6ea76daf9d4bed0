import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  attemptAccepted,
  attemptRefused,
  attemptUnknown,
  beginAttempt,
  releaseAttempt,
  takeAttempt,
  whyNotBegun,
} from '../../db/dispatch/attempts.ts';
import type { Trouble } from '../../domain/dispatch/outcome.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { attemptOf, refusedBy, sending } from '../support/engines/running.ts';
import { atOnce, end } from '../support/reads/books.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const urls = (count: number) => Array.from({ length: count }, (_, at) => `http://127.0.0.1:${at + 1}/api/v2`);

/** The provider's pause and troubles; `seconds` of the pause left, rounded up to a multiple of 5. */
async function standing(provider: number) {
  const [row] = await database.sql`
    select (ceil(extract(epoch from paused_until - clock_timestamp()) / 5) * 5)::integer as seconds, pause_reason as reason, troubles
      from providers where id = ${provider}`;
  return row;
}
/** Whether the provider's pause is for all, and the accounts whose orders it refused. */
const pausedFor = async (provider: number) =>
  (
    await database.sql`select paused_for_all as all, failed_accounts as accounts from providers where id = ${provider}`
  )[0];
const alerts = async (provider: number) => [
  ...(await database.sql`
    select kind, detail, resolved_at is null as open from alerts where subject = ${`provider:${provider}`} order by id`),
];
/** The seconds that an order waits for a pause, without those that spread the orders, rounded as in `standing`; or why it waits. */
async function waits(id: number, attempt: number) {
  const why = await whyNotBegun(database.sql, attemptOf(id, attempt));
  return why.kind === 'paused' ? Math.ceil((why.seconds - 1 - (id % 10)) / 5) * 5 : why.kind;
}
/** Makes the provider's pause end `seconds` ago. */
const pauseOver = (provider: number, seconds = 1) =>
  database.sql`update providers set paused_until = clock_timestamp() - make_interval(secs => ${seconds}) where id = ${provider}`;

describe('a provider in trouble', () => {
  it.each<[Trouble, number]>([
    ['funds', 30],
    ['key', 30],
    ['throttled', 5],
    ['unreachable', 30],
    ['trouble', 30],
  ])('is paused, and the operator is told once: %s', async (trouble, seconds) => {
    const { sql } = database;
    const { order, providers } = await openShop(sql, { providers: urls(1) });
    const [provider = 0] = providers;
    const id = await order();
    await sending(sql, attemptOf(id));
    expect(await attemptRefused(sql, attemptOf(id), 'said the provider', trouble)).toMatchObject({ alerted: true });
    expect(await standing(provider)).toEqual({ seconds, reason: trouble, troubles: 1 });
    expect(await alerts(provider)).toEqual([{ kind: 'provider_paused', detail: trouble, open: true }]);
    await pauseOver(provider);
    await sending(sql, attemptOf(id, 2));
    expect(await attemptRefused(sql, attemptOf(id, 2), 'said the provider', 'key')).toMatchObject({ alerted: false });
    expect(await alerts(provider)).toEqual([{ kind: 'provider_paused', detail: 'key', open: true }]);
  });

  it('is paused for longer each time, up to a quarter of an hour, and shortly again after a quiet hour', async () => {
    const { sql } = database;
    const { order, providers } = await openShop(sql, { providers: urls(1) });
    const [provider = 0] = providers;
    const id = await order();
    const seen = [];
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      await refusedBy(sql, attemptOf(id, attempt), 'funds');
      seen.push((await standing(provider))?.seconds);
      await pauseOver(provider, attempt === 7 ? 3_700 : 60);
    }
    expect(seen).toEqual([30, 60, 120, 240, 480, 900, 900, 30]);
  });

  it('is paused once by 20 orders that fail at the same moment', async () => {
    const { sql } = database;
    const { order, providers } = await openShop(sql, { providers: urls(1) });
    const ids = await atOnce(20, () => order());
    for (const id of ids) await sending(sql, attemptOf(id));
    const raised = await Promise.all(ids.map((id) => attemptRefused(sql, attemptOf(id), 'no funds', 'funds')));
    expect(raised.filter(({ alerted }) => alerted).length).toBe(1);
    expect(await standing(providers[0] ?? 0)).toEqual({ seconds: 30, reason: 'funds', troubles: 1 });
    expect((await alerts(providers[0] ?? 0)).length).toBe(1);
  });

  it('works again with the first order it takes, and the alert is resolved', async () => {
    const { sql } = database;
    const { order, providers } = await openShop(sql, { providers: urls(1) });
    const [provider = 0] = providers;
    const [id, late] = [await order(), await order()];
    await sending(sql, attemptOf(late));
    await refusedBy(sql, attemptOf(id), 'throttled');
    // This order was sent before the pause, so its acceptance proves nothing about the provider now.
    await attemptAccepted(sql, attemptOf(late), `late-${late}`, new Date());
    expect(await standing(provider)).toMatchObject({ reason: 'throttled', troubles: 1 });
    await pauseOver(provider);
    expect(await sending(sql, attemptOf(id, 2))).toMatchObject({ inTrouble: true });
    await attemptAccepted(sql, attemptOf(id, 2), `now-${id}`, new Date());
    expect(await standing(provider)).toEqual({ seconds: null, reason: null, troubles: 0 });
    expect(await alerts(provider)).toEqual([{ kind: 'provider_paused', detail: 'throttled', open: false }]);
  });

  it('is not paused by a refusal, by a link that is busy there, or by who goes by an older look', async () => {
    const { sql } = database;
    const { order, providers } = await openShop(sql, { providers: urls(1) });
    const [one, other, old] = [await order(), await order(), await order()];
    await refusedBy(sql, attemptOf(one), 'refused');
    await refusedBy(sql, attemptOf(other), 'wait');
    await sending(sql, attemptOf(old));
    expect(await attemptRefused(sql, { ...attemptOf(old), sends: 0 }, 'no funds', 'funds')).toMatchObject({
      alerted: false,
    });
    expect(await standing(providers[0] ?? 0)).toEqual({ seconds: null, reason: null, troubles: 0 });
  });
});

describe('an order that its provider alone does not take', () => {
  it.each(['trouble', 'funds'] as const)('waits, and keeps no other from the provider: %s', async (trouble) => {
    const { sql } = database;
    const { order, providers, account } = await openShop(sql, { providers: urls(1) });
    const [provider = 0] = providers;
    const [odd, one, other] = [await order(), await order(), await order()];
    await refusedBy(sql, attemptOf(odd), trouble);
    // An order that has failed there before retries after the others. Their outcome shows whether the provider is the cause.
    expect([await waits(odd, 2), await waits(one, 1)]).toEqual([40, 30]);
    await pauseOver(provider);
    await sending(sql, attemptOf(one));
    await attemptAccepted(sql, attemptOf(one), `one-${trouble}`, new Date());
    await refusedBy(sql, attemptOf(odd, 2), trouble);
    expect(await standing(provider)).toEqual({ seconds: null, reason: null, troubles: 0 });
    const [said] = await sql`select state, detail from attempts where order_id = ${odd} and attempt = 2`;
    expect(said).toEqual({ state: 'refused', detail: 'wait' });
    expect((await beginAttempt(sql, attemptOf(other)))?.provider).toBe(provider);
    // Another order of the account that fails there pauses the provider again, for this account.
    await refusedBy(sql, attemptOf(other), trouble);
    expect(await standing(provider)).toMatchObject({ reason: trouble, troubles: 1 });
    expect(await pausedFor(provider)).toEqual({ all: false, accounts: [account] });
  });
});

describe('a provider that refuses what may be the fault of the orders', () => {
  /** A provider with one service that several accounts order. */
  const shopOf = async (accounts: number) => {
    const { sql } = database;
    const first = await openShop(sql, { providers: urls(1) });
    const others = await atOnce(accounts - 1, () => openShop(sql, { providers: [] }));
    for (const { service } of others)
      await sql`insert into routes (service_id, position, provider_id, provider_service, rate)
        values (${service}, 1, ${first.providers[0] ?? 0}, '1', 50000)`;
    return { sql, provider: first.providers[0] ?? 0, shops: [first, ...others] as Shop[] };
  };
  const goes = async (id: number, attempt = 1) => (await beginAttempt(database.sql, attemptOf(id, attempt)))?.provider;
  const refuses = async (shop: Shop | undefined, trouble: Trouble) =>
    refusedBy(database.sql, attemptOf((await shop?.order()) ?? 0), trouble);

  it.each(['trouble', 'funds'] as const)(
    'is paused for their account alone, however often it tries: %s',
    async (trouble) => {
      const { sql, provider, shops } = await shopOf(2);
      const [one, other] = shops;
      for (let tries = 1; tries <= 6; tries += 1) {
        await refuses(one, trouble);
        expect(await pausedFor(provider)).toEqual({ all: false, accounts: [one?.account] });
        // Its later orders wait, and those of the other account go there, several at once.
        expect(await goes((await one?.order()) ?? 0)).toBeUndefined();
        for (let n = 0; n < 2; n += 1) {
          const id = (await other?.order()) ?? 0;
          expect(await sending(sql, attemptOf(id))).toMatchObject({ provider, inTrouble: false });
          await releaseAttempt(sql, attemptOf(id), 'ECONNREFUSED');
        }
        await pauseOver(provider);
      }
      expect(await standing(provider)).toMatchObject({ troubles: 6 });
    },
  );

  it('works when another account’s order is taken, even during the pause', async () => {
    const { sql, provider, shops } = await shopOf(2);
    const [one, other] = shops;
    await refuses(one, 'funds');
    const id = (await other?.order()) ?? 0;
    await sending(sql, attemptOf(id));
    await attemptAccepted(sql, attemptOf(id), `taken-${id}`, new Date());
    expect(await standing(provider)).toEqual({ seconds: null, reason: null, troubles: 0 });
    expect(await alerts(provider)).toEqual([{ kind: 'provider_paused', detail: 'funds', open: false }]);
    expect(await pausedFor(provider)).toEqual({ all: true, accounts: [] });
  });

  it('is paused for all once orders of three accounts fail, and longer with each further one', async () => {
    const { provider, shops } = await shopOf(5);
    const [one, two, three, four, five] = shops;
    await refuses(one, 'trouble');
    await refuses(two, 'trouble');
    expect(await pausedFor(provider)).toMatchObject({ all: false });
    await refuses(three, 'trouble');
    expect(await pausedFor(provider)).toMatchObject({ all: true });
    expect(await standing(provider)).toEqual({ seconds: 30, reason: 'trouble', troubles: 1 });
    expect(await goes((await four?.order()) ?? 0)).toBeUndefined();
    await pauseOver(provider);
    await refuses(four, 'trouble');
    expect(await standing(provider)).toEqual({ seconds: 60, reason: 'trouble', troubles: 2 });
    // An account that has failed before proves nothing new: its refusal keeps no other account away.
    await pauseOver(provider);
    await refuses(one, 'trouble');
    expect(await pausedFor(provider)).toMatchObject({ all: false });
    expect(await goes((await five?.order()) ?? 0)).toBe(provider);
  });

  it('is paused for all at once when the order cannot be the cause', async () => {
    const { provider, shops } = await shopOf(2);
    const [one, other] = shops;
    await refuses(one, 'trouble');
    await refuses(other, 'key');
    expect(await pausedFor(provider)).toMatchObject({ all: true });
    expect(await standing(provider)).toEqual({ seconds: 30, reason: 'key', troubles: 1 });
  });

  it('is still found broken by unclear answers to other accounts', async () => {
    const { sql, provider, shops } = await shopOf(2);
    const [one, other] = shops;
    await refuses(one, 'trouble');
    for (let n = 0; n < 3; n += 1) {
      expect(await pausedFor(provider)).toMatchObject({ all: false });
      const id = (await other?.order()) ?? 0;
      await sending(sql, attemptOf(id));
      await attemptUnknown(sql, attemptOf(id), 'HTTP 502', 3);
    }
    expect(await pausedFor(provider)).toMatchObject({ all: true });
    expect(await standing(provider)).toEqual({ seconds: 30, reason: 'trouble', troubles: 1 });
  });
});

describe('a route whose provider is paused', () => {
  const paused = async (count: number) => {
    const { sql } = database;
    const { order, providers, service } = await openShop(sql, { providers: urls(count) });
    const pause = (provider: number | undefined, seconds: number) =>
      sql`update providers set paused_until = clock_timestamp() + make_interval(secs => ${seconds}) where id = ${provider ?? 0}`;
    return { sql, order, providers, service, pause };
  };

  it('is passed over while another is left', async () => {
    const { sql, order, providers } = await paused(2);
    const id = await order();
    expect(await refusedBy(sql, attemptOf(id), 'funds')).toBe(providers[0]);
    expect((await beginAttempt(sql, attemptOf(id, 2)))?.provider).toBe(providers[1]);
    expect((await beginAttempt(sql, attemptOf(await order())))?.provider).toBe(providers[1]);
  });

  it('is waited for when no other is left, until the first pause ends, and no attempt is written down', async () => {
    const { sql, order, providers, pause } = await paused(3);
    const id = await order();
    expect(await refusedBy(sql, attemptOf(id), 'refused')).toBe(providers[0]);
    await pause(providers[1], 500);
    await pause(providers[2], 100);
    expect(await beginAttempt(sql, attemptOf(id, 2))).toBeUndefined();
    expect(await waits(id, 2)).toBe(100);
    expect((await sql`select 1 from attempts where order_id = ${id}`).length).toBe(1);
    await pauseOver(providers[2] ?? 0);
    // The pause ended between the two questions.
    expect(await whyNotBegun(sql, attemptOf(id, 2))).toEqual({ kind: 'paused', seconds: 1 + (id % 10) });
    expect((await beginAttempt(sql, attemptOf(id, 2)))?.provider).toBe(providers[2]);
  });

  it('is no route at all once it has refused, is switched off, or the order has ended', async () => {
    const { sql, order, providers, service, pause } = await paused(2);
    const [id, ended] = [await order(), await order()];
    await refusedBy(sql, attemptOf(id), 'refused');
    await sql`update routes set active = false where service_id = ${service} and provider_id = ${providers[1] ?? 0}`;
    await pause(providers[0], 100);
    expect(await beginAttempt(sql, attemptOf(id, 2))).toBeUndefined();
    expect(await whyNotBegun(sql, attemptOf(id, 2))).toEqual({ kind: 'exhausted' });
    await end(sql, ended, 0);
    expect(await whyNotBegun(sql, attemptOf(ended))).toEqual({ kind: 'exhausted' });
  });

  it('gives up what could not be sent there before it was paused', async () => {
    const { sql, order, providers, pause } = await paused(2);
    const id = await order();
    await sending(sql, attemptOf(id));
    await releaseAttempt(sql, attemptOf(id), 'ECONNREFUSED');
    await pause(providers[0], 100);
    expect(await beginAttempt(sql, attemptOf(id))).toMatchObject({ state: 'refused', detail: 'trouble' });
    expect(await takeAttempt(sql, attemptOf(id))).toBe(false);
    expect((await beginAttempt(sql, attemptOf(id, 2)))?.provider).toBe(providers[1]);
  });

  it('leaves what it has accepted alone', async () => {
    const { sql, order, providers, pause } = await paused(1);
    const id = await order();
    await sending(sql, attemptOf(id));
    await attemptAccepted(sql, attemptOf(id), `kept-${id}`, new Date());
    await pause(providers[0], 100);
    expect(await beginAttempt(sql, attemptOf(id))).toMatchObject({ state: 'accepted' });
  });

  it('comes after the others, once its pause is over, for a batch it has failed', async () => {
    const { sql, order, providers } = await paused(2);
    const [first = 0, second = 0] = providers;
    const id = await order();
    expect(await refusedBy(sql, attemptOf(id, 1), 'key')).toBe(first);
    await pauseOver(first);
    expect(await refusedBy(sql, attemptOf(id, 2), 'refused')).toBe(second);
    expect((await beginAttempt(sql, attemptOf(id, 3)))?.provider).toBe(first);
    expect((await beginAttempt(sql, attemptOf(await order())))?.provider).toBe(first);
  });
});

describe('the cap of a batch that waits', () => {
  it('runs from the first wait, and again in full from its acceptance', async () => {
    const { sql } = database;
    const { order, providers } = await openShop(sql, { providers: urls(1), service: { review_after_seconds: 3_600 } });
    const cap = async (id: number) =>
      (await sql<{ at: Date | null }[]>`select review_at as at from batches where order_id = ${id}`)[0]?.at ?? null;
    const id = await order();
    expect(await refusedBy(sql, attemptOf(id), 'funds')).toBe(providers[0]);
    expect(await cap(id)).toBeNull();
    const first = new Date(Date.now() + 5_000);
    await whyNotBegun(sql, attemptOf(id, 2), first);
    await whyNotBegun(sql, attemptOf(id, 2), new Date(first.getTime() + 60_000));
    expect(await cap(id)).toEqual(new Date(first.getTime() + 3_600_000));
    await pauseOver(providers[0] ?? 0);
    await sending(sql, attemptOf(id, 2));
    const at = new Date(first.getTime() + 90_000);
    await attemptAccepted(sql, attemptOf(id, 2), `cap-${id}`, at);
    expect(await cap(id)).toEqual(new Date(at.getTime() + 3_600_000));
    const busy = await order();
    await refusedBy(sql, attemptOf(busy), 'wait');
    expect(await cap(busy)).not.toBeNull();
  });
});
