import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Deps } from '../../activities/runtime/deps.ts';
import { createWebhookActivities } from '../../activities/webhook/activities.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { DeliveryRound } from '../../domain/webhook/webhooks.ts';
import type { AttemptResult } from '../../workflows/contract.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { openReceiver, type Receiver } from '../support/peers/receiver.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { openShop } from '../support/worlds/shop.ts';
import { customerOf, retryingDeliveries } from '../support/worlds/webhooks.ts';

const soon = { timeout: 10_000, interval: 10 };
const MINUTE = 60_000;

describe('a retry whose receiver has no room', () => {
  let database: TestDatabase;
  let api: ServedApi;
  let deps: Deps;
  let receiver: Receiver;
  let webhook: number;
  let attemptDelivery: ReturnType<typeof createWebhookActivities>['attemptDelivery'];

  beforeAll(async () => {
    database = await testDatabase();
    // Nothing here calls Temporal.
    const temporal = new Client({ connection: Connection.lazy() });
    const log = pino({ level: 'silent' });
    const masterKey = randomBytes(32);
    deps = { sql: database.sql, temporal, masterKey, currency: 'USD', allowLoopback: true, log };
    api = await serveApi({ ...deps, appUrl: database.appUrl });
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });
  beforeEach(async () => {
    const { account } = await openShop(database.sql);
    const customer = await customerOf(database.sql, api, account);
    receiver = await openReceiver();
    webhook = (await customer.webhook({ url: receiver.url })).id;
    ({ attemptDelivery } = createWebhookActivities(deps));
    return () => receiver.close();
  });

  /** The nth attempt of the activity, so many milliseconds after the activity was scheduled. */
  const attempt = (round: DeliveryRound, nth = 1, waited = 0, begunAt = Date.now()): Promise<AttemptResult> =>
    new MockActivityEnvironment({
      attempt: nth,
      scheduledTimestampMs: begunAt,
      currentAttemptScheduledTimestampMs: begunAt + waited,
    }).run(attemptDelivery, { ...round, begunAt, now: begunAt });
  /** The seconds until Temporal starts the activity again. */
  const wait = async (round: DeliveryRound, nth?: number): Promise<number> => {
    const error = await attempt(round, nth).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ category: 'BENIGN', nextRetryDelay: expect.stringMatching(/^[\d.]+s$/) });
    return Number.parseFloat((error as { nextRetryDelay: string }).nextRetryDelay);
  };
  /** Fills the receiver with requests that it does not answer. Returns a delivery that finds no room, and how to answer them. */
  async function full() {
    const held: (() => void)[] = [];
    receiver.answer = (response) => void held.push(() => response.writeHead(204).end());
    const rounds = await retryingDeliveries(database.sql, { id: webhook, count: LIMITS.webhookRequestsEach + 1 });
    const [next, ...first] = rounds as [DeliveryRound, ...DeliveryRound[]];
    const attempts = first.map((round) => attempt(round));
    await expect.poll(() => receiver.heard.length, soon).toBe(LIMITS.webhookRequestsEach);
    const answer = async () => {
      receiver.answer = (response) => void response.writeHead(204).end();
      for (const one of held) one();
      await Promise.all(attempts);
    };
    return { next, answer };
  }

  it('waits longer each time, to at most five minutes, and is made as soon as it asks when there is room', async () => {
    const { next, answer } = await full();
    const longest = [3, 6, 12, 24, 48, 96, 192, 300, 300];
    const waits: number[] = [];
    for (const nth of longest.keys()) waits.push(await wait(next, nth + 1));
    waits.push(await wait(next, 2_000));
    for (const [nth, seconds] of [...longest, 300].entries()) {
      expect(waits[nth]).toBeLessThanOrEqual(seconds);
      expect(waits[nth]).toBeGreaterThanOrEqual(seconds / 2);
    }
    expect(receiver.heard).toHaveLength(LIMITS.webhookRequestsEach);
    await answer();
    expect(await attempt(next, 10)).toEqual({ state: 'delivered', nextAt: null });
  });

  it('waits longer when many others wait for that receiver', async () => {
    const { answer } = await full();
    const rounds = await retryingDeliveries(database.sql, { id: webhook, count: 600 });
    const waits = await Promise.all(rounds.map((round) => wait(round)));
    expect(waits[0]).toBeLessThanOrEqual(3);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(30);
    await answer();
  });

  it('is over at once when its round is over', async () => {
    const { next, answer } = await full();
    await wait(next);
    await database.sql`
      update webhook_deliveries set round = 2 where endpoint_id = ${webhook} and event_id = ${next.event}`;
    expect(await attempt(next, 2)).toEqual({ state: 'stopped', nextAt: null });
    await wait({ ...next, round: 2 });
    await database.sql`
      update webhook_deliveries set state = 'stopped', next_attempt_at = null
        where endpoint_id = ${webhook} and event_id = ${next.event}`;
    expect(await attempt({ ...next, round: 2 }, 2)).toEqual({ state: 'stopped', nextAt: null });
    expect(receiver.heard).toHaveLength(LIMITS.webhookRequestsEach);
    await answer();
  });

  it('follows the schedule from the moment at which it was made, and is the last when that is after three days', async () => {
    receiver.answer = (response) => void response.writeHead(500).end();
    const [one, other] = (await retryingDeliveries(database.sql, { id: webhook, count: 2 })) as [
      DeliveryRound,
      DeliveryRound,
    ];
    const begunAt = Date.now();
    const { state, nextAt } = await attempt(one, 12, 45 * MINUTE, begunAt);
    expect(state).toBe('retrying');
    expect(nextAt).toBeGreaterThan(begunAt + 45 * MINUTE);
    expect(await attempt(other, 900, 100 * 60 * MINUTE, begunAt)).toEqual({ state: 'failed', nextAt: null });
  });
});
