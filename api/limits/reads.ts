import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseDeadline, type Sql, withTimeout } from '../../db/client.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { ApiContext } from '../http/context.ts';
import { QUERY_MS } from '../http/timeouts.ts';

/** The key that reads, and the signal that aborts when its request ends. */
export interface Reader {
  readonly key: number;
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly key: number;
  readonly begin: (lane: Sql) => void;
}

/**
 * Runs the reads of requests on connections of their own, one read at a time on each. A key gets only a few of them, so it cannot
 * starve other keys. When a request gives up, its read is canceled in PostgreSQL; its connection is reused only after that, so
 * that a late cancel cannot hit another read.
 */
export class Reads {
  readonly #lanes: number;
  readonly #free: Sql[];
  readonly #running = new Map<number, number>();
  readonly #waiting: Waiting[] = [];

  /** `lanes`: pools of one connection. */
  constructor(lanes: readonly Sql[]) {
    this.#lanes = lanes.length;
    this.#free = [...lanes];
  }

  /** Connections that read, connections that are free, and reads that wait for one. */
  use(): { readonly used: number; readonly idle: number; readonly waiting: number } {
    const idle = this.#free.length;
    return { used: this.#lanes - idle, idle, waiting: this.#waiting.length };
  }

  /**
   * @throws Refusal `too_many_reads` when the key has too many reads waiting or running; DatabaseDeadline when the answer took
   * longer than `ms`, or the request ended.
   */
  async run<T>({ key, signal }: Reader, ms: number, query: (sql: Sql) => Promise<T>): Promise<T> {
    const over = new AbortController();
    const giveUp = () => over.abort(new DatabaseDeadline('the request ended'));
    const timer = setTimeout(() => over.abort(new DatabaseDeadline(`no answer from the database in ${ms} ms`)), ms);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    try {
      return await this.#read(await this.#waitForLane(key, over.signal), key, over.signal, query);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    }
  }

  async #read<T>(lane: Sql, key: number, over: AbortSignal, query: (sql: Sql) => Promise<T>): Promise<T> {
    const tracked = new Tracked(lane, over);
    // An async wrapper, so that a query that throws at once gives its connection back too.
    const work = (async () => query(tracked.sql))();
    const ended = rejectionOf(over).catch((error: unknown) => {
      tracked.cancel();
      throw error;
    });
    try {
      return await Promise.race([work, ended]);
    } finally {
      // Not awaited: a request that gave up gets its answer now.
      void Promise.allSettled([work]).then(async () => {
        await tracked.settled();
        this.#release(lane, key);
      });
    }
  }

  /** Waits until a connection is free and the key may use one more. */
  async #waitForLane(key: number, over: AbortSignal): Promise<Sql> {
    over.throwIfAborted();
    if (this.#mayRun(key)) {
      const lane = this.#free.pop();
      if (lane !== undefined) {
        this.#count(key, 1);
        return lane;
      }
    }
    const ofKey = this.#waiting.filter((one) => one.key === key).length;
    if (ofKey >= LIMITS.readsWaiting) throw tooMany();
    return new Promise((resolve, reject) => {
      const one = {
        key,
        begin: (lane: Sql) => {
          over.removeEventListener('abort', leave);
          resolve(lane);
        },
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(one), 1);
        reject(this.#mayRun(key) ? over.reason : tooMany());
      };
      over.addEventListener('abort', leave, { once: true });
      this.#waiting.push(one);
    });
  }

  #mayRun(key: number): boolean {
    return (this.#running.get(key) ?? 0) < LIMITS.readsOfKey;
  }

  #count(key: number, more: number): void {
    const running = (this.#running.get(key) ?? 0) + more;
    if (running === 0) this.#running.delete(key);
    else this.#running.set(key, running);
  }

  #release(lane: Sql, key: number): void {
    this.#count(key, -1);
    const next = this.#waiting.findIndex((one) => this.#mayRun(one.key));
    const [one] = next < 0 ? [] : this.#waiting.splice(next, 1);
    if (one === undefined) return void this.#free.push(lane);
    this.#count(one.key, 1);
    one.begin(lane);
  }
}

const tooMany = () =>
  new Refusal('too_many_reads', `at most ${LIMITS.readsOfKey} reads of one key run at the same time`);

const rejectionOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });

/**
 * Fields of a query that the driver's types leave out. `active`: it is the one that was sent to PostgreSQL and is not answered yet. `canceller` resolves when the request
 * to cancel it is over; the driver's own `cancel` drops that promise, so its caller could neither wait for it nor catch its failure.
 */
interface Query extends Promise<unknown> {
  readonly executed: boolean;
  readonly active: boolean;
  canceller: ((query: Query) => Promise<void>) | null;
}

/** How long a connection waits for its cancel request: on a network that froze the request is never over. */
const CANCEL_MS = 5_000;
/** The first and the longest pause before a query that is to be canceled is looked at again. */
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 500;

/** A connection whose queries can be canceled together. */
class Tracked {
  readonly sql: Sql;
  readonly #queries: Query[] = [];
  #canceled: Promise<void> = Promise.resolve();

  constructor(lane: Sql, over: AbortSignal) {
    this.sql = new Proxy(lane, {
      apply: (target, self, args) => {
        // A read of several queries also stops between two of them.
        over.throwIfAborted();
        const query: unknown = Reflect.apply(target, self, args);
        if (query instanceof Promise) this.#queries.push(query as Query);
        return query;
      },
    });
  }

  cancel(): void {
    this.#canceled = this.#cancelInTurn();
  }

  /** Resolves when all that was canceled has ended. */
  settled(): Promise<void> {
    return this.#canceled;
  }

  /** One after the other, as the connection works on them. */
  async #cancelInTurn(): Promise<void> {
    for (const query of this.#queries) {
      if (query.executed) await cancelWhenActive(query);
    }
  }
}

/**
 * Cancels a query once it is sent to PostgreSQL, and waits for its end. Before that the driver must not cancel it: a connection
 * whose first query is canceled while it opens never answers again, and with several queries on the way the driver may take the
 * answer of one for another's. The request is repeated: PostgreSQL ignores one that overtook its query.
 */
async function cancelWhenActive(query: Query): Promise<void> {
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
  };
  const ended = query.then(end, end);
  const { canceller } = query;
  query.canceller = null;
  for (let pause = FIRST_PAUSE_MS; !hasEnded; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    // A request that was lost needs no other end: the next one or the statement timeout ends the query.
    if (query.active && canceller !== null) await withTimeout(CANCEL_MS, canceller(query)).catch(() => {});
    await Promise.race([ended, sleep(pause)]);
  }
}

interface HasReads {
  readonly reads: Reads;
}

/** The answer of a query that a request reads; see Reads. */
export const reading = <T>({ reads }: HasReads, c: ApiContext, query: (sql: Sql) => Promise<T>): Promise<T> =>
  reads.run({ key: c.get('caller').limitedAs, signal: c.req.raw.signal }, QUERY_MS, query);
