import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { createCompactOrders } from '../../activities/housekeeping/compact-orders.ts';
import type { Deps } from '../../activities/runtime/deps.ts';
import { testDatabase } from '../support/engines/database.ts';
import { scaled } from '../support/run/scale.ts';
import { archivedOrders } from '../support/worlds/archive.ts';
import { openShop } from '../support/worlds/shop.ts';

const ORDERS = scaled({ gate: 400, release: 2_000 });
const TABLES = ['claims', 'orders', 'batches', 'attempts', 'delivery_samples', 'events', 'transfers', 'money_steps'];

it('an archived order takes less than a third of its bytes once it is compacted', async () => {
  const { sql, drop } = await testDatabase();
  const shop = await openShop(sql, { balance: '100000' });
  await archivedOrders(sql, shop, { orders: ORDERS, placedDaysAgo: 40 });
  /** Bytes an order, without the room that deleted rows leave. */
  const bytes = async (): Promise<Record<string, number>> => {
    for (const table of TABLES) await sql`vacuum full ${sql(table)}`;
    const rows = await sql<{ table: string; bytes: number }[]>`
      select relname as table, round(pg_total_relation_size(oid) / ${ORDERS}::numeric)::integer as bytes from pg_class
        where relkind = 'r' and relname = any (${TABLES}) order by relname`;
    return Object.fromEntries(rows.map((row) => [row.table, row.bytes]));
  };
  const sum = (tables: Record<string, number>) => Object.values(tables).reduce((all, one) => all + one, 0);
  /** What is never compacted. */
  const lasting = () => sql`
    select (select sum(pg_column_size(e.*)) from events e) as events, (select sum(pg_column_size(t.*)) from transfers t) as transfers`;
  const [before, lastingBefore] = [await bytes(), await lasting()];
  await new MockActivityEnvironment().run(
    createCompactOrders({ sql, log: pino({ level: 'silent' }) } as unknown as Deps),
  );
  // A transaction of another database can hold back the rows that vacuum would remove.
  let after = before;
  const bytesNow = async () => {
    after = await bytes();
    return sum(after);
  };
  await expect.poll(bytesNow).toBeLessThan(sum(before) / 3);
  expect(await lasting()).toEqual(lastingBefore);
  await drop();
  // docs/kept.md has these figures.
  if (process.env.SHOW_BYTES !== undefined) console.table({ before, after });
});
