import type { Sql } from '../../../db/client.ts';

/** Makes the price of orders of 0.9 to 90 billion each, the highest there is, while `work` runs. */
export async function whileDear<T>(sql: Sql, ids: readonly number[], work: () => Promise<T>): Promise<T> {
  const times = 10n ** 11n;
  const orders = sql`id = any(${ids.map(String)}::bigint[])`;
  await sql`
    update orders set unit_price = unit_price * ${times}, price = price * ${times}, charge = charge * ${times} where ${orders}`;
  try {
    return await work();
  } finally {
    await sql`
      update orders set unit_price = unit_price / ${times}, price = price / ${times}, charge = charge / ${times} where ${orders}`;
  }
}
