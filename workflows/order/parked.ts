import { ActivityFailure, ApplicationFailure, condition } from '@temporalio/workflow';
import { unpark } from '../activities.ts';
import { PARKED } from '../contract.ts';
import type { OrderRun } from './view.ts';
import { type Shown, show } from './wait-for-news.ts';

/** The first wait before a step that cannot be done is tried again; each is four times as long, up to the longest. */
const FIRST_MS = 10_000;
const LONGEST_MS = 3_600_000;

/** What an activity failed with. What a local activity fails with comes as it is. */
export const failureOf = (error: unknown): unknown => (error instanceof ActivityFailure ? error.cause : error);

/** The failure of a step that PostgreSQL will refuse each time it is asked. */
export function parkedBy(error: unknown): ApplicationFailure | undefined {
  const failure = failureOf(error);
  return failure instanceof ApplicationFailure && failure.type === PARKED ? failure : undefined;
}

/**
 * Takes a step. If it can never be done as things are, the order waits here: it takes no slot of a worker and never fails, and
 * goes on when the time has come or a person has said something. Whoever calls it then looks anew what is to be done.
 */
export async function orPark(run: OrderRun, shown: Shown, step: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const failure = parkedBy(error);
    if (failure === undefined) throw error;
    return park(run, shown, step, failure.message);
  }
  if (run.parked === undefined) return;
  run.parked = undefined;
  // Only the alert is left, and the reconciler ends it with the order.
  await unpark(run.orderId).catch(() => undefined);
}

async function park(run: OrderRun, shown: Shown, step: string, why: string): Promise<void> {
  const tries = (run.parked?.tries ?? 0) + 1;
  const wait = Math.min(FIRST_MS * 4 ** (tries - 1), LONGEST_MS);
  run.parked = { why, tries, until: Date.now() + wait };
  show(run, shown);
  const notes = run.life?.notes;
  // Reports come every half minute; what people say leaves a note.
  await condition(() => run.life?.notes !== notes, wait, { summary: `try again: ${step}` });
}
