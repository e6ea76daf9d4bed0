import { setImmediate as othersHadTheirTurn } from 'node:timers/promises';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../deps.ts';
import { perApp } from '../v1/per-app.ts';
import { FairSlots } from './fair-slots.ts';

/** Lines of a list that are worked on in one go. */
const PIECE = 500;

/** A long list in pieces. Other requests have their turn between two pieces. */
export async function* inPieces<T>(list: readonly T[]): AsyncGenerator<readonly T[], void> {
  for (let first = 0; first < list.length; first += PIECE) {
    if (first > 0) await othersHadTheirTurn();
    yield list.slice(first, first + PIECE);
  }
}

const slots = perApp(
  () => new FairSlots({ atOnce: LIMITS.listsAtOnce, ofAccount: LIMITS.listsOfAccount, waiting: LIMITS.listsWaiting }),
);

/**
 * Runs `work`, which reads and judges a list of orders, when the account's turn comes.
 * @throws Refusal `rate_limited` when it does not come: nothing was read.
 */
export async function inListTurn<T>(deps: Deps, account: number, work: () => Promise<T>): Promise<T> {
  const done = await slots(deps).run(account, LIMITS.listWaitMs, work);
  if (done !== undefined) return done.result;
  throw new Refusal('rate_limited', `at most ${LIMITS.listsOfAccount} lists of an account are read at the same time`);
}
