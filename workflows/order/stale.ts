import { ApplicationFailure, allHandlersFinished, condition } from '@temporalio/workflow';
import { applySettled } from '../../domain/order/apply-settlement.ts';
import { isUnwritten } from '../../domain/order/snapshot.ts';
import { reasonOf } from '../../domain/order/state.ts';
import { type OrderInput, STALE } from '../contract.ts';
import { continueRun } from '../versions.ts';
import { failureOf, orPark } from './parked.ts';
import type { OrderRun } from './view.ts';
import { shownBefore } from './wait-for-news.ts';
import { write } from './write.ts';

/** A person resets a workflow once or twice. Without a limit, a workflow that is stale each time would reload for ever. */
const MOST_TIMES = 3;

/**
 * A workflow that was reset to the middle of its history does not know what happened to its order since. When an activity fails
 * as stale, the workflow first writes what people have said meanwhile, then continues as new from PostgreSQL's state.
 * @throws `error` itself, when it is not a stale failure or the limit is reached: the workflow then fails and raises an alert.
 */
export async function takeUpAgain(run: OrderRun, input: OrderInput, error: unknown): Promise<never> {
  const { state } = run;
  const failure = failureOf(error);
  const isStale = failure instanceof ApplicationFailure && failure.type === STALE;
  const takenUp = (input.takenUp ?? 0) + 1;
  if (!isStale || state === undefined || takenUp > MOST_TIMES) throw error;
  state.settling = false;
  // PostgreSQL knows when the next run is due, and keeps the later time.
  state.nextRunAt = state.terms.startAt;
  do {
    await orPark(run, { ...input, takenUp }, shownBefore(), 'write', async () => {
      const settled = await write(run, state);
      if (settled !== null) applySettled(state, settled, reasonOf(state));
    });
    // A handler may still be waiting for the result.
    await condition(allHandlersFinished);
  } while (state.settled === null && isUnwritten(state));
  return continueRun<(input: OrderInput) => Promise<unknown>>({ ...input, takenUp });
}
