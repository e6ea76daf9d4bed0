import { expect, it } from 'vitest';
import type { Sql } from '../../db/client.ts';
import { dueUnknownSends } from '../../db/dispatch/unknown-sends.ts';
import { deleteOldLists } from '../../db/placement/bulk-orders.ts';
import { endOrderKeys } from '../../db/placement/claims.ts';
import { deleteOldAnswers } from '../../db/placement/stored-answers.ts';
import { deleteResolvedAlerts } from '../../db/reconcile/alerts.ts';
import { compactBatches, FIRST_ENDED, finishCompaction, ordersToCompact } from '../../db/reconcile/compaction.ts';
import type { OrderListing } from '../../domain/provider/profile.ts';
import { testDatabase } from '../support/engines/database.ts';
import { rowsRead } from '../support/reads/rows-read.ts';
import { archivedOrders } from '../support/worlds/archive.ts';
import { openShop } from '../support/worlds/shop.ts';

/** A pool that also asks PostgreSQL how it would run each statement. */
function explaining(sql: Sql): { readonly sql: Sql; readonly plans: Promise<string>[] } {
  const plans: Promise<string>[] = [];
  const asked = (texts: TemplateStringsArray | string, ...values: unknown[]) => {
    // The name of a table or column.
    if (typeof texts === 'string') return sql(texts);
    const again = texts.map((text, at) => (at === 0 ? `explain (costs off) ${text}` : text));
    // Parts of a statement begin with no verb.
    if (/^\s*(with|select|delete|update)\b/.test(texts[0] ?? '')) {
      const plan = sql(Object.assign(again, { raw: again }), ...(values as never[]));
      plans.push(plan.then((rows) => rows.map((row) => row['QUERY PLAN']).join('\n')));
    }
    return sql(texts, ...(values as never[]));
  };
  return { sql: asked as unknown as Sql, plans };
}

it('what is old is found by an index, whatever is kept beside it', async () => {
  const { sql, drop } = await testDatabase();
  const shop = await openShop(sql, { balance: '100000' });
  // Most orders are compacted, and most rows are too young or are over.
  await archivedOrders(sql, shop, { orders: 1_000, points: 1, placedDaysAgo: 40 });
  await finishCompaction(
    sql,
    (await sql<{ id: number }[]>`select id::float8 as id from orders offset 20`).map(({ id }) => id),
  );
  await sql`update claims set idempotency_key = 'kept ' || order_id where request is null and order_id % 50 = 0`;
  await sql`
    insert into stored_answers (account_id, route, idempotency_key, fingerprint, status, body, created_at)
      select ${shop.account}, 'POST /v1/webhooks', n::text, '', 201, 'null', now() - make_interval(mins => n * 9)
        from generate_series(1, 5000) n`;
  await sql`
    insert into mass_placements (account_id, idempotency_key, total, ended_at, placed)
      select ${shop.account}, 'list ' || n, 1, now() - make_interval(hours => n * 9), 1 from generate_series(1, 1000) n`;
  await sql`
    insert into alerts (kind, subject, detail, at, resolved_at)
      select 'order_lost', 'order:' || n, 'lost', now() - interval '1 year', now() - make_interval(hours => n * 5)
        from generate_series(1, 1000) n`;
  await sql`
    insert into refills (order_id, number, stage, outcome, requested_by, requested_at, review_at, ended_at)
      select id, 1, 'ended', 'Completed', 'customer', now(), now(), now() from orders`;
  await sql`
    insert into attempts (order_id, batch, attempt, provider_id, provider_service, cost_rate, state, decided_at)
      select order_id, batch, 2, provider_id, provider_service, 1, 'released', now() - interval '5 days' from batches`;
  await sql`analyze`;
  const watched = explaining(sql);
  await ordersToCompact(watched.sql, FIRST_ENDED, 10);
  await endOrderKeys(watched.sql, 30, 10);
  await deleteOldAnswers(watched.sql, 30, 10);
  await deleteOldLists(watched.sql, 365, 10);
  await deleteResolvedAlerts(watched.sql, 180, 10);
  const plans = await Promise.all(watched.plans);
  await drop();
  expect(plans).toHaveLength(5);
  expect(plans.filter((plan) => plan.includes('Seq Scan'))).toEqual([]);
  // The index itself ends the search at the orders that are not archived yet.
  expect(plans[0]).not.toMatch(/Filter: .*GREATEST/);
  const used = ['orders_to_compact', 'claims_keys', 'stored_answers_age', 'mass_placements_over', 'alerts_resolved'];
  expect(used.filter((index, at) => !plans[at]?.includes(index))).toEqual([]);
});

it('the next batches of many drip-feeds are read by key, so many of each and no more', async () => {
  const { sql, drop } = await testDatabase();
  const shop = await openShop(sql, { balance: '100000' });
  const ids = await archivedOrders(sql, shop, { orders: 5, batches: 400, points: 1 });
  await sql`analyze`;
  const plan = await sql<{ 'QUERY PLAN': string }[]>`
    explain (analyze, costs off, timing off, summary off)
      select * from next_batches(${ids.map(String)}::bigint[], ${ids[0] ?? 0}, 10, 25)`;
  const last = await compactBatches(sql, ids, { orderId: ids[0] ?? 0, batch: 390 }, 25);
  await drop();
  const text = plan.map((row) => row['QUERY PLAN']).join('\n');
  expect(text).toContain('batches_pkey');
  expect(text).not.toContain('Seq Scan');
  // The rest of the first drip-feed, and the first batches of the next.
  expect(last).toEqual({ orderId: ids[1], batch: 15, changed: 0 });
});

it('a round of a watch reads no send that was decided long ago', async () => {
  const { sql, drop } = await testDatabase();
  const shop = await openShop(sql, { balance: '100000' });
  const [provider = 0] = shop.providers;
  await archivedOrders(sql, shop, { orders: 5, batches: 400, points: 1 });
  await sql`
    insert into attempts (order_id, batch, attempt, provider_id, provider_service, cost_rate, state, sending_at, decided_at)
      select order_id, batch, 2, provider_id, provider_service, 1, 'released', now() - interval '40 days', now() - interval '30 days'
        from batches`;
  await sql`analyze`;
  const listing = { looksAfterSeconds: [60], skewSeconds: 60 } as unknown as OrderListing;
  const read = await sql.begin(async (tx) => [
    await rowsRead(tx, ['attempts'], async () => {
      expect(await tx`select searches from watch_work(${provider}, now(), 72, 5)`).toEqual([{ searches: false }]);
      expect(await dueUnknownSends(tx as unknown as Sql, provider, listing, 72)).toEqual([]);
    }),
  ]);
  await drop();
  expect(read[0]).toBeLessThan(20);
});
