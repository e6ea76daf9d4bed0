import { withTimeout } from '../../db/client.ts';
import { accountsWithEvents, eventMark } from '../../db/order/account-events.ts';
import { type OrderProgress, orderProgress } from '../../db/order/orders.ts';
import { createEventHorizon } from '../../domain/order/event-horizon.ts';
import { outsideLogContext } from '../../net/log-context.ts';
import type { Deps } from '../deps.ts';
import { QUERY_MS } from '../http/timeouts.ts';

/** What a stream follows: some orders, and the events of an account. */
export interface Followed {
  readonly orders: readonly number[];
  readonly account?: number;
}

/** What has changed since the last news. */
export interface News {
  /** The orders that changed, as they are now. At first all of them count as changed. */
  readonly orders: readonly OrderProgress[];
  /** The account's events are whole up to this id, and some may be new; undefined when none is. */
  readonly eventsUpTo: number | undefined;
}

/** Waits for changes of what a stream follows. */
export interface Following {
  /** Waits up to `ms` milliseconds for news since the last call; `over` after `stop`. */
  next(ms: number): Promise<News | 'silence' | 'over'>;
  stop(): void;
}

export interface OrderFeed {
  follow(followed: Followed): Following;
}

const POLL_MS = 1_000;

interface Follower {
  readonly followed: Followed;
  /** The last mark of each order. */
  readonly marks: Map<number, string>;
  changed: Map<number, OrderProgress>;
  eventsUpTo: number | undefined;
  /** Events up to this id were news already; undefined before the first news. */
  toldUpTo: number | undefined;
  isOver: boolean;
  wake: () => void;
}

/**
 * Reports changes of the orders and accounts that the streams of a process follow. One poll a second asks PostgreSQL about all of
 * them, and none runs while no stream is open: NOTIFY would make the commits of orders wait for each other.
 */
export function createOrderFeed({ streamSql: sql, log }: Pick<Deps, 'streamSql' | 'log'>): OrderFeed {
  const followers = new Set<Follower>();
  const horizon = createEventHorizon();
  let askedUpTo = 0;
  let timer: NodeJS.Timeout | undefined;

  async function pollOrders(): Promise<void> {
    const ids = new Set([...followers].flatMap(({ followed }) => followed.orders));
    if (ids.size === 0) return;
    const rows = await withTimeout(QUERY_MS, orderProgress(sql, [...ids]));
    const byId = new Map(rows.map((row) => [row.id, { row, mark: `${row.version} ${row.lastEvent}` }]));
    for (const follower of followers) {
      for (const id of follower.followed.orders) {
        const now = byId.get(id);
        if (now === undefined || follower.marks.get(id) === now.mark) continue;
        follower.marks.set(id, now.mark);
        follower.changed.set(id, now.row);
        follower.wake();
      }
    }
  }

  async function pollEvents(): Promise<void> {
    const accounts = new Set([...followers].flatMap(({ followed }) => followed.account ?? []));
    if (accounts.size === 0) return;
    const upTo = horizon.take(await withTimeout(QUERY_MS, eventMark(sql)));
    if (upTo === 0) return;
    const more =
      upTo > askedUpTo ? await withTimeout(QUERY_MS, accountsWithEvents(sql, [...accounts], askedUpTo, upTo)) : [];
    askedUpTo = upTo;
    const active = new Set(more);
    for (const follower of followers) {
      const { account } = follower.followed;
      if (account === undefined || !(follower.toldUpTo === undefined || active.has(account))) continue;
      follower.toldUpTo = upTo;
      follower.eventsUpTo = upTo;
      follower.wake();
    }
  }

  async function poll(): Promise<void> {
    try {
      await pollOrders();
      await pollEvents();
    } catch (error) {
      log.warn({ err: error }, 'failed to poll the followed orders');
    }
    timer = undefined;
    plan();
  }

  function plan(): void {
    if (followers.size === 0 || timer !== undefined) return;
    timer = outsideLogContext(() => setTimeout(poll, POLL_MS).unref());
  }

  return {
    follow: (followed) => {
      // Without marks the first poll finds news: something may have changed since the caller read it.
      const follower: Follower = {
        followed,
        marks: new Map(),
        changed: new Map(),
        eventsUpTo: undefined,
        toldUpTo: undefined,
        isOver: false,
        wake: () => {},
      };
      followers.add(follower);
      plan();
      return {
        next: async (ms) => {
          if (!hasNews(follower) && !follower.isOver) await wakeOrTimeout(follower, ms);
          if (follower.isOver) return 'over';
          return hasNews(follower) ? takeNews(follower) : 'silence';
        },
        stop: () => {
          follower.isOver = true;
          followers.delete(follower);
          follower.wake();
        },
      };
    },
  };
}

const hasNews = ({ changed, eventsUpTo }: Follower): boolean => changed.size > 0 || eventsUpTo !== undefined;

function takeNews(follower: Follower): News {
  const news = { orders: [...follower.changed.values()], eventsUpTo: follower.eventsUpTo };
  follower.changed = new Map();
  follower.eventsUpTo = undefined;
  return news;
}

async function wakeOrTimeout(follower: Follower, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    follower.wake = resolve;
    timer = setTimeout(resolve, ms);
  });
  clearTimeout(timer);
}
