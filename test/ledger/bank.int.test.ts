import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sql } from '../../db/client.ts';
import { deposit, verifyLedger } from '../../db/ledger/ledger.ts';
import { decideClaim } from '../../db/placement/decide-claim.ts';
import type { Money } from '../../domain/ledger/money.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { correct, end } from '../support/reads/books.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';

const WORKERS = 8;
const STEPS = 60;
const READS = 25;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** A generator of numbers that look random and are the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

interface Moment {
  readonly deposited: bigint;
  readonly wallets: bigint;
  readonly held: bigint;
  readonly charged: bigint;
  /** Sum of all accounts of the ledger, wherever money moved. */
  readonly sum: bigint;
  readonly escrows: bigint;
  readonly revenue: bigint;
  readonly negative: number;
  readonly drift: number;
}

/** All the money in one statement, so in one snapshot: by stored balances and by transfers. */
async function look(sql: Sql): Promise<Moment> {
  const [row] = await sql<Moment[]>`
    with accounts as (
      select name, sum(amount)::bigint as balance from (
        select credit as name, amount from transfers union all select debit, -amount from transfers) sides group by name
    )
    select (select coalesce(-sum(balance), 0)::bigint from accounts where name = 'external') as deposited,
           (select sum(balance)::bigint from wallets) as wallets,
           (select coalesce(sum(price), 0)::bigint from orders where settled_at is null) as held,
           (select coalesce(sum(charge), 0)::bigint from orders where settled_at is not null) as charged,
           (select coalesce(sum(balance), 0)::bigint from accounts) as sum,
           (select coalesce(sum(balance), 0)::bigint from accounts where name like 'escrow:%') as escrows,
           (select coalesce(sum(balance), 0)::bigint from accounts where name = 'revenue') as revenue,
           (select count(*)::integer from wallets where balance < 0)
             + (select count(*)::integer from accounts where balance < 0 and (name like 'wallet:%' or name like 'escrow:%')) as negative,
           (select count(*)::integer from verify_ledger()) as drift`;
  if (row === undefined) throw new Error('the query returned no row');
  return row;
}

/** Orders, settles, corrects and deposits, on accounts that other workers use at the same time. */
async function work(sql: Sql, shops: readonly Shop[], seed: number): Promise<Record<string, number>> {
  const roll = dice(seed);
  const open: number[] = [];
  const settled: { id: number; delivered: number }[] = [];
  const done = { deposit: 0, order: 0, refused: 0, settle: 0, correct: 0 };
  for (let step = 0; step < STEPS; step += 1) {
    const shop = shops[roll(shops.length)] as Shop;
    switch (['deposit', 'order', 'order', 'order', 'settle', 'settle', 'correct'][roll(7)]) {
      case 'deposit':
        await deposit(sql, shop.account, BigInt(1 + roll(200_000_000)) as Money, `${seed}-${step}`);
        done.deposit += 1;
        break;
      case 'order': {
        const id = await shop.claim({ quantity: 10 + roll(2_000) });
        const { state } = await decideClaim(sql, id);
        if (state === 'order') open.push(id);
        done[state === 'order' ? 'order' : 'refused'] += 1;
        break;
      }
      case 'settle': {
        const id = open.shift();
        if (id === undefined) break;
        const delivered = roll(11);
        await end(sql, id, delivered);
        settled.push({ id, delivered });
        done.settle += 1;
        break;
      }
      default: {
        const order = settled.find(({ delivered }) => delivered > 0);
        if (order === undefined) break;
        order.delivered = roll(order.delivered);
        await correct(sql, order.id, order.delivered);
        done.correct += 1;
      }
    }
  }
  return done;
}

describe('while many workers move money at once', () => {
  it('the sum over all accounts stays zero, no wallet is negative and the books verify at each moment', async () => {
    const { sql } = database;
    const shops: Shop[] = [];
    for (let number = 0; number < 4; number += 1) shops.push(await openShop(sql, { balance: '8' }));

    let working = true;
    const moments: Moment[] = [];
    const reading = (async () => {
      while (working || moments.length < READS) moments.push(await look(sql));
    })();
    const done = await Promise.all(Array.from({ length: WORKERS }, (_, number) => work(sql, shops, number + 1)));
    const readBefore = moments.length;
    working = false;
    await reading;

    expect(readBefore).toBeGreaterThan(5);
    for (const moment of moments) {
      expect(moment).toMatchObject({ sum: 0n, negative: 0, drift: 0 });
      expect(moment.wallets + moment.held + moment.charged).toBe(moment.deposited);
      expect(moment.escrows).toBe(moment.held);
      expect(moment.revenue).toBe(moment.charged);
    }
    const all = (what: string) => done.reduce((sum, one) => sum + (one[what] ?? 0), 0);
    for (const what of ['deposit', 'order', 'refused', 'settle', 'correct']) expect([what, all(what)]).not.toContain(0);
    expect(await verifyLedger(sql)).toEqual([]);
  });
});
