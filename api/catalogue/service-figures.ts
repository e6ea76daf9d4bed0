import { type KeptStats, keptStats, refreshStats } from '../../db/catalogue/service-stats.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { FIGURES_MS } from '../http/timeouts.ts';
import { reading } from '../limits/reads.ts';

/** Computing figures counts against no key: all callers share the result. */
const NO_KEY = 0;

/** Figures that are being computed, and how many requests wait for them. */
interface Work {
  readonly figures: Promise<KeptStats>;
  readonly abandon: AbortController;
  waiting: number;
}

/**
 * The figures of a service that housekeeping stored. If they are missing or old, they are computed here: once at a time for a
 * service, and only while a request waits for them.
 */
export function createServiceFigures(deps: Deps) {
  const works = new Map<number, Work>();

  function workFor(service: number): Work {
    const before = works.get(service);
    if (before !== undefined) return before;
    const abandon = new AbortController();
    const reader = { key: NO_KEY, signal: abandon.signal };
    const figures = deps.figures.run(reader, FIGURES_MS, (sql) => refreshStats(sql, service));
    const work: Work = { figures, abandon, waiting: 0 };
    works.set(service, work);
    const end = () => {
      if (works.get(service) === work) works.delete(service);
    };
    figures.then(end, end);
    return work;
  }

  async function workedOut(service: number, signal: AbortSignal): Promise<KeptStats> {
    const work = workFor(service);
    work.waiting += 1;
    const leave = () => {
      work.waiting -= 1;
      if (work.waiting > 0) return;
      // The next request starts a new computation.
      works.delete(service);
      work.abandon.abort();
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await work.figures;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** Undefined when the service is not sold. */
  return async (c: ApiContext, service: number): Promise<KeptStats | undefined> => {
    const kept = await reading(deps, c, (sql) => keptStats(sql, service));
    if (kept === undefined) return undefined;
    if (kept !== null && kept.ageSeconds < LIMITS.statsMaxAge) return kept;
    return workedOut(service, c.req.raw.signal).catch((error: unknown) => {
      // Old figures carry their time, so they can still be served.
      if (kept === null) throw error;
      deps.log.warn({ err: error, service }, 'failed to recompute the figures of a service');
      return kept;
    });
  };
}
