import { ActivityFailure, ApplicationFailure, allHandlersFinished, condition } from '@temporalio/workflow';
import { isUnwritten } from '../../domain/order/snapshot.ts';
import { unpark } from '../activities.ts';
import { type OrderInput, PARKED } from '../contract.ts';
import { continueRun } from '../versions.ts';
import type { OrderRun } from './view.ts';
import { mustMove, type Shown, show } from './wait-for-news.ts';

/** The first wait before a refused step is tried again. Each further wait is four times as long, up to the longest. */
const FIRST_MS = 10_000;
const LONGEST_MS = 3_600_000;

/** The failure that an activity threw. Temporal wraps the failure of an activity, but not that of a local activity. */
export const failureOf = (error: unknown): unknown => (error instanceof ActivityFailure ? error.cause : error);

/** The failure of a step that PostgreSQL will refuse each time; undefined for any other error. */
export function parkedBy(error: unknown): ApplicationFailure | undefined {
  const failure = failureOf(error);
  return failure instanceof ApplicationFailure && failure.type === PARKED ? failure : undefined;
}

/**
 * Takes a step and returns its result. If PostgreSQL refuses the step for good, the order is parked: it waits here until the next
 * try is due, a person's message leaves an event, or it moves to another version of the workflows. Meanwhile it takes no slot of a worker and does not fail. Then the result is
 * undefined, and the caller decides on the next step again.
 */
export async function orPark<T>(
  run: OrderRun,
  input: OrderInput,
  shown: Shown,
  step: string,
  act: () => Promise<T>,
): Promise<T | undefined> {
  try {
    const result = await act();
    await goOn(run);
    return result;
  } catch (error) {
    const failure = parkedBy(error);
    if (failure === undefined) throw error;
    await park(run, input, shown, step, failure.message);
    return undefined;
  }
}

async function goOn(run: OrderRun): Promise<void> {
  if (run.parked === undefined) return;
  run.parked = undefined;
  // If this fails, only the alert stays open, and the reconciler ends it with the order.
  await unpark(run.orderId).catch(() => undefined);
}

async function park(run: OrderRun, input: OrderInput, shown: Shown, step: string, why: string): Promise<void> {
  const tries = (run.parked?.tries ?? 0) + 1;
  const wait = Math.min(FIRST_MS * 4 ** (tries - 1), LONGEST_MS);
  run.parked = { why, tries, until: Date.now() + wait };
  show(run, shown);
  const events = run.state?.eventCount;
  // Wait for a new event, not for any message: reports come every half minute, and a person's message leaves an event.
  const isNews = () => run.state?.eventCount !== events;
  await condition(() => isNews() || mayMove(run), wait, { summary: `try again: ${step}` });
  if (!isNews() && mayMove(run)) await move(run, input);
}

/**
 * Whether the order goes to another version of the workflows, in which its step may succeed. It stays while PostgreSQL lacks what
 * a person has asked for: the next run would not know of it.
 */
const mayMove = (run: OrderRun): boolean =>
  mustMove(run) &&
  allHandlersFinished() &&
  run.stopsUnderWay === 0 &&
  (run.state === undefined || !isUnwritten(run.state));

/** Continues as new from PostgreSQL. A person's decision is stored by the settlement alone, so the next run gets it. */
function move({ state }: OrderRun, input: OrderInput): Promise<never> {
  const decided = state?.decided ?? null;
  return continueRun<(input: OrderInput) => Promise<unknown>>({ ...input, ...(decided === null ? {} : { decided }) });
}
