import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptReleased, attemptUnknown } from '../../db/dispatch/attempts.ts';
import { addLateOrder, bookLoss } from '../../db/dispatch/late-orders.ts';
import { type Drift, debit, deposit, verifyLedger } from '../../db/ledger/ledger.ts';
import { listDrift, proveLedger } from '../../db/ledger/proof.ts';
import type { Money } from '../../domain/ledger/money.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { attemptOf, running, sending } from '../support/engines/running.ts';
import { tamper } from '../support/engines/tamper.ts';
import { correct, end } from '../support/reads/books.ts';
import { openShop } from '../support/worlds/shop.ts';

/** A shop with one order of each kind: open, settled in full, partial, corrected, and one with a late order. */
interface Scene {
  readonly account: number;
  readonly stranger: number;
  readonly open: number;
  readonly full: number;
  readonly part: number;
  readonly corrected: number;
  readonly late: number;
}

let database: TestDatabase;
let scene: Scene;
beforeEach(async () => {
  database = await testDatabase();
  const { sql } = database;
  const { account, order } = await openShop(sql, { balance: '100' });
  const { account: stranger } = await openShop(sql, { balance: '100' });
  const [open, full, part, corrected, late] = [
    await order(),
    await order(),
    await order(),
    await order(),
    await order(),
  ];
  await running(sql, full, 'bought');
  await end(sql, full, 1000, { ends: [{ batch: 1, delivered: 1000 }], costs: [{ batch: 1, cost: '100', raw: null }] });
  await sql`select rebate_cost(${full}, 1, ${70n}, '0.0000007')`;
  await end(sql, part, 600);
  await end(sql, corrected, 1000);
  await correct(sql, corrected, 900);
  await correct(sql, corrected, 700);
  await sending(sql, attemptOf(late));
  await attemptUnknown(sql, attemptOf(late), 'no answer');
  await attemptReleased(sql, attemptOf(late), 'given up', true);
  await end(sql, late, 0);
  const found = await addLateOrder(sql, attemptOf(late), 'turned up', 'ann');
  await bookLoss(sql, found?.id ?? 0, { status: 'Completed', charge: '0.000003', cost: 300n as Money });
  await deposit(sql, account, 5n as Money, 'small');
  await debit(sql, account, 3n as Money, 'small');
  scene = { account, stranger, open, full, part, corrected, late };
  expect(await verifyLedger(sql)).toEqual([]);
  expect(await foundByRun()).toEqual([]);
});
afterEach(() => database.drop());

const shown = (drift: readonly Drift[]) => drift.map(({ check, subject }) => `${check} of ${subject}`);

/** What the check of everything finds. */
const found = async () => shown(await verifyLedger(database.sql));

/** What the next run of the schedule finds. */
const foundByRun = async () => {
  await proveLedger(database.sql);
  return shown(await listDrift(database.sql, 100));
};

/** What the check in one snapshot finds. */
const foundAtOnce = async () =>
  shown(await database.sql<Drift[]>`select check_name as "check", subject, detail from verify_ledger()`);

const hold = (order: number) => `order_id = ${order} and kind = 'hold'`;

describe('the check of everything, a run of the schedule and the check in one snapshot find', () => {
  const kinds: readonly (readonly [string, (at: Scene) => string, (at: Scene) => string])[] = [
    [
      'a balance that somebody raised',
      ({ account }) => `update wallets set balance = balance + 1 where account_id = ${account}`,
      ({ account }) => `wallet balance of wallet:${account}`,
    ],
    [
      'a deposit that vanished',
      ({ account }) => `delete from transfers where kind = 'deposit' and wallet_id = ${account} and amount = 5`,
      ({ account }) => `step without transfer of deposit:${account}:small`,
    ],
    [
      'a debit that vanished',
      ({ account }) => `delete from transfers where kind = 'debit' and wallet_id = ${account}`,
      ({ account }) => `step without transfer of debit:${account}:small`,
    ],
    [
      'a line that vanished from the middle of a statement',
      ({ open }) => `delete from transfers where ${hold(open)}`,
      ({ account }) => `wallet chain of wallet:${account}`,
    ],
    [
      'a line whose balance does not follow',
      ({ account }) =>
        `update transfers set wallet_balance = wallet_balance + 1 where wallet_id = ${account} and wallet_version = 2`,
      ({ account }) => `wallet chain of wallet:${account}`,
    ],
    [
      'a wallet that was below zero for a moment',
      ({ account }) => `update transfers set wallet_balance = -1 where wallet_id = ${account} and wallet_version = 2`,
      ({ account }) => `wallet below zero of wallet:${account}`,
    ],
    [
      'an order that holds nothing',
      ({ open }) => `delete from transfers where ${hold(open)}`,
      ({ open }) => `hold of order:${open}`,
    ],
    [
      'an order that holds more than its price',
      ({ open }) => `update transfers set amount = amount + 1 where ${hold(open)}`,
      ({ open }) => `hold of order:${open}`,
    ],
    [
      'an open order whose escrow was emptied',
      ({ open }) => `insert into transfers (step, kind, debit, credit, amount, order_id)
        values ('order:${open}:hold', 'charge', 'escrow:${open}', 'revenue', 1, ${open})`,
      ({ open }) => `open order escrow of order:${open}`,
    ],
    [
      'a settled order with money left in escrow',
      ({ full }) => `delete from transfers where order_id = ${full} and kind = 'charge'`,
      ({ full }) => `settled order escrow of order:${full}`,
    ],
    [
      'a refund that vanished',
      ({ part }) => `delete from transfers where order_id = ${part} and kind = 'refund'`,
      ({ part }) => `settled order escrow of order:${part}`,
    ],
    [
      'an order that says another charge than was made',
      ({ part }) => `update orders set charge = charge + 1, refunded = refunded - 1 where id = ${part}`,
      ({ part }) => `charge and refund of order:${part}`,
    ],
    [
      'a correction that vanished',
      ({ corrected }) => `delete from transfers where order_id = ${corrected} and kind = 'correction'`,
      ({ corrected }) => `charge and refund of order:${corrected}`,
    ],
    [
      'a correction that no step made',
      ({ corrected }) => `delete from money_steps where key = 'order:${corrected}:correct:1'`,
      ({ corrected }) => `correction and step of order:${corrected}`,
    ],
    [
      'two corrections that changed their amounts',
      ({ corrected }) =>
        `update transfers set amount = 27000000 - amount where order_id = ${corrected} and kind = 'correction'`,
      ({ corrected }) => `correction and step of order:${corrected}`,
    ],
    [
      'a correction that nobody counted',
      ({ corrected }) => `update orders set corrections = 1 where id = ${corrected}`,
      ({ corrected }) => `status and step of order:${corrected}`,
    ],
    [
      'a corrected order that says it is Completed again',
      ({ corrected }) => `update orders set status = 'Completed' where id = ${corrected}`,
      ({ corrected }) => `status and step of order:${corrected}`,
    ],
    [
      'a correction out of anything but revenue',
      ({ corrected }) =>
        `update transfers set debit = 'external' where order_id = ${corrected} and kind = 'correction'`,
      () => 'accounts of a transfer of transfer:',
    ],
    [
      'a correction under the step of another order',
      ({ corrected, part }) =>
        `update transfers set step = 'order:${part}:settle' where order_id = ${corrected} and kind = 'correction'`,
      () => 'step of a transfer of transfer:',
    ],
    [
      'more booked back than a batch cost',
      ({ full }) => `update transfers set amount = amount + 71 where order_id = ${full} and kind = 'rebate'`,
      ({ full }) => `more rebate than cost of order:${full}:batch:1`,
    ],
    [
      'a rebate that another provider gave',
      ({ full }) => `update transfers set credit = 'cost:2' where order_id = ${full} and kind = 'rebate'`,
      () => 'accounts of a transfer of transfer:',
    ],
    [
      'an order whose charge and refund are not its price',
      ({ open }) => `update orders set charge = charge - 1 where id = ${open}`,
      ({ open }) => `price split of order:${open}`,
    ],
    [
      'a refund to somebody else',
      ({
        part,
        stranger,
      }) => `update transfers set credit = 'wallet:${stranger}', wallet_id = ${stranger}, wallet_version = 2
        where order_id = ${part} and kind = 'refund'`,
      ({ part }) => `owner of order:${part}`,
    ],
    [
      'a transfer that belongs to no order',
      ({ full }) => `update transfers set order_id = null where order_id = ${full} and kind = 'charge'`,
      () => 'transfer without order of transfer:',
    ],
    [
      'a charge that went anywhere but to revenue',
      ({ part }) => `update transfers set credit = 'loss' where order_id = ${part} and kind = 'charge'`,
      () => 'accounts of a transfer of transfer:',
    ],
    [
      'a refund out of the escrow of another order',
      ({ part, full }) => `update transfers set debit = 'escrow:${full}' where order_id = ${part} and kind = 'refund'`,
      () => 'accounts of a transfer of transfer:',
    ],
    [
      'a cost that is owed to another provider than it was bought from',
      ({ full }) => `insert into transfers (step, kind, debit, credit, amount, order_id)
        values ('order:${full}:settle', 'cost', 'cost:1', 'payable:2', 1, ${full})`,
      () => 'accounts of a transfer of transfer:',
    ],
    [
      'a transfer under a step that is not its own',
      ({ part, full }) =>
        `update transfers set step = 'order:${full}:settle' where order_id = ${part} and kind = 'refund'`,
      () => 'step of a transfer of transfer:',
    ],
    [
      'an order that was charged for another number than it says it delivered',
      ({ part }) => `update orders set delivered = delivered + 1 where id = ${part}`,
      ({ part }) => `charge and delivered of order:${part}`,
    ],
    [
      'an order whose status is not the one it was settled with',
      ({ part }) => `update orders set status = 'Completed' where id = ${part}`,
      ({ part }) => `status and step of order:${part}`,
    ],
    [
      'a settled order that no step settled',
      ({ full }) => `delete from money_steps where key = 'order:${full}:settle'`,
      ({ full }) => `status and step of order:${full}`,
    ],
    [
      'a loss that is not what was booked',
      ({ late }) => `update late_orders set loss = loss - 1 where order_id = ${late}`,
      ({ late }) => `loss and late order of order:${late}`,
    ],
    [
      'a loss that was booked for no late order',
      ({ late }) => `update late_orders set loss = null, booked_at = null where order_id = ${late}`,
      ({ late }) => `loss and late order of order:${late}`,
    ],
    [
      'a late order whose loss was booked to another provider',
      ({ late }) => `update transfers set credit = 'payable:999' where order_id = ${late} and kind = 'loss'`,
      ({ late }) => `loss and late order of order:${late}`,
    ],
    [
      'a batch that says it lost what nobody booked',
      ({ full }) => `update batches set lost = 5 where order_id = ${full}`,
      ({ full }) => `loss and batch of order:${full}:batch:1`,
    ],
    [
      'more recovered of a batch than was lost with it',
      ({ full }) => `insert into transfers (step, kind, debit, credit, amount, order_id)
        values ('order:${full}:batch:1:loss:1', 'recovery', 'payable:1', 'loss', 1, ${full})`,
      ({ full }) => `loss and batch of order:${full}:batch:1`,
    ],
    [
      'a recovery that went anywhere but to the losses',
      ({ full }) => `insert into transfers (step, kind, debit, credit, amount, order_id)
        values ('order:${full}:batch:1:loss:1', 'recovery', 'payable:1', 'revenue', 1, ${full})`,
      () => 'accounts of a transfer of transfer:',
    ],
    [
      'a claim whose order vanished',
      ({ open }) => `delete from batches where order_id = ${open}; delete from orders where id = ${open}`,
      ({ open }) => `claim without order of order:${open}`,
    ],
    [
      'an order whose claim says that there is none',
      ({ open }) => `update claims set state = 'withdrawn' where order_id = ${open}`,
      ({ open }) => `order without claim of order:${open}`,
    ],
  ];

  it.each(kinds)('%s', async (_, change, expected) => {
    await tamper(database.sql, change(scene));
    const lines = await found();
    expect(lines.some((line) => line.startsWith(expected(scene)))).toBe(true);
    expect((await foundByRun()).sort()).toEqual(lines.sort());
    expect((await foundAtOnce()).sort()).toEqual(lines.sort());
  });

  it('and says nothing of orders that nobody touched', async () => {
    await tamper(database.sql, `update orders set charge = charge - 1 where id = ${scene.open}`);
    expect(await found()).toEqual([`price split of order:${scene.open}`]);
    expect(await foundByRun()).toEqual([`price split of order:${scene.open}`]);
  });
});
