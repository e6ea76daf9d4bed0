import type { ServiceStats } from '../../../../client/openapi.ts';
import { LIMITS } from '../../../../domain/limits.ts';
import type { Deps } from '../../../deps.ts';
import { perApp } from '../../../v1/per-app.ts';
import type { Visit } from '../../page.ts';

/** What was measured of services lately. A service whose figures are not computed yet is missing. */
export type Measured = ReadonlyMap<number, ServiceStats>;

/** Milliseconds for which pages use the figures that they read last. PostgreSQL keeps them for minutes. */
const KEPT_MS = 30_000;

interface Kept {
  readonly stats: ServiceStats | undefined;
  readonly at: number;
}

/** One entry a service. The figures are the same for every account. */
const lastRead = perApp((_: Deps): Map<number, Kept> => new Map());

async function readStats({ deps, v1 }: Visit, ids: readonly number[]): Promise<void> {
  const { data } = await v1.GET('/v1/services/stats', { params: { query: { ids: ids.join(',') } } });
  const found = new Map(data.map((one) => [one.service, one]));
  for (const id of ids) lastRead(deps).set(id, { stats: found.get(id), at: performance.now() });
}

/** The stored figures of these services, at most KEPT_MS old; of the first `LIMITS.idsInList` that have to be read. */
export async function measuredServices(visit: Visit, services: Iterable<number>): Promise<Measured> {
  const ids = [...new Set(services)];
  const kept = lastRead(visit.deps);
  const isFresh = (id: number) => performance.now() - (kept.get(id)?.at ?? Number.NEGATIVE_INFINITY) < KEPT_MS;
  const stale = ids.filter((id) => !isFresh(id)).slice(0, LIMITS.idsInList);
  if (stale.length > 0) await readStats(visit, stale);
  return new Map(
    ids.flatMap((id) => {
      const stats = kept.get(id)?.stats;
      return stats === undefined ? [] : [[id, stats]];
    }),
  );
}
