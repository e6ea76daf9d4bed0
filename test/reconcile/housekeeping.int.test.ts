import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureSchedules } from '../../activities/housekeeping/schedules.ts';
import { readProof } from '../../db/ledger/proof.ts';
import { createBulkOrders, findBulkOrders } from '../../db/placement/bulk-orders.ts';
import { listAlerts } from '../../db/reconcile/alerts.ts';
import { type HousekeepingTask, housekeepingId } from '../../workflows/contract.ts';
import { archivedOrders } from '../support/worlds/archive.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;

beforeAll(async () => {
  world = await realWorld();
  await ensureSchedules(world.temporal);
  await world.startWorkers();
});
afterAll(() => world.close());

const scheduled = (task: HousekeepingTask) => world.temporal.schedule.getHandle(housekeepingId(task));
const alerts = (open: boolean) => listAlerts(world.sql, { open }, 10);

it('its schedules are made once, and one that staff paused stays paused', async () => {
  const verify = scheduled('verifyLedger');
  await verify.pause('the books are being moved');
  await ensureSchedules(world.temporal);
  const { state, spec } = await verify.describe();
  expect(state).toMatchObject({ paused: true, note: 'the books are being moved' });
  expect(spec.intervals).toHaveLength(1);
  await verify.unpause();
});

it('what has lost its workflow is looked for every minute, and the books are proved every minute', async () => {
  for (const task of ['reconcile', 'verifyLedger'] as const) {
    expect((await scheduled(task).describe()).spec.intervals).toMatchObject([{ every: 60_000 }]);
  }
});

it('the books are proved for the first time as soon as there is a worker', async () => {
  await expect.poll(async () => (await readProof(world.sql)).drift, { timeout: 20_000 }).toBe(0);
});

it('books that do not add up are an alert, until they do', async () => {
  const { sql } = world;
  const shop = await world.shop({ balance: '5' });
  await sql`update wallets set balance = balance + 1 where account_id = ${shop.account}`;
  // A schedule skips a run while the previous one has not ended, so trigger it again and again.
  const proved = (open: boolean) => async () => {
    await scheduled('verifyLedger').trigger();
    return alerts(open);
  };
  const soon = { timeout: 30_000, interval: 500 };
  await expect
    .poll(proved(true), soon)
    .toMatchObject([{ kind: 'ledger_drift', subject: 'ledger', detail: expect.stringContaining('1 errors') }]);
  await sql`update wallets set balance = balance - 1 where account_id = ${shop.account}`;
  await expect.poll(proved(false), soon).toHaveLength(1);
  expect(await alerts(true)).toEqual([]);
});

it('what has been over for long is taken out of the delivery log of webhooks, and what counts against spam forgotten', async () => {
  const { sql } = world;
  const shop = await world.shop();
  const [endpoint] = await sql<{ id: number }[]>`
    insert into webhook_endpoints (account_id, url, secret_cipher, disabled_reason)
      values (${shop.account}, 'http://127.0.0.1:9/', '', 'owner') returning id`;
  await sql`
    insert into webhook_deliveries (event_id, endpoint_id, type, state, next_attempt_at, created_at)
      select event, ${endpoint?.id ?? 0}, 'webhook.test', 'failed', null, now() - make_interval(days => event) from generate_series(25, 35) event`;
  await sql`
    insert into webhook_confirmations (account_id, address, at)
      select ${shop.account}, '', now() - make_interval(hours => hour) from generate_series(23, 25) hour`;
  await scheduled('cleanDeliveries').trigger();
  const left = async () => {
    const [row] = await sql`
      select (select count(*)::integer from webhook_deliveries) as deliveries,
             (select count(*)::integer from webhook_confirmations) as confirmations`;
    return row;
  };
  await expect.poll(left).toEqual({ deliveries: 5, confirmations: 1 });
});

it('requests that became no order are forgotten after thirty days, and so are the lines of lists, whose counts stay', async () => {
  const { sql } = world;
  const shop = await world.shop();
  const order = await shop.order();
  for (const days of [29, 31]) {
    for (const state of ['refused', 'withdrawn']) {
      const refusal = state === 'refused' ? { code: 'unknown_service' } : null;
      await sql`
        insert into claims (account_id, idempotency_key, fingerprint, request, state, refusal, created_at, decided_at)
          values (${shop.account}, ${`${state} ${days}`}, '', '{}', ${state}, ${refusal === null ? null : sql.json(refusal)},
            now() - make_interval(days => ${days}), now() - make_interval(days => ${days}))`;
    }
    const list = await createBulkOrders(sql, shop.account, `list ${days}`, [
      { line: 1, error: { code: 'invalid_request' } },
      { line: 2, request: { service: shop.service, link: 'https://example.com/old', quantity: 10 } },
    ]);
    await sql`update mass_lines set status = 'canceled' where mass_id = ${list} and line = 2`;
    await sql`update mass_placements set ended_at = now() - make_interval(days => ${days}) where id = ${list}`;
  }
  await sql`update claims set decided_at = now() - interval '31 days' where order_id = ${order}`;
  await scheduled('cleanRequests').trigger();
  const left = async () =>
    (
      await sql<
        { key: string | null }[]
      >`select idempotency_key as key from claims where account_id = ${shop.account} order by 1`
    ).map(({ key }) => key);
  await expect.poll(left).toEqual(['refused 29', 'withdrawn 29', null]);
  const lines = async () =>
    (
      await sql`select m.idempotency_key as key, count(*)::integer as lines from mass_lines l join mass_placements m on m.id = l.mass_id
      where m.account_id = ${shop.account} group by 1`
    ).map(({ key, lines: count }) => [key, count]);
  await expect.poll(lines).toEqual([['list 29', 2]]);
  // The old list still has its counts. Its key is free: it begins another list, while a younger list is found by its key.
  const [old] = await sql<{ id: number }[]>`
    select id::float8 as id from mass_placements where account_id = ${shop.account} and idempotency_key is null`;
  expect(await findBulkOrders(sql, shop.account, old?.id ?? 0)).toMatchObject({
    total: 2,
    waiting: 0,
    placed: 0,
    refused: 1,
    canceled: 1,
  });
  const [young] = await sql<{ id: number }[]>`
    select id::float8 as id from mass_placements where account_id = ${shop.account} and idempotency_key = 'list 29'`;
  const again = (key: string) =>
    createBulkOrders(sql, shop.account, key, [{ line: 1, error: { code: 'invalid_request' } }]);
  expect(await again('list 29')).toBe(young?.id);
  expect(await again('list 31')).not.toBe(old?.id);
});

it('alerts that were resolved half a year ago are deleted, and open ones stay', async () => {
  const { sql } = world;
  await sql`
    insert into alerts (kind, subject, detail, at, resolved_at)
      select 'order_parked', 'order:' || days, 'parked', now() - interval '1 year',
          case when days <> 200 then now() - make_interval(days => days) end
        from unnest(array[179, 181, 182, 200]) days`;
  await scheduled('cleanAlerts').trigger();
  const left = async () =>
    (await sql<{ subject: string }[]>`select subject from alerts where kind = 'order_parked' order by subject`).map(
      ({ subject }) => subject,
    );
  await expect.poll(left).toEqual(['order:179', 'order:200']);
});

it('archived orders are compacted by schedule', async () => {
  const { sql } = world;
  const shop = await world.shop();
  const ids = await archivedOrders(sql, shop, { orders: 3 });
  await scheduled('compactOrders').trigger();
  const left = async () => {
    const [row] = await sql`
      select count(*) filter (where compacted_at is null)::integer as orders,
             (select count(*)::integer from delivery_samples where order_id = any (${ids.map(String)}::bigint[])) as points
        from orders where account_id = ${shop.account}`;
    return row;
  };
  await expect.poll(left).toEqual({ orders: 0, points: 60 });
});

it('the totals of days that reports are made of are counted by schedule', async () => {
  await scheduled('countDays').trigger();
  const today = async () => {
    const [row] =
      await world.sql`select max(day)::text = (now() at time zone 'UTC')::date::text as is from counted_days`;
    return row?.is;
  };
  await expect.poll(today, { timeout: 20_000 }).toBe(true);
});
