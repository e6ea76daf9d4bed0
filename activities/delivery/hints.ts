import { listenForHints } from '../../db/delivery/hints.ts';
import type { Deps } from '../runtime/deps.ts';

/** Hints that something has changed at a provider. All workers hear them; the one that watches the provider asks it. */
export interface Hints {
  /**
   * A signal that the next hint about the provider aborts. Take it before a round, so that a hint during the round counts too.
   */
  next(provider: number): AbortSignal;
}

/** Begins to listen at the first call of `next`, and stops when the pool of connections ends. */
export function createHints({ sql, log }: Pick<Deps, 'sql' | 'log'>): Hints {
  const waiting = new Map<number, AbortController>();
  let listens = false;
  const listen = () => {
    listens = true;
    const every = () => {
      for (const one of waiting.values()) one.abort();
    };
    listenForHints(sql, (provider) => waiting.get(provider)?.abort(), every).catch((error: unknown) => {
      // The driver reconnects by itself.
      log.warn({ err: error }, 'hints are not received at the moment; polling goes on');
    });
  };
  return {
    next(provider) {
      if (!listens) listen();
      const last = waiting.get(provider);
      if (last !== undefined && !last.signal.aborted) return last.signal;
      const next = new AbortController();
      waiting.set(provider, next);
      return next.signal;
    },
  };
}
