import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { attemptOf, refusedBy, running } from '../support/engines/running.ts';
import { type BatchEnd, type SettledOptions, settledOrder } from '../support/model/later-words.ts';
import { atOnce, balanceOf, booksOf, everything, refusedWith } from '../support/reads/books.ts';
import { openShop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  expect(await verifyLedger(database.sql)).toEqual([]);
  await database.drop();
});

const settled = (ends: readonly BatchEnd[], options?: SettledOptions) => settledOrder(database.sql, ends, options);
const corrections = (orderId: number) => database.sql`
  select actor, version, data from events where order_id = ${orderId} and type = 'order.corrected' order by id`;
const reasonOf = async (orderId: number) =>
  (await database.sql`select reason from orders where id = ${orderId}`)[0]?.reason;
const moneyOf = async (orderId: number, kind: string) =>
  (
    await database.sql<{ amount: bigint }[]>`
      select amount from transfers where order_id = ${orderId} and kind = ${kind} order by id`
  ).map(({ amount }) => amount);

describe('what a provider takes back later', () => {
  it.each([
    ['Completed', 1000, 'Partial', 400, 'Partial', 600],
    ['Completed', 1000, 'Canceled', 1000, 'Canceled', 0],
    ['Completed', 1000, 'Canceled', 250, 'Partial', 750],
    ['Partial', 600, 'Partial', 401, 'Partial', 599],
    ['Partial', 600, 'Canceled', null, 'Canceled', 0],
  ] as const)(
    'of %s with %i, by %s with %s remaining, leaves %s with %i',
    async (from, had, word, remains, to, delivered) => {
      const { id, account, says } = await settled([had]);
      expect(await booksOf(database.sql, id)).toMatchObject({ status: from });
      expect(await says({ status: word, remains })).toBe(true);
      const charge = 90_000n * BigInt(delivered);
      expect(await booksOf(database.sql, id)).toMatchObject({
        status: to,
        delivered: BigInt(delivered),
        charge,
        refunded: 90_000_000n - charge,
        version: 5,
      });
      expect(await balanceOf(database.sql, account)).toBe(1_000_000_000n - charge);
      const amount = String((9 * (had - delivered)) / 1e4);
      expect([...(await corrections(id))]).toEqual([
        { actor: 'provider', version: 5, data: { from, to, delivered, amount } },
      ]);
      expect(await reasonOf(id)).toBe('unknown');
    },
  );

  it('again, word for word or less of it, changes nothing', async () => {
    const { says } = await settled([1000]);
    await says({ status: 'Partial', remains: 400, charge: '0.3' });
    const before = await everything(database.sql);
    expect(await says({ status: 'Partial', remains: 400, charge: '0.3' })).toBe(false);
    expect(await everything(database.sql)).toEqual(before);
  });

  it('and gives again is not charged for, and counts from the lowest', async () => {
    const { id, says } = await settled([1000]);
    const seen = [];
    for (const remains of [400, 0, 300, 500, 499, 1000, 0]) {
      await says({ status: remains === 0 ? 'Completed' : 'Partial', remains });
      seen.push(Number((await booksOf(database.sql, id)).delivered));
    }
    expect(seen).toEqual([600, 600, 600, 500, 500, 0, 0]);
    expect(await moneyOf(id, 'correction')).toEqual([36_000_000n, 9_000_000n, 45_000_000n]);
    expect((await booksOf(database.sql, id)).refunded).toBe(90_000_000n);
  });

  it.each([
    ['Completed', 5],
    ['Partial', null],
    ['Partial', 1001],
    ['Canceled', 0],
  ] as const)(
    'and contradicts itself with, %s with %s remaining, moves nothing and is kept',
    async (status, remains) => {
      const { id, says } = await settled([1000]);
      const before = await booksOf(database.sql, id);
      expect(await says({ status, remains, charge: '0.1' })).toBe(false);
      expect(await booksOf(database.sql, id)).toEqual(before);
      const [kept] =
        await database.sql`select provider_status as status, remains::integer as remains, delivered::integer as delivered
      from batches where order_id = ${id}`;
      expect(kept).toEqual({ status, remains, delivered: 1000 });
      expect(await says({ status: 'Partial', remains: 1 })).toBe(true);
    },
  );

  it('heard by 20 watchers at once goes back once', async () => {
    const { id, account, says } = await settled([1000], { cost: '50000000' });
    const heard = await atOnce(20, () => says({ status: 'Partial', remains: 400, charge: '0.3' }));
    expect(heard.filter(Boolean)).toHaveLength(1);
    expect(await balanceOf(database.sql, account)).toBe(946_000_000n);
    expect([await moneyOf(id, 'correction'), await moneyOf(id, 'rebate')]).toEqual([[36_000_000n], [20_000_000n]]);
    expect(await corrections(id)).toHaveLength(1);
  });

  it('in two numbers at once ends with the lower one, and no more goes back than that', async () => {
    const { id, says } = await settled([1000]);
    await atOnce(20, (number) => says({ status: 'Partial', remains: number % 2 === 0 ? 100 : 300 }));
    expect(await booksOf(database.sql, id)).toMatchObject({ delivered: 700n, refunded: 27_000_000n });
  });

  it('of an order that has not been settled is refused: that is the business of its workflow', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    const id = await order();
    await running(sql, id, `open-${id}`);
    const word = sql`select correct_batch(${id}, 1, 'Canceled', 1000, null, 0, null, clock_timestamp())`;
    expect(await refusedWith(word)).toBe('HF003');
  });
});

describe('of a drip-feed', () => {
  it('one run that is taken back goes back, the others stay', async () => {
    const { id, says } = await settled([1000, 1000, 1000]);
    expect(await says({ status: 'Canceled', remains: 1000 }, 2)).toBe(true);
    expect(await booksOf(database.sql, id)).toMatchObject({
      status: 'Partial',
      delivered: 2000n,
      refunded: 90_000_000n,
    });
  });

  it('all runs taken back at the same moment make it Canceled', async () => {
    const { id, says } = await settled([1000, 700, 1000]);
    const heard = await atOnce(3, (at) => says({ status: 'Canceled', remains: 1000 }, at + 1));
    expect(heard).toEqual([true, true, true]);
    expect(await booksOf(database.sql, id)).toMatchObject({ status: 'Canceled', charge: 0n, refunded: 270_000_000n });
    expect(await moneyOf(id, 'correction')).toHaveLength(3);
  });

  it('a run that no provider accepted never counted', async () => {
    const { sql } = database;
    const { id, says } = await settled([1000, 1000, null], { decided: 2000 });
    await sql`update batches set provider_order = null, state = 'done' where order_id = ${id} and batch = 3`;
    await says({ status: 'Partial', remains: 1 }, 1);
    expect(await booksOf(sql, id)).toMatchObject({ delivered: 1999n });
  });
});

describe('an order that a person settled', () => {
  it('as partial while it ran is corrected only below that number', async () => {
    const { id, says } = await settled([null], { decided: 600, reason: 'requested' });
    expect(await says({ status: 'Partial', remains: 200 })).toBe(false);
    expect(await booksOf(database.sql, id)).toMatchObject({ status: 'Partial', delivered: 600n });
    expect(await says({ status: 'Completed', remains: 0 })).toBe(false);
    expect(await says({ status: 'Partial', remains: 450 })).toBe(true);
    expect(await booksOf(database.sql, id)).toMatchObject({ delivered: 550n, refunded: 40_500_000n });
    expect(await reasonOf(id)).toBe('requested');
  });

  it('as complete while it ran gives back what the last word then lacks', async () => {
    const { id, says } = await settled([null], { decided: 1000 });
    expect(await says({ status: 'In progress', remains: 800 })).toBe(false);
    expect(await says({ status: 'Canceled', remains: 1000, charge: '0' })).toBe(true);
    expect(await booksOf(database.sql, id)).toMatchObject({ status: 'Canceled', refunded: 90_000_000n });
  });

  it('as partial after one of two runs keeps that number until both together support less', async () => {
    const { id, says } = await settled([1000, null], { decided: 1500 });
    expect(await says({ status: 'Partial', remains: 500 }, 2)).toBe(false);
    expect(await says({ status: 'Partial', remains: 300 }, 1)).toBe(true);
    expect(await booksOf(database.sql, id)).toMatchObject({ delivered: 1200n });
  });

  it('for more than was sent keeps that while no word is worse than before', async () => {
    const { id, says } = await settled([null, null], { decided: 2000 });
    await database.sql`update batches set provider_order = null where order_id = ${id} and batch = 2`;
    expect(await says({ status: 'Completed', remains: 0 }, 1)).toBe(false);
    expect(await booksOf(database.sql, id)).toMatchObject({ status: 'Completed', delivered: 2000n });
  });

  it('as canceled stays canceled whatever is said', async () => {
    const { id, says } = await settled([null], { decided: 0 });
    for (const remains of [0, 500, 1000]) await says({ status: remains === 0 ? 'Completed' : 'Partial', remains });
    expect(await booksOf(database.sql, id)).toMatchObject({ status: 'Canceled', charge: 0n, version: 4 });
  });
});

describe('what a settled batch costs', () => {
  it('is booked back by the provider’s own charge, never below nothing and never up again', async () => {
    const { id, says } = await settled([1000], { cost: '50000000' });
    for (const charge of ['0.5', '0.30000000004', '0.45', null, 'free', '0', '0.5']) {
      await says({ status: 'Partial', remains: 400, charge });
    }
    expect(await moneyOf(id, 'rebate')).toEqual([20_000_000n, 30_000_000n]);
    const [first] =
      await database.sql`select debit, credit, step, note from transfers where order_id = ${id} and kind = 'rebate' order by id`;
    expect(first).toMatchObject({ step: `order:${id}:batch:1:cost:1`, note: '0.30000000004' });
    expect([first?.debit.split(':')[0], first?.credit.split(':')[0]]).toEqual(['payable', 'cost']);
  });

  it('is not touched by a word that contradicts itself, nor when nothing was booked', async () => {
    const [conflicting, unbooked] = [await settled([1000], { cost: '50000000' }), await settled([1000])];
    await conflicting.says({ status: 'Completed', remains: 5, charge: '0.1' });
    await unbooked.says({ status: 'Partial', remains: 5, charge: '0.1' });
    expect([await moneyOf(conflicting.id, 'rebate'), await moneyOf(unbooked.id, 'rebate')]).toEqual([[], []]);
  });
});

it('an order that every route refused was never with a provider, and is not looked at', async () => {
  const { sql } = database;
  const { order } = await openShop(sql);
  const id = await order();
  await refusedBy(sql, attemptOf(id), 'refused');
  await sql`select settle_order(${id}, 'Canceled', 0, 'refused', 'provider', clock_timestamp(), '[{"batch":1,"delivered":0}]', '[]', true)`;
  const [batch] = await sql`select state, supported, next_look_at as "nextLook" from batches where order_id = ${id}`;
  expect(batch).toEqual({ state: 'done', supported: null, nextLook: null });
});
