import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../scenario.ts';
import type { Customer, Persistent } from './customer.ts';
import { openWorker, type Stack } from './stack.ts';

const SECOND_MS = 1_000;

/**
 * Places so many orders a second, whether or not earlier ones are answered: a fixed number, or until something is done. Returns how
 * long each took.
 * @throws Error when an order cannot be placed, though its request is repeated on 503.
 */
export async function placeSteadily(
  customer: Customer,
  perSecond: number,
  { orders = Number.POSITIVE_INFINITY, until }: { readonly orders?: number; readonly until?: Promise<unknown> },
): Promise<Persistent[]> {
  let isDone = false;
  const done = (until ?? Promise.resolve()).finally(() => {
    isDone = until !== undefined;
  });
  // Its failure is reported below, too.
  done.catch(() => undefined);
  const waits: Promise<Persistent>[] = [];
  const began = performance.now();
  while (waits.length < orders && !isDone) {
    const wait = customer.orderAtLast();
    // An order that fails is reported below.
    wait.catch(() => undefined);
    waits.push(wait);
    await delay(Math.max(began + (waits.length * SECOND_MS) / perSecond - performance.now(), 0));
  }
  await done;
  return Promise.all(waits);
}

/** Stops every API and worker, one after the other, and starts it anew before the next is stopped, as a rollout does. */
export async function restartInTurn(bench: Bench, stack: Stack): Promise<void> {
  for (const api of stack.apis) {
    await api.stop();
    await api.start();
  }
  for (const worker of stack.workers) {
    await worker.stop();
    await openWorker(bench, stack);
  }
}
