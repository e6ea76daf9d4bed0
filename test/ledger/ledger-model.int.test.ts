import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sql } from '../../db/client.ts';
import { deposit, verifyLedger } from '../../db/ledger/ledger.ts';
import { decideClaim } from '../../db/placement/decide-claim.ts';
import type { Money } from '../../domain/ledger/money.ts';
import { type FinalStatus, finalStatus } from '../../domain/order/status.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { balanceOf, booksOf, correct, end } from '../support/reads/books.ts';
import { scaled } from '../support/run/scale.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';

const UNIT = 90_000n;

interface ModelOrder {
  readonly total: number;
  settled?: { status: FinalStatus; delivered: number };
  delivered: number;
  corrected: boolean;
}

/** The model: balances and orders as plain numbers. */
interface Model {
  balance: bigint;
  readonly deposits: Map<string, { amount: bigint; balance: bigint }>;
  readonly orders: ModelOrder[];
}

interface Real {
  readonly sql: Sql;
  readonly shop: Shop;
  readonly ids: number[];
}

type Step = fc.AsyncCommand<Model, Real>;

/** The result of a step, or the SQLSTATE of its refusal. */
async function reply<T>(work: Promise<T>): Promise<T | string> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
}

class Deposit implements Step {
  readonly reference: string;
  readonly amount: bigint;
  constructor(reference: string, amount: bigint) {
    this.reference = reference;
    this.amount = amount;
  }
  check = () => true;
  async run(model: Model, { sql, shop }: Real): Promise<void> {
    const made = model.deposits.get(this.reference);
    const predicted = (): bigint | string => {
      if (this.amount <= 0n) return 'HF003';
      if (made !== undefined) return made.amount === this.amount ? made.balance : 'HF001';
      model.balance += this.amount;
      model.deposits.set(this.reference, { amount: this.amount, balance: model.balance });
      return model.balance;
    };
    expect(await reply(deposit(sql, shop.account, this.amount as Money, this.reference))).toBe(predicted());
  }
  toString = () => `deposit(${this.reference}, ${this.amount})`;
}

class Order implements Step {
  readonly quantity: number;
  readonly again: boolean;
  constructor(quantity: number, again: boolean) {
    this.quantity = quantity;
    this.again = again;
  }
  check = () => true;
  async run(model: Model, { sql, shop, ids }: Real): Promise<void> {
    const id = await shop.claim({ quantity: this.quantity });
    const price = UNIT * BigInt(this.quantity);
    const predicted = model.balance >= price ? { state: 'order' } : { state: 'refused', code: 'insufficient_funds' };
    for (let call = 0; call < (this.again ? 2 : 1); call += 1)
      expect(await decideClaim(sql, id)).toMatchObject(predicted);
    if (model.balance < price) return;
    model.balance -= price;
    model.orders.push({ total: this.quantity, delivered: 0, corrected: false });
    ids.push(id);
  }
  toString = () => `order(${this.quantity}${this.again ? ', twice' : ''})`;
}

class Settle implements Step {
  readonly which: number;
  readonly delivered: number;
  readonly status: FinalStatus;
  constructor(which: number, delivered: number, status: FinalStatus) {
    this.which = which;
    this.delivered = delivered;
    this.status = status;
  }
  check = (model: Readonly<Model>) => this.which < model.orders.length;
  async run(model: Model, { sql, ids }: Real): Promise<void> {
    const order = model.orders[this.which] as ModelOrder;
    const { delivered, status } = this;
    const predicted = (): boolean | string => {
      const right = { Completed: delivered === order.total, Canceled: delivered === 0, Partial: false };
      right.Partial = delivered > 0 && delivered < order.total;
      if (!right[status]) return 'HF003';
      const { settled } = order;
      if (settled !== undefined) return settled.status === status && settled.delivered === delivered ? false : 'HF001';
      order.settled = { status, delivered };
      order.delivered = delivered;
      model.balance += UNIT * BigInt(order.total - delivered);
      return true;
    };
    expect(await reply(end(sql, ids[this.which] as number, delivered, { status }))).toBe(predicted());
  }
  toString = () => `settle(#${this.which}, ${this.status}, ${this.delivered})`;
}

class Correct implements Step {
  readonly which: number;
  readonly delivered: number;
  constructor(which: number, delivered: number) {
    this.which = which;
    this.delivered = delivered;
  }
  check = (model: Readonly<Model>) => this.which < model.orders.length;
  async run(model: Model, { sql, ids }: Real): Promise<void> {
    const order = model.orders[this.which] as ModelOrder;
    const predicted = (): boolean | string => {
      if (order.settled === undefined) return 'HF003';
      if (this.delivered >= order.delivered) return false;
      model.balance += UNIT * BigInt(order.delivered - this.delivered);
      order.delivered = this.delivered;
      order.corrected = true;
      return true;
    };
    expect(await reply(correct(sql, ids[this.which] as number, this.delivered))).toBe(predicted());
  }
  toString = () => `correct(#${this.which}, ${this.delivered})`;
}

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

// Few different numbers, so that steps often collide: the same key again, another payload, exactly the remaining balance.
const few = fc.constantFrom(0, 10, 11, 20, 50);
const steps = [
  fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(0n, UNIT, UNIT * 20n, UNIT * 75n))
    .map(([reference, amount]) => new Deposit(reference, amount)),
  fc.tuple(fc.constantFrom(10, 11, 20, 50), fc.boolean()).map(([quantity, again]) => new Order(quantity, again)),
  fc
    .tuple(fc.nat({ max: 3 }), few, fc.constantFrom<FinalStatus>('Completed', 'Partial', 'Canceled'))
    .map(([which, delivered, status]) => new Settle(which, delivered, status)),
  fc.tuple(fc.nat({ max: 3 }), few).map(([which, delivered]) => new Correct(which, delivered)),
];

describe('whatever is done in whatever order', () => {
  it('the ledger answers as a person with pencil and paper would', async () => {
    const { sql } = database;
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: 40, size: 'max' }), async (commands) => {
        const shop = await openShop(sql, { balance: '0' });
        const model: Model = { balance: 0n, deposits: new Map(), orders: [] };
        const real: Real = { sql, shop, ids: [] };
        await fc.asyncModelRun(() => ({ model, real }), commands);
        expect(await balanceOf(sql, shop.account)).toBe(model.balance);
        for (const [at, order] of model.orders.entries()) {
          const price = UNIT * BigInt(order.total);
          const charge = order.settled === undefined ? price : UNIT * BigInt(order.delivered);
          expect(await booksOf(sql, real.ids[at] as number)).toMatchObject({
            status: order.corrected ? finalStatus(order.delivered, order.total) : (order.settled?.status ?? 'Pending'),
            charge,
            refunded: price - charge,
            escrow: order.settled === undefined ? price : 0n,
          });
        }
      }),
      { numRuns: scaled({ gate: 20, release: 200 }) },
    );
    expect(await verifyLedger(sql)).toEqual([]);
  });
});
