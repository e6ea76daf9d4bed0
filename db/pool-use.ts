import type { Sql } from './client.ts';

/** How a pool of connections is used at the moment. */
export interface PoolFigures {
  readonly pool: string;
  /** Connections that work for a statement or a transaction. */
  readonly used: number;
  /** Connections that are free, or that the pool may still open. */
  readonly idle: number;
  /** Statements and transactions that wait for a connection. */
  readonly waiting: number;
}

/**
 * Fields of a query that the driver's types leave out. `handle` sends the query, once: a query that is part of another one is never
 * sent by itself.
 */
type Query = Promise<unknown> & { readonly executed: boolean; handle: () => Promise<unknown> };

/** Counts the statements and transactions of a pool that have not ended: the driver does not say how its connections are used. */
export class PoolUse {
  readonly #pool: string;
  readonly #max: number;
  #running = 0;

  /** `max`: the connections that the pool may have. */
  constructor(pool: string, max: number) {
    this.#pool = pool;
    this.#max = max;
  }

  figures(): PoolFigures {
    const used = Math.min(this.#running, this.#max);
    return { pool: this.#pool, used, idle: this.#max - used, waiting: this.#running - used };
  }

  /** The same pool, whose statements and transactions are counted. */
  counted(sql: Sql): Sql {
    const begin = (...args: unknown[]): Promise<unknown> =>
      this.#until(Reflect.apply(sql.begin, sql, args) as Promise<unknown>);
    return new Proxy(sql, {
      apply: (target, self, args) => {
        const query: unknown = Reflect.apply(target, self, args);
        if (query instanceof Promise) this.#countWhenSent(query as Query);
        return query;
      },
      get: (target, name) => (name === 'begin' ? begin : Reflect.get(target, name)),
    });
  }

  #countWhenSent(query: Query): void {
    const { handle } = query;
    query.handle = () => {
      if (!query.executed) void this.#until(query);
      return handle.call(query);
    };
  }

  #until<T>(work: Promise<T>): Promise<T> {
    this.#running += 1;
    const ended = () => {
      this.#running -= 1;
    };
    // The `then` of a query would send it.
    void Promise.prototype.then.call(work, ended, ended);
    return work;
  }
}
