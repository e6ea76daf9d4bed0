import { setTimeout as delay } from 'node:timers/promises';
import type { Sql } from '../../db/client.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';

const SETTLED_MS = 120_000;
const POLL_MS = 50;

/** Waits until every claim is decided and every order is settled; returns how many orders there are. Throws after two minutes. */
export async function untilAllSettled(sql: Sql): Promise<number> {
  const deadline = performance.now() + SETTLED_MS;
  for (;;) {
    const [row] = await sql<{ open: number; orders: number }[]>`
      select (select count(*)::integer from claims where state = 'open')
               + (select count(*)::integer from orders where settled_at is null) as open,
             (select count(*)::integer from orders) as orders`;
    if (row?.open === 0) return row.orders;
    if (performance.now() > deadline) throw new Error(`${row?.open} orders are not settled after two minutes`);
    await delay(POLL_MS);
  }
}

/** The expected totals of all rounds. */
export interface Expected {
  readonly orders: number;
  readonly status: string;
  /** Sent batches, and the `add` requests that the providers received. */
  readonly batches: number;
  readonly adds: number;
}

/**
 * Checks that every order has ended with the status, every batch was sent once, and the books are exact.
 * @throws Error with the expected and found totals, or with the drift.
 */
export async function proveOrders(sql: Sql, { orders, status, batches, adds }: Expected): Promise<string> {
  const [row] = await sql<{ orders: number; ended: number; batches: number; sends: number }[]>`
    select (select count(*)::integer from orders) as orders,
           (select count(*)::integer from orders where status = ${status} and settled_at is not null) as ended,
           (select count(*)::integer from batches where state = 'done') as batches,
           (select coalesce(sum(sends), 0)::integer from attempts) as sends`;
  const found = { ...row, adds };
  const expected = { orders, ended: orders, batches, sends: batches, adds: batches };
  if (Object.entries(expected).some(([what, count]) => found[what as keyof typeof found] !== count)) {
    throw new Error(`expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
  }
  await proveBooks(sql);
  return `${orders} orders ${status}, ${batches} batches sent once each, books exact`;
}

/** @throws Error with the drift that was found. */
export async function proveBooks(sql: Sql): Promise<void> {
  const drift = await verifyLedger(sql);
  if (drift.length > 0) throw new Error(`the books have drifted: ${JSON.stringify(drift)}`);
}
