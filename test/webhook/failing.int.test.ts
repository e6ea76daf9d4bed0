import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Alert, listAlerts } from '../../db/reconcile/alerts.ts';
import { type AttemptRecord, recordDelivery, takeDeliveries } from '../../db/webhook/deliveries.ts';
import { deleteOldDeliveries } from '../../db/webhook/delivery-log.ts';
import { LIMITS } from '../../domain/limits.ts';
import { MAIL_RECEIVER } from '../../domain/webhook/webhooks.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';
import { type Customer, customerOf } from '../support/worlds/webhooks.ts';

const url = 'http://127.0.0.1:9/hook';
const over = { status: 500, error: null, nextAt: null };
const delivered: AttemptRecord = { ...over, state: 'delivered', status: 200 };
const failed: AttemptRecord = { ...over, state: 'failed' };
const retrying: AttemptRecord = { ...over, state: 'retrying', nextAt: Date.now() + 86_400_000 };

describe('a webhook that fails', () => {
  let database: TestDatabase;
  let api: ServedApi;
  let shop: Shop;
  let customer: Customer;
  let id: number;

  beforeAll(async () => {
    database = await testDatabase();
    // Nothing here calls Temporal.
    const temporal = new Client({ connection: Connection.lazy() });
    api = await serveApi({ ...database, temporal, masterKey: Buffer.alloc(32, 7) });
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });
  beforeEach(async () => {
    shop = await openShop(database.sql);
    customer = await customerOf(database.sql, api, shop.account);
    ({ id } = await customer.webhook({ url }));
  });

  const eventOf = (line: Record<string, unknown> | undefined) => Number(String(line?.event).slice(4));
  /** Makes a new event of the account and records how the attempt to deliver it ended. */
  async function attempt(how: AttemptRecord): Promise<boolean> {
    await shop.order();
    const [line] = await customer.log(id, '?state=pending');
    return recordDelivery(database.sql, { event: eventOf(line), endpoint: id, round: 1 }, how);
  }
  /** Makes the webhook look as if it had been failing for `days` more days. */
  const daysPass = (days: number) =>
    database.sql`update webhook_endpoints set failing_since = failing_since - make_interval(days => ${days}) where id = ${id}`;
  const alerts = async (open: boolean): Promise<Alert[]> =>
    (await listAlerts(database.sql, { open }, 100)).filter(({ subject }) => subject === `webhook:${id}`);
  const webhook = async () => (await customer.ask(`/${id}`)).body;

  it('is an alert after a day without a success, once, and until the next', async () => {
    await attempt(retrying);
    await attempt(failed);
    expect(await alerts(true)).toEqual([]);
    await daysPass(1);
    await attempt(retrying);
    await attempt(failed);
    expect(await alerts(true)).toMatchObject([{ kind: 'webhook_failing', detail: 'nothing got through for a day' }]);
    await attempt(delivered);
    expect([await alerts(true), (await alerts(false)).length]).toEqual([[], 1]);
    await attempt(failed);
    await daysPass(1);
    await attempt(failed);
    expect(await alerts(true)).toHaveLength(1);
  });

  it('is disabled when it gave up many events in a row for days, and enabled again by its owner', async () => {
    for (let event = 0; event < LIMITS.webhookPatience; event += 1) expect(await attempt(failed)).toBe(false);
    await daysPass(LIMITS.webhookPatienceDays);
    await shop.order();
    await shop.order();
    expect(await attempt(failed)).toBe(true);
    expect(await webhook()).toMatchObject({ enabled: false, disabledReason: 'failing' });
    expect((await customer.log(id)).slice(0, 4)).toMatchObject([
      { type: 'webhook.disabled', state: 'stopped', order: null },
      { state: 'failed' },
      { state: 'stopped' },
      { state: 'stopped' },
    ]);
    await shop.order();
    expect(await customer.log(id, '?state=pending')).toEqual([]);
    expect(await alerts(true)).toHaveLength(1);

    expect((await customer.change(`/${id}`, 'PATCH', { enabled: true })).body).toMatchObject({ enabled: true });
    expect(await alerts(true)).toEqual([]);
    // The failures are counted from zero again.
    expect(await attempt(failed)).toBe(false);
    expect(await webhook()).toMatchObject({ enabled: true });
  });

  it('stays enabled when something got through in between, when too few failed, or not for long enough', async () => {
    for (let event = 0; event < LIMITS.webhookPatience; event += 1) await attempt(failed);
    await daysPass(LIMITS.webhookPatienceDays - 1);
    expect(await attempt(failed)).toBe(false);
    await attempt(delivered);
    await attempt(failed);
    await daysPass(LIMITS.webhookPatienceDays * 2);
    for (let event = 2; event < LIMITS.webhookPatience; event += 1) expect(await attempt(failed)).toBe(false);
    expect(await webhook()).toMatchObject({ enabled: true });
    expect(await attempt(failed)).toBe(true);
  });

  it('is nobody’s trouble any more once it is disabled or deleted', async () => {
    await attempt(failed);
    await daysPass(1);
    await attempt(failed);
    expect(await alerts(true)).toHaveLength(1);
    await customer.change(`/${id}`, 'PATCH', { enabled: false });
    expect(await alerts(true)).toEqual([]);
    await customer.change(`/${id}`, 'PATCH', { enabled: true });
    await attempt(failed);
    await daysPass(1);
    await attempt(failed);
    await customer.change(`/${id}`, 'DELETE');
    expect(await alerts(true)).toEqual([]);
  });

  it('does not fail by an attempt of an earlier round', async () => {
    await attempt(delivered);
    const [line] = await customer.log(id);
    const round = { event: eventOf(line), endpoint: id, round: 1 };
    await customer.ask(`/${id}/replay`, { event: line?.event });
    await recordDelivery(database.sql, round, { ...failed, state: 'gone', status: 410 });
    expect(await webhook()).toMatchObject({ enabled: true });
    const [row] = await database.sql`select failing_since as since from webhook_endpoints where id = ${id}`;
    expect(row?.since).toBeNull();
  });

  it('and one that waits are seen in the metrics', async () => {
    const metric = async (name: string) => {
      const metrics = await (await fetch(api.metricsUrl)).text();
      return Number(new RegExp(`\\n${name} (\\S+)\\n`).exec(metrics)?.[1]);
    };
    const pending = 'holdfast_webhook_deliveries{state="pending"}'.replace(/[{}]/g, '\\$&');
    const waiting = pending.replace('pending', 'retrying');
    await database.sql`update webhook_deliveries set state = 'stopped', next_attempt_at = null where state in ('pending', 'retrying')`;
    expect([await metric(pending), await metric(waiting)]).toEqual([0, 0]);
    expect(await metric('holdfast_webhook_oldest_pending_seconds')).toBe(0);
    await attempt(retrying);
    await shop.order();
    await database.sql`update webhook_deliveries set created_at = created_at - interval '1 hour' where state = 'pending'`;
    expect([await metric(pending), await metric(waiting)]).toEqual([1, 1]);
    const oldest = await metric('holdfast_webhook_oldest_pending_seconds');
    expect(Math.floor(oldest / 100)).toBe(36);
  });

  it('keeps what is over in its log for thirty days, and what is still to be told for ever', async () => {
    const age = (days: number, state: string) => database.sql`
      update webhook_deliveries set created_at = now() - make_interval(days => ${days}),
          last_attempt_at = last_attempt_at - make_interval(days => ${days})
        where endpoint_id = ${id} and state = ${state}`;
    await attempt(delivered);
    await age(31, 'delivered');
    await attempt(failed);
    await age(29, 'failed');
    await attempt(retrying);
    await age(31, 'retrying');
    // An old delivery that was replayed recently.
    await attempt(delivered);
    await database.sql`
      update webhook_deliveries set created_at = now() - interval '31 days'
        where endpoint_id = ${id} and state = 'delivered' and last_attempt_at > now() - interval '1 day'`;
    expect(await deleteOldDeliveries(database.sql, LIMITS.deliveryLogDays, 5_000)).toBe(1);
    const states = (await customer.log(id)).map(({ state }) => state);
    expect(states).toEqual(['delivered', 'retrying', 'failed']);
    expect(await deleteOldDeliveries(database.sql, LIMITS.deliveryLogDays, 5_000)).toBe(0);
  });

  it('is taken from the outbox like any other, and no more of one receiver than may be at once', async () => {
    await database.sql`update webhook_deliveries set state = 'stopped', next_attempt_at = null where state in ('pending', 'retrying')`;
    for (let order = 0; order < 3; order += 1) await shop.order();
    const taken = await takeDeliveries(database.sql, { most: 10, each: 2, busy: [] });
    expect(taken).toMatchObject(Array(2).fill({ endpoint: id, receiver: id, round: 1 }));
    expect(await takeDeliveries(database.sql, { most: 10, each: 2, busy: [id] })).toEqual([]);
    expect(await takeDeliveries(database.sql, { most: 10, each: 2, busy: [] })).toHaveLength(1);
  });

  it('by e-mail shares one receiver with all others, which are asked in turn', async () => {
    const { sql } = database;
    await customer.change(`/${id}`, 'DELETE');
    const made = await sql<{ id: number }[]>`
      insert into webhook_endpoints (account_id, email, confirmed_at)
        select ${shop.account}, 'ann@example.com', now() from generate_series(1, 3) returning id`;
    for (let order = 0; order < 3; order += 1) await shop.order();
    const mails = new Set(made.map((row) => row.id));
    const take = async (busy: readonly number[]) =>
      (await takeDeliveries(sql, { most: 100, each: 2, busy })).filter(({ endpoint }) => mails.has(endpoint));
    expect(await take([MAIL_RECEIVER])).toEqual([]);
    const turns = [await take([]), await take([]), await take([]), await take([]), await take([]), await take([])];
    for (const turn of turns) expect(new Set(turn.map(({ endpoint }) => endpoint)).size).toBe(1);
    expect(turns.flat()).toMatchObject(Array(9).fill({ receiver: MAIL_RECEIVER }));
    expect(await take([])).toEqual([]);
  });
});
