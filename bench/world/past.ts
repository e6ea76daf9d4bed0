import type { Sql } from '../../db/client.ts';
import type { ApiProcess } from '../../test/support/engines/api-process.ts';
import { testDatabase } from '../../test/support/engines/database.ts';
import { seedPast } from '../../test/support/worlds/past.ts';
import { openShop, type Shop } from '../../test/support/worlds/shop.ts';
import type { Bench } from '../scenario.ts';
import type { RealWorld } from './real-world.ts';
import { openApi } from './stack.ts';

/** An API on a database of its own, in which one account has placed many orders. */
export interface Past {
  readonly sql: Sql;
  /** Its account is the one with the orders. */
  readonly shop: Shop;
  readonly api: ApiProcess;
}

/** Opens a database with the past of one account, and an API on it. */
export async function openPast(bench: Bench, base: RealWorld, orders: number): Promise<Past> {
  const database = await bench.endings.opened(
    'the database of a past',
    () => testDatabase({ postgresUrl: base.postgres.url }),
    (one) => one.drop(),
  );
  const { sql } = database;
  const shop = await openShop(sql);
  await seedPast(sql, shop, { orders, accounts: 1 });
  const [row] = await sql<{ account: number }[]>`select account_id as account from orders limit 1`;
  if (row === undefined) throw new Error('there are no orders');
  const api = await openApi(bench, base, { ...base.world, appUrl: database.appUrl });
  return { sql, shop: { ...shop, ...row }, api };
}
