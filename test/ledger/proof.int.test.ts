import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sql, Tx } from '../../db/client.ts';
import { connect } from '../../db/client.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { listDrift, type ProofOptions, proveLedger, readProof } from '../../db/ledger/proof.ts';
import { migrate } from '../../db/migrate.ts';
import { createDatabase } from '../../dev/postgres/postgres.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { type Engine, postgresOfOurOwn } from '../support/engines/engines.ts';
import { tamper } from '../support/engines/tamper.ts';
import { atOnce, end } from '../support/reads/books.ts';
import { seedPast } from '../support/worlds/past.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';

/** A server of its own: a transaction that another test holds open delays what a run may take for proved. */
let server: Engine<string>;
const template = 'proof_template';
beforeAll(async () => {
  server = await postgresOfOurOwn({ autovacuum: 'off' });
  const made = connect(await createDatabase(server.value, template), { name: 'holdfast-test', max: 1 });
  await migrate(made);
  await made.end();
});
afterAll(() => server.stop());

let database: TestDatabase;
let sql: Sql;
let shop: Shop;
beforeEach(async () => {
  database = await testDatabase({ postgresUrl: server.value, template });
  sql = database.sql;
  shop = await openShop(sql);
});
afterEach(() => database.drop());

/** Stops a run after so many questions whether it is over: it asks before each statement. */
const stoppedAfter = (statements: number): ProofOptions => {
  let asked = 0;
  return { isOver: () => asked++ >= statements };
};

const marks = async () => {
  const [row] = await sql<{ proved: number; seen: number }[]>`
    select proved_to::float8 as proved, seen_to::float8 as seen from ledger_proof`;
  return row as { proved: number; seen: number };
};

const lastTransfer = async () => {
  const [row] = await sql<{ id: number }[]>`select max(id)::float8 as id from transfers`;
  return row?.id ?? 0;
};

/** Runs until all transfers are proved for good: a run proves for good only what an earlier run has seen. */
async function proveAll(options?: ProofOptions): Promise<void> {
  const last = await lastTransfer();
  const proved = async () => {
    await proveLedger(sql, options);
    return (await marks()).proved;
  };
  await expect.poll(proved).toBe(last);
}

const errors = async () => (await listDrift(sql, 100)).map(({ check, subject }) => `${check} of ${subject}`);

/** Rows of the tables of money that this session has read lately, and those that it read by scans of a whole table. */
async function rowsRead(tx: Tx): Promise<{ readonly all: number; readonly scanned: number }> {
  const [row] = await tx<{ all: number; scanned: number }[]>`
    select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::integer as all, sum(seq_tup_read)::integer as scanned
      from pg_stat_xact_user_tables
      where relname in ('orders', 'transfers', 'money_steps', 'claims', 'batches', 'late_orders', 'wallets')`;
  return row as { all: number; scanned: number };
}

describe('a run over a long past', () => {
  it('reads what is new, what is open and a slice, not the past', async () => {
    await seedPast(sql, shop, { orders: 20_000, accounts: 100 });
    await sql`insert into ledger_drift (part, item, check_name, subject, detail) values ('orders', '1', 'gone', 'order:1', '')`;
    // The first run reads all transfers, the second one confirms that none can appear among them.
    expect(await proveLedger(sql)).toMatchObject({ stopped: null, newTransfers: 65_101 });
    await proveAll();
    const placed = [await shop.order(), await shop.order(), await shop.order()];
    await end(sql, placed[0] ?? 0, 1000);
    await sql`update ledger_passes set after = null`;
    const read = await sql.begin(async (tx) => {
      const before = await rowsRead(tx);
      const report = await proveLedger(tx, { atOnce: 100 });
      expect(report).toEqual({
        stopped: null,
        newTransfers: 4,
        newOrders: 3,
        series: { 'open orders': 2, wallets: 101, orders: 100, transfers: 100, claims: 100, deposits: 100 },
      });
      const after = await rowsRead(tx);
      return { all: after.all - before.all, scanned: after.scanned - before.scanned };
    });
    expect(read.all).toBeLessThan(4_000);
    expect(read.scanned).toBe(0);
    // A slice is a 1,200th of the past once that is more than one statement: a day has 1,440 runs.
    expect((await proveLedger(sql, { atOnce: 10 })).series).toMatchObject({ orders: 17, transfers: 55, claims: 17 });
    expect(await errors()).toEqual([]);
  }, 120_000);

  it('proves all of it again within as many runs as a day has', async () => {
    for (let n = 0; n < 7; n++) await end(sql, await shop.order(), 1000);
    const [first] = await sql<{ id: number }[]>`select min(id)::integer as id from orders`;
    const run = () => proveLedger(sql, { atOnce: 2 });
    await proveAll({ atOnce: 2 });
    expect((await run()).series).toMatchObject({ orders: 2, transfers: 2, claims: 2 });
    await tamper(sql, `update orders set delivered = 999 where id = ${first?.id}`);
    // A pass over 7 orders ends within four slices, wherever it is now.
    for (let n = 0; n < 4; n++) await run();
    expect(await errors()).toEqual([
      `charge and delivered of order:${first?.id}`,
      `status and step of order:${first?.id}`,
    ]);
    expect((await readProof(sql)).wholeAgeSeconds).toBeNull();
    // The pass over 22 transfers ends last: each run proves some of them.
    for (let n = 0; n < 8; n++) await run();
    expect((await readProof(sql)).wholeAgeSeconds).toBeGreaterThan(0);
  });
});

describe('a run that is stopped', () => {
  it('is gone on with where it stopped, and proves nothing twice', async () => {
    for (let n = 0; n < 4; n++) await end(sql, await shop.order(), 1000);
    await proveAll();
    for (let n = 0; n < 6; n++) await end(sql, await shop.order(), 600);
    // Confirms what is new before it is proved: only then may a stopped run keep how far it was.
    await proveLedger(sql, stoppedAfter(0));
    const stops: (string | null)[] = [];
    const all = { newTransfers: 0, orders: 0, claims: 0 };
    do {
      const { stopped, newTransfers, series } = await proveLedger(sql, { ...stoppedAfter(4), atOnce: 2 });
      all.newTransfers += newTransfers;
      all.orders += series.orders;
      all.claims += series.claims;
      stops.push(stopped);
    } while (stops.at(-1) !== null);
    expect(stops).toEqual(['new transfers', 'new transfers', 'transfers', null]);
    expect(all).toEqual({ newTransfers: 18, orders: 2, claims: 2 });
    expect((await marks()).proved).toBe(await lastTransfer());
  });

  it('leaves what it found, and is not taken for a proof of everything', async () => {
    const order = await shop.order();
    await tamper(sql, `update orders set charge = charge - 1 where id = ${order}`);
    await proveLedger(sql, stoppedAfter(1));
    expect(await errors()).toEqual([`price split of order:${order}`]);
    expect(await readProof(sql)).toMatchObject({ drift: 1, completeAt: null, ageSeconds: null, wholeAgeSeconds: null });
    await tamper(sql, `update orders set charge = charge + 1 where id = ${order}`);
    await proveLedger(sql, stoppedAfter(1));
    expect(await readProof(sql)).toMatchObject({ drift: null, ageSeconds: null });
    await proveLedger(sql);
    expect(await readProof(sql)).toMatchObject({ drift: 0, ageSeconds: expect.any(Number) });
  });
});

describe('a transfer that commits after one with a higher id', () => {
  it('is proved, also when its transaction began after the other one', async () => {
    const { account: other } = await openShop(sql);
    await proveAll();
    const before = await lastTransfer();
    const sessions = connect(database.url, { name: 'holdfast-test', max: 2 });
    const [early, late] = [await sessions.reserve(), await sessions.reserve()];
    const key = (account: number) => `deposit:${account}:late`;
    const step = (account: number) => sql`take_step(${key(account)}, '{"amount": "5"}')`;
    const move = (account: number) =>
      sql`move_money(${key(account)}, 'deposit', 'external', ${`wallet:${account}`}, 5)`;
    try {
      await early`begin`;
      await late`begin`;
      // The late one has the higher transaction id and the lower transfer id.
      await early`select ${step(shop.account)}`;
      await late`select ${step(other)}`;
      await late`select ${move(other)}`;
      await early`select ${move(shop.account)}`;
      await early`commit`;
      for (let run = 1; run <= 3; run++) {
        // The visible one is proved each time, because the other may still appear below it.
        expect(await proveLedger(sql)).toMatchObject({ newTransfers: 1, stopped: null });
        expect(await marks()).toEqual({ proved: before, seen: before + 2 });
      }
      await late`commit`;
    } finally {
      early.release();
      late.release();
      await sessions.end({ timeout: 5 });
    }
    await tamper(sql, `update transfers set debit = 'revenue' where id = ${before + 1}`);
    expect(await proveLedger(sql, { atOnce: 1 })).toMatchObject({ newTransfers: 2 });
    expect(await errors()).toEqual([`accounts of a transfer of transfer:${before + 1}`]);
    expect((await marks()).proved).toBe(before + 2);
  });

  it('is waited for on the server that the ledger is on, not on the one that it was copied from', async () => {
    await shop.order();
    await proveLedger(sql);
    await sql`update ledger_proof set seen_by = '99999999999'`;
    await proveAll();
  });

  it('is not looked for in a transaction that has written, whose own id is too old', async () => {
    const run = sql.begin(async (tx) => {
      await tx`update wallets set version = version where account_id = ${shop.account}`;
      await proveLedger(tx);
    });
    await expect(run).rejects.toMatchObject({ code: 'HF003' });
  });
});

it('orders that are placed, settled and corrected meanwhile are no errors', async () => {
  let moving = true;
  const found: unknown[] = [];
  const proofs = async () => {
    while (moving) {
      await proveLedger(sql, { atOnce: 3 });
      found.push(...(await listDrift(sql, 100)), ...(await verifyLedger(sql)));
    }
  };
  const customers = atOnce(4, async () => {
    const { order } = await openShop(sql);
    for (let n = 0; n < 15; n++) {
      const id = await order();
      await end(sql, id, n % 2 === 0 ? 1000 : 600);
      await sql`select correct_order(${id}, 300, clock_timestamp())`;
    }
  }).finally(() => {
    moving = false;
  });
  await Promise.all([proofs(), proofs(), customers]);
  expect(found).toEqual([]);
  expect(await proveLedger(sql)).toMatchObject({ stopped: null });
  expect(await errors()).toEqual([]);
}, 60_000);

it('an error is kept while it is there, with the time when it was found, and forgotten with the run after its repair', async () => {
  const orders = await Promise.all([shop.order(), shop.order()]);
  const change = (by: string, id = 0) => tamper(sql, `update orders set charge = charge ${by} where id = ${id}`);
  const known = async () => {
    const rows = await sql<{ subject: string; at: Date }[]>`
      select subject, found_at as at from ledger_drift order by subject`;
    return rows.map(({ subject, at }) => ({ subject, at: at.getTime() }));
  };
  for (const id of orders) await change('- 1', id);
  await proveLedger(sql);
  const first = await known();
  expect(first.map(({ subject }) => subject)).toEqual(orders.map((id) => `order:${id}`).sort());
  await proveLedger(sql);
  expect(await known()).toEqual(first);
  await change('+ 1', orders[0]);
  await proveLedger(sql);
  expect(await known()).toEqual(first.filter(({ subject }) => subject === `order:${orders[1]}`));
});
