import { setTimeout as delay } from 'node:timers/promises';
import type { Sql } from '../db/client.ts';
import { verifyLedger } from '../db/ledger/ledger.ts';

const SETTLED_MS = 60_000;
const LOOK_MS = 50;

/** Waits until no order is open any more. Throws after a minute. */
export async function untilAllSettled(sql: Sql): Promise<void> {
  const deadline = performance.now() + SETTLED_MS;
  for (;;) {
    const [row] = await sql<{ open: number }[]>`
      select count(*)::integer as open from orders where settled_at is null`;
    if (row?.open === 0) return;
    if (performance.now() > deadline) throw new Error(`${row?.open} orders are not settled after a minute`);
    await delay(LOOK_MS);
  }
}

/** What all rounds together must have come to. */
export interface Expected {
  readonly orders: number;
  readonly status: string;
  /** How often something was bought for them, and what the providers saw of that. */
  readonly batches: number;
  readonly adds: number;
}

/**
 * Every order has ended as it should, every batch was sent once, and the books are exact.
 * @throws Error that says what is not so.
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

/** @throws Error with what has drifted. */
export async function proveBooks(sql: Sql): Promise<void> {
  const drift = await verifyLedger(sql);
  if (drift.length > 0) throw new Error(`the books have drifted: ${JSON.stringify(drift)}`);
}
