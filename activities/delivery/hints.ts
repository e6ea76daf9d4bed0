import { listenForHints } from '../../db/delivery/hints.ts';
import type { Deps } from '../runtime/deps.ts';

/** Hints that something has changed at a provider. All workers hear them; the one that watches the provider looks. */
export interface Hints {
  /** Aborted when the next hint about the provider comes: taken before a look, it also knows of one that comes meanwhile. */
  next(provider: number): AbortSignal;
}

/** Listens from the first question on, until the pool of connections ends. */
export function createHints({ sql, log }: Pick<Deps, 'sql' | 'log'>): Hints {
  const waiting = new Map<number, AbortController>();
  let listens = false;
  const listen = () => {
    listens = true;
    const every = () => {
      for (const one of waiting.values()) one.abort();
    };
    listenForHints(sql, (provider) => waiting.get(provider)?.abort(), every).catch((error: unknown) => {
      // The driver goes on trying by itself.
      log.warn({ err: error }, 'hints are not heard at the moment; the polls go on');
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
