import { expect, it } from 'vitest';
import { proveOrders } from '../../bench/measure/proof.ts';
import { testDatabase } from '../support/engines/database.ts';
import { running } from '../support/engines/running.ts';
import { end } from '../support/reads/books.ts';
import { openShop } from '../support/worlds/shop.ts';

it('a run in which an order is lost, sent twice, or whose books drift has no figures', async () => {
  const { sql, drop } = await testDatabase();
  const shop = await openShop(sql);
  const expected = { orders: 2, status: 'Partial', batches: 2, adds: 2 };
  const ids = [await shop.order(), await shop.order()];
  for (const id of ids) await running(sql, id, `bought-${id}`);
  const [first = 0, second = 0] = ids;
  const settled = (id: number) => end(sql, id, 600, { ends: [{ batch: 1, delivered: 600 }] });
  await settled(first);
  await expect(proveOrders(sql, expected)).rejects.toThrow('"ended":1');
  await settled(second);
  expect(await proveOrders(sql, expected)).toBe('2 orders Partial, 2 batches sent once each, books exact');
  await expect(proveOrders(sql, { ...expected, adds: 3 })).rejects.toThrow('"adds":3');
  await expect(proveOrders(sql, { ...expected, orders: 3 })).rejects.toThrow('"orders":2');
  await sql`update wallets set balance = balance + 1`;
  await expect(proveOrders(sql, expected)).rejects.toThrow('the books have drifted');
  await drop();
});
