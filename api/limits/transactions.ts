import { DatabaseDeadline, type Sql, type Tx } from '../../db/client.ts';

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
