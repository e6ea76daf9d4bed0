import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTarget, recordCountedStart } from '../../db/delivery/targets.ts';
import { beginAttempt, takeAttempt } from '../../db/dispatch/attempts.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { attemptOf } from '../support/engines/running.ts';
import { openShop } from '../support/worlds/shop.ts';

const counter_url = 'http://127.0.0.1:9/count';

describe('what a target showed before its order was sent', () => {
  let db: TestDatabase;

  beforeAll(async () => {
    db = await testDatabase();
  });
  afterAll(() => db.drop());

  const order = async (service: object = { counter_url }): Promise<number> =>
    (await openShop(db.sql, { service: { ...service } })).order();
  const startOf = async (orderId: number) => (await readTarget(db.sql, orderId)).start;

  it('is counted for the first attempt of the first batch, if the service has a counter', async () => {
    const orderId = await order();
    expect(await beginAttempt(db.sql, attemptOf(orderId))).toMatchObject({ countAt: counter_url });
    expect(await beginAttempt(db.sql, attemptOf(orderId, 1, 2))).toMatchObject({ countAt: null });
    const uncounted = await order({});
    expect(await beginAttempt(db.sql, attemptOf(uncounted))).toMatchObject({ countAt: null });
    expect(await readTarget(db.sql, uncounted)).toMatchObject({ counterUrl: null, start: null });
  });

  it('is the first count', async () => {
    const orderId = await order();
    await beginAttempt(db.sql, attemptOf(orderId));
    await recordCountedStart(db.sql, orderId, 0);
    await recordCountedStart(db.sql, orderId, 70);
    expect(await startOf(orderId)).toBe(0);
    expect(await beginAttempt(db.sql, attemptOf(orderId))).toMatchObject({ countAt: null });
  });

  it('is not what somebody counted who wrote it down after it was sent', async () => {
    const orderId = await order();
    await beginAttempt(db.sql, attemptOf(orderId));
    expect(await takeAttempt(db.sql, attemptOf(orderId))).toBe(true);
    await recordCountedStart(db.sql, orderId, 70);
    expect(await startOf(orderId)).toBeNull();
    await db.sql`update orders set start_count = 60 where id = ${orderId}`;
    expect(await startOf(orderId)).toBe(60);
  });

  it('holds on the terms of the day it was sold', async () => {
    const shop = await openShop(db.sql, { service: { verify: 'counter', counter_url, recheck_seconds: 60 } });
    const orderId = await shop.order();
    await db.sql`update services set counter_url = 'http://127.0.0.1:9/other', recheck_seconds = 1 where id = ${shop.service}`;
    expect(await readTarget(db.sql, orderId)).toMatchObject({ counterUrl: counter_url });
    const [row] = await db.sql`
      select verify, recheck_seconds, counter_tolerance_percent from orders where id = ${orderId}`;
    expect(row).toEqual({ verify: 'counter', recheck_seconds: 60, counter_tolerance_percent: 5 });
  });
});
