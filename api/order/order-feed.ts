import { withTimeout } from '../../db/client.ts';
import { orderMarks } from '../../db/order/orders.ts';
import type { Deps } from '../deps.ts';
import { QUERY_MS } from '../http/timeouts.ts';

/** Waits for changes of one order. */
export interface Following {
  /** Waits up to `ms` milliseconds for a change since the last call; `over` after `stop`. */
  next(ms: number): Promise<'changed' | 'silence' | 'over'>;
  stop(): void;
}

export interface OrderFeed {
  follow(orderId: number): Following;
}

const POLL_MS = 1_000;

interface Follower {
  mark: string | undefined;
  isChanged: boolean;
  isOver: boolean;
  wake: () => void;
}

/**
 * Reports changes of the orders that a process follows. One query a second asks PostgreSQL about all of them, and none runs while
 * no order is followed.
 */
export function createOrderFeed({ streamSql: sql, log }: Pick<Deps, 'streamSql' | 'log'>): OrderFeed {
  const followers = new Map<number, Set<Follower>>();
  let timer: NodeJS.Timeout | undefined;

  async function poll(): Promise<void> {
    try {
      for (const { id, version, lastEvent } of await withTimeout(QUERY_MS, orderMarks(sql, [...followers.keys()]))) {
        for (const follower of followers.get(id) ?? []) {
          const mark = `${version} ${lastEvent}`;
          if (follower.mark === mark) continue;
          follower.mark = mark;
          follower.isChanged = true;
          follower.wake();
        }
      }
    } catch (error) {
      log.warn({ err: error }, 'failed to poll the followed orders');
    }
    timer = undefined;
    plan();
  }

  function plan(): void {
    if (followers.size === 0 || timer !== undefined) return;
    timer = setTimeout(poll, POLL_MS).unref();
  }

  return {
    follow: (orderId) => {
      // Without a mark the first poll counts as a change: the order may have changed since its caller read it.
      const follower: Follower = { mark: undefined, isChanged: false, isOver: false, wake: () => {} };
      const all = followers.get(orderId) ?? new Set();
      followers.set(orderId, all.add(follower));
      plan();
      return {
        next: async (ms) => {
          if (!follower.isChanged && !follower.isOver) await wakeOrTimeout(follower, ms);
          if (follower.isOver) return 'over';
          const answer = follower.isChanged ? 'changed' : 'silence';
          follower.isChanged = false;
          return answer;
        },
        stop: () => {
          follower.isOver = true;
          all.delete(follower);
          if (all.size === 0 && followers.get(orderId) === all) followers.delete(orderId);
          follower.wake();
        },
      };
    },
  };
}

async function wakeOrTimeout(follower: Follower, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    follower.wake = resolve;
    timer = setTimeout(resolve, ms);
  });
  clearTimeout(timer);
}
