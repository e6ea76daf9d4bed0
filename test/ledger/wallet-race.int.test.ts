import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey, createStaffKey } from '../../db/account/accounts.ts';
import { correctBatch } from '../../db/delivery/post-settlement-checks.ts';
import { attemptReleased, attemptUnknown } from '../../db/dispatch/attempts.ts';
import { addLateOrder, bookLoss } from '../../db/dispatch/late-orders.ts';
import { deposit, verifyLedger } from '../../db/ledger/ledger.ts';
import { decideClaim } from '../../db/placement/decide-claim.ts';
import type { Money } from '../../domain/ledger/money.ts';
import { attemptOf, running, sending } from '../support/engines/running.ts';
import { atOnce, balanceOf, end } from '../support/reads/books.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;
let api: ServedApi;
beforeAll(async () => {
  world = await realWorld();
  api = await serveApi({
    ...world,
    rates: { RATE_LIMIT_PER_SECOND: 1_000, RATE_LIMIT_BURST: 1_000, ADDRESS_LIMIT_BURST: 1_000 },
  });
  await world.startWorkers();
});
afterAll(async () => {
  expect(await verifyLedger(world.sql)).toEqual([]);
  await api.close();
  await world.close();
});

describe('100 orders at once over HTTP', () => {
  it('on a wallet that can pay 10 are exactly 10 accepted, 90 refused for want of funds, and nothing is left', async () => {
    const { account, service } = await world.shop({ balance: '9' });
    const { key } = await createKey(world.sql, { accountId: account, name: 'racer' });
    const place = (number: number) =>
      api.v1('/v1/orders', {
        key,
        idempotencyKey: `race ${number}`,
        body: { service, link: `https://example.com/race/${number}?sim=stall:0`, quantity: 1000 },
      });
    // On a busy machine the outcome may be unknown at first. Then ask again with the same key, as a client does.
    const sure = async (number: number): Promise<number> => {
      const { status } = await place(number);
      return status === 503 ? sure(number) : status;
    };
    const statuses = await atOnce(100, sure);
    expect(statuses.filter((status) => status === 201)).toHaveLength(10);
    expect(statuses.filter((status) => status === 402)).toHaveLength(90);
    expect(await balanceOf(world.sql, account)).toBe(0n);
    const [orders] = await world.sql`select count(*)::integer as count from orders where account_id = ${account}`;
    expect(orders).toEqual({ count: 10 });
  }, 180_000);
});

describe('20 workers on one wallet, each doing every money operation twice at the same moment', () => {
  /** Runs `act` twice in parallel. Returns how many calls took effect. */
  const twice = async (act: () => Promise<boolean>): Promise<number> =>
    (await Promise.all([act(), act()])).filter(Boolean).length;

  it('take exactly one effect of each', async () => {
    const { sql } = world;
    const { account, claim, providers } = await world.shop({ balance: '100' });
    const [provider = 0] = providers;
    const countOf = async (step: string) => (await sql`select from money_steps where key = ${step}`).length;
    const effects = await atOnce(20, async (worker) => {
      const id = await claim({ link: `https://example.com/twice/${worker}` });
      const late = await claim({ link: `https://example.com/twice/late-${worker}` });
      // Steps that answer both callers alike are counted below by their rows.
      await twice(async () => (await deposit(sql, account, 100n as Money, `pay ${worker}`)) > 0n);
      for (const one of [id, late]) await twice(async () => (await decideClaim(sql, one)).state === 'order');
      await running(sql, id, `twice-${id}`);
      const ended = {
        ends: [{ batch: 1, delivered: 1000 }],
        costs: [{ batch: 1, cost: '500', raw: '0.000005' }],
      };
      const settled = await twice(() => end(sql, id, 1000, ended));
      const said = { status: 'Partial', remains: 300, startCount: null, charge: '0.000004' } as const;
      const word = { orderId: id, batch: 1, said, delivered: 700, cost: 400n as Money, rateCost: null };
      const corrected = await twice(() => correctBatch(sql, word, new Date()));

      await sending(sql, attemptOf(late));
      await attemptUnknown(sql, attemptOf(late), 'no answer');
      await attemptReleased(sql, attemptOf(late), 'given up', true);
      const refunded = await twice(() => end(sql, late, 0));
      const found = await Promise.all([1, 2].map(() => addLateOrder(sql, attemptOf(late), `late-${late}`, 'ann')));
      const lost = await twice(() =>
        bookLoss(sql, found[0]?.id ?? 0, { status: 'Completed', charge: '0.5', cost: 300n as Money }),
      );
      return {
        settled,
        corrected,
        refunded,
        lost,
        found: new Set(found.map((one) => one?.id)).size,
        deposits: await countOf(`deposit:${account}:pay ${worker}`),
        holds: (await countOf(`order:${id}:hold`)) + (await countOf(`order:${late}:hold`)),
        costs: await countOf(`order:${id}:batch:1:cost`),
        rebates: await countOf(`order:${id}:batch:1:cost:1`),
      };
    });
    const once = {
      settled: 1,
      corrected: 1,
      refunded: 1,
      lost: 1,
      found: 1,
      deposits: 1,
      holds: 2,
      costs: 1,
      rebates: 1,
    };
    expect(effects).toEqual(effects.map(() => once));
    const [sums] = await sql`
      select sum(amount) filter (where kind = 'cost') as cost, sum(amount) filter (where kind = 'rebate') as rebate, sum(amount) filter (where kind = 'loss') as loss,
             sum(amount) filter (where kind = 'correction') as corrected
        from transfers where debit = ${`cost:${provider}`} or credit = ${`payable:${provider}`}
          or order_id in (select id from orders where account_id = ${account})`;
    expect(sums).toEqual({ cost: '10000', rebate: '2000', loss: '6000', corrected: String(20n * 27_000_000n) });
    // 100, plus 20 deposits of 100 units, less the charge for 700 of 1000 items of one order per worker.
    expect(await balanceOf(sql, account)).toBe(10_000_000_000n + 2_000n - 20n * 63_000_000n);
    expect(await verifyLedger(sql)).toEqual([]);
  });

  it('take one effect of a deposit that staff send twice over HTTP', async () => {
    const { account } = await world.shop({ balance: '0' });
    const { key } = await createStaffKey(world.sql, { name: `cashier ${randomUUID()}` });
    const pay = (number: number) =>
      api.v1(`/v1/admin/accounts/${account}/deposits`, {
        key,
        idempotencyKey: `pay ${number}`,
        body: { amount: '1', reference: `bank ${number}` },
      });
    const answers = await atOnce(20, (number) => Promise.all([pay(number), pay(number)]));
    for (const [one, other] of answers) expect([one?.status, other?.body]).toEqual([201, one?.body]);
    expect(await balanceOf(world.sql, account)).toBe(2_000_000_000n);
  });
});
