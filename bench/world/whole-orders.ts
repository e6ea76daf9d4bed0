import { setTimeout as delay } from 'node:timers/promises';
import { inParallel } from '../../activities/runtime/parallel.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import { lateTasksIn } from '../measure/histories.ts';
import { proveOrders } from '../measure/proof.ts';
import type { Outcome } from '../scenario.ts';
import { CLIENTS } from './customer.ts';
import type { Stack } from './stack.ts';

/** Events of a plain order that its webhook gets: accepted, in progress, completed. */
const EVENTS = 3;
const HEARD_MS = 120_000;
const POLL_MS = 20;
/** Workflows that are asked about at the same time. */
const AT_ONCE = 8;

/** Places orders, so many at the same time. Returns how many milliseconds each answer took. */
export async function placeMany({ customer }: Stack, count: number, clients = CLIENTS): Promise<number[]> {
  const waits: number[] = [];
  await inParallel(Array.from({ length: count }), clients, async () => void waits.push(await customer.mustOrder()));
  return waits;
}

/**
 * Places orders and waits until all are settled and the receiver has heard of it. Returns how many were settled a second, from the
 * first request to the last settlement.
 */
export async function liveOrders(stack: Stack, count: number): Promise<number> {
  const before = completedIn(stack);
  const from = Date.now();
  await placeMany(stack, count);
  await untilCompleted(stack, before + count);
  const [row] = await stack.world.sql<{ last: number }[]>`
    select (extract(epoch from max(settled_at)) * 1000)::float8 as last from orders`;
  return (count * 1_000) / ((row?.last ?? Number.NaN) - from);
}

const completedIn = ({ receiver }: Stack): number =>
  receiver.heard.filter(({ body }) => body.type === 'order.completed').length;

/** Waits until the receiver has every event of so many completed orders; those that still run have two events each. */
export async function untilCompleted(stack: Stack, orders: number, running = 0): Promise<void> {
  const events = EVENTS * orders + (EVENTS - 1) * running;
  const deadline = performance.now() + HEARD_MS;
  while (completedIn(stack) < orders || stack.receiver.heard.length < events) {
    if (performance.now() > deadline) {
      throw new Error(`the receiver has heard ${stack.receiver.heard.length} of ${events} events`);
    }
    await delay(POLL_MS);
  }
}

/** The events in the history of each of the last orders, on average. Waits for the ends of their workflows. */
export async function eventsOfLast({ world: { sql, temporal } }: Stack, orders: number): Promise<number> {
  const ids = await sql<{ id: number }[]>`select id::float8 as id from orders order by id desc limit ${orders}`;
  let events = 0;
  await inParallel(ids, AT_ONCE, async ({ id }) => {
    const handle = temporal.workflow.getHandle(orderWorkflowId(id));
    await handle.result();
    const { historyLength } = await handle.describe();
    events += historyLength;
  });
  return events / ids.length;
}

/** Checks that all orders of a stack are completed, were sent once, and that the books are exact. Counts the late tasks. */
export async function proveCompleted(
  { world: { sql, temporal }, panel }: Stack,
  orders: number,
): Promise<Required<Pick<Outcome, 'proof' | 'late'>>> {
  const adds = panel.adds().length;
  const proof = await proveOrders(sql, { orders, status: 'Completed', batches: orders, adds });
  return { proof, late: await lateTasksIn(temporal, orders) };
}
