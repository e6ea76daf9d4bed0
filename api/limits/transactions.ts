import { DatabaseDeadline, type Sql, type Tx, withTimeout } from '../../db/client.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { QUERY_MS, TRANSACTION_MS } from '../http/timeouts.ts';
import { perApp } from '../v1/per-app.ts';
import { FairSlots } from './fair-slots.ts';

/** Connections of one API process for transactions. */
export const TRANSACTIONS_AT_ONCE = 8;

/**
 * The pool `statements`, but with transactions on connections of another pool, so that neither waits for the other. A transaction
 * that began `ms` ago sends nothing more and is rolled back: its caller has given up.
 */
export function withTransactions(statements: Sql, transactions: Sql, ms: number): Sql {
  const begin = <T>(work: (tx: Tx) => Promise<T>) => {
    const until = performance.now() + ms;
    return transactions.begin((tx) => work(inTime(tx, until, ms)));
  };
  return new Proxy(statements, {
    get: (target, name) => (name === 'begin' ? begin : Reflect.get(target, name)),
  });
}

const inTime = (tx: Tx, until: number, ms: number): Tx =>
  new Proxy(tx, {
    apply: (target, self, args) => {
      if (performance.now() > until) throw new DatabaseDeadline(`the transaction took more than ${ms} ms`);
      return Reflect.apply(target, self, args);
    },
  });

const slots = perApp(
  () =>
    new FairSlots({
      atOnce: TRANSACTIONS_AT_ONCE,
      ofAccount: LIMITS.transactionsOfAccount,
      waiting: LIMITS.transactionsWaiting,
    }),
);

/**
 * Runs a transaction of a request, for at most `ms`. An account gets only a few of the connections, so that it cannot starve others.
 * @throws Refusal `rate_limited` when no connection was free for the account: nothing was written.
 */
export async function changing<T>(
  deps: Deps,
  c: ApiContext,
  work: (tx: Tx) => Promise<T>,
  ms: number = TRANSACTION_MS,
): Promise<T> {
  const begin = async () => {
    const begun = deps.sql.begin(async (tx): Promise<{ answer: T }> => ({ answer: await work(tx) }));
    return ((await withTimeout(ms, begun)) as { answer: T }).answer;
  };
  const done = await slots(deps).run(c.get('caller').accountId, QUERY_MS, begin);
  if (done !== undefined) return done.result;
  const most = LIMITS.transactionsOfAccount;
  throw new Refusal('rate_limited', `at most ${most} changes of an account run at the same time`);
}
