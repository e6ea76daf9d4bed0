import { withTimeout } from '../../db/client.ts';
import { orderMarks } from '../../db/order/orders.ts';
import type { Deps } from '../deps.ts';
import { QUERY_MS } from '../http/timeouts.ts';

/** Somebody who waits for news of an order. */
export interface Following {
  /** Waits for a change since the last call, for at most `ms` milliseconds; `over` once it was stopped. */
  next(ms: number): Promise<'changed' | 'silence' | 'over'>;
  stop(): void;
}

export interface OrderFeed {
  follow(orderId: number): Following;
}

const LOOK_MS = 1_000;

interface Follower {
  mark: string | undefined;
  isChanged: boolean;
  isOver: boolean;
  wake: () => void;
}

/**
 * Tells those who follow orders that there is something new: one question a second to PostgreSQL for all of a process,
 * however many they are, and none while there is nobody.
 */
export function createOrderFeed({ sql, log }: Pick<Deps, 'sql' | 'log'>): OrderFeed {
  const followers = new Map<number, Set<Follower>>();
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
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
      log.warn({ err: error }, 'the followed orders could not be looked at');
    }
    timer = undefined;
    plan();
  }

  function plan(): void {
    if (followers.size === 0 || timer !== undefined) return;
    timer = setTimeout(look, LOOK_MS).unref();
  }

  return {
    follow: (orderId) => {
      // Without a mark the first look is news: something may have happened since its caller read the order.
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
