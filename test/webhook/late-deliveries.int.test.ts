import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sql } from '../../db/client.ts';
import { lateDeliveries } from '../../db/webhook/deliveries.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { notingConnection, runPlan } from '../support/reads/plans.ts';
import { openShop } from '../support/worlds/shop.ts';
import { retryingDeliveries } from '../support/worlds/webhooks.ts';

const LATE_SECONDS = 300;
const HOUR = 3_600;

describe('the search for late deliveries', () => {
  let database: TestDatabase;
  let sql: Sql;

  beforeAll(async () => {
    database = await testDatabase();
    ({ sql } = database);
  });
  afterAll(() => database.drop());
  beforeEach(() => sql`delete from webhook_deliveries`);

  /** A new account with a webhook of which `count` deliveries are overdue by so many seconds, or due in so many when negative. */
  async function endpoint(count: number, overdue: number): Promise<{ id: number; account: number }> {
    const { account } = await openShop(sql);
    const [{ id } = { id: 0 }] = await sql<{ id: number }[]>`
      insert into webhook_endpoints (account_id, url, secret_cipher)
        values (${account}, 'http://127.0.0.1:9/hook', '\\x00') returning id`;
    await retryingDeliveries(sql, { id, count, overdue });
    return { id, account };
  }
  /** How many of each endpoint are found. */
  async function found(most: number): Promise<Record<number, number>> {
    const counts: Record<number, number> = {};
    for (const { endpoint: id } of await lateDeliveries(sql, LATE_SECONDS, most)) counts[id] = (counts[id] ?? 0) + 1;
    return counts;
  }

  it('finds those of each webhook, however many of another one are later', async () => {
    const hanging = await endpoint(3_000, 5 * HOUR);
    const other = await endpoint(1, HOUR);
    await endpoint(5, LATE_SECONDS - 60);
    expect(await found(100)).toEqual({ [hanging.id]: 50, [other.id]: 1 });
    const late = await lateDeliveries(sql, LATE_SECONDS, 100);
    expect(late.find((one) => one.endpoint === other.id)).toMatchObject({ account: other.account, round: 1 });
  });

  it('takes the longest due first, and as many as it may when few webhooks have any', async () => {
    const { id } = await endpoint(300, HOUR);
    const rows = await sql<{ event: number }[]>`
      select event_id::float8 as event from webhook_deliveries where endpoint_id = ${id} order by next_attempt_at limit 100`;
    const events = (await lateDeliveries(sql, LATE_SECONDS, 100)).map(({ event }) => event);
    expect(events.sort()).toEqual(rows.map(({ event }) => event).sort());
  });

  it('takes in turn more webhooks than it may, one delivery of each', async () => {
    const ids: number[] = [];
    for (let one = 0; one < 6; one += 1) ids.push((await endpoint(20, HOUR)).id);
    const seen = new Set<number>();
    const all = async () => {
      const counts = await found(4);
      expect(Object.values(counts)).toEqual([1, 1, 1, 1]);
      for (const id of Object.keys(counts)) seen.add(Number(id));
      return seen.size;
    };
    await expect.poll(all, { timeout: 10_000, interval: 1 }).toBe(ids.length);
  });

  it('reads by the index, and not the deliveries that are not late', async () => {
    for (let one = 0; one < 5; one += 1) await endpoint(1_000, -HOUR);
    await endpoint(2_000, HOUR);
    await sql`analyze webhook_deliveries, webhook_endpoints`;
    const noting = notingConnection(database.appUrl);
    const late = await lateDeliveries(noting.sql, LATE_SECONDS, 40);
    const statement = noting.taken().find(({ text }) => text.includes('webhook_deliveries'));
    const plan = statement && (await runPlan(noting.sql, statement));
    await noting.sql.end();
    expect(late).toHaveLength(40);
    expect(plan?.scanned).not.toContain('webhook_deliveries');
    // One for each of the six webhooks, twice, and what is found.
    expect(plan?.read).toBeLessThan(100);
  });
});
