import type { Logger } from 'pino';

/** Notifications of PostgreSQL, by what they are about. */
export interface Notifications<K> {
  /**
   * A signal that the next notification about `about` aborts. Take it before you look, so that a notification during the look
   * counts too.
   */
  next(about: K): AbortSignal;
}

/**
 * Listens on a connection of its own: calls `onOne` for each notification, and `onAny` when notifications may have been missed.
 */
type Listen<K> = (onOne: (about: K) => void, onAny: () => void) => Promise<void>;

/** Begins to listen at the first call of `next`, and stops when the pool of connections ends. */
export function createNotifications<K>(listen: Listen<K>, log: Logger): Notifications<K> {
  const waiting = new Map<K, AbortController>();
  let listens = false;
  const begin = () => {
    listens = true;
    const every = () => {
      for (const one of waiting.values()) one.abort();
    };
    listen((about) => waiting.get(about)?.abort(), every).catch((error: unknown) => {
      // The driver reconnects by itself.
      log.warn({ err: error }, 'notifications of the database are not received at the moment; polling goes on');
    });
  };
  return {
    next(about) {
      if (!listens) begin();
      const last = waiting.get(about);
      if (last !== undefined && !last.signal.aborted) return last.signal;
      const next = new AbortController();
      waiting.set(about, next);
      return next.signal;
    },
  };
}
