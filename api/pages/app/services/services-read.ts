import type { Service } from '../../../../client/openapi.ts';
import type { Deps } from '../../../deps.ts';
import { perApp } from '../../../v1/per-app.ts';
import type { Visit } from '../../page.ts';

/** The services that are sold, by their id. They are the same for every account. */
export type Services = ReadonlyMap<number, Service>;

/** Milliseconds for which pages use the list that they read last. */
const KEPT_MS = 10_000;

interface Kept {
  readonly services: Services;
  readonly at: number;
}

const lastRead = perApp((_: Deps): { kept: Kept | undefined } => ({ kept: undefined }));

async function readServices({ deps, v1 }: Visit): Promise<Services> {
  const { data } = await v1.GET('/v1/services');
  const services = new Map(data.map((service) => [service.id, service]));
  lastRead(deps).kept = { services, at: performance.now() };
  return services;
}

/** The services that are sold, for names and lists: at most KEPT_MS old. */
export async function offeredServices(visit: Visit): Promise<Services> {
  const { kept } = lastRead(visit.deps);
  return kept !== undefined && performance.now() - kept.at < KEPT_MS ? kept.services : readServices(visit);
}

/** A service as it is sold now; undefined when it is not sold. */
export const offeredService = async (visit: Visit, id: number): Promise<Service | undefined> =>
  (await readServices(visit)).get(id);

/** The name of a service; one that is no longer sold has only its id. */
export const nameOf = (services: Services, id: number): string => services.get(id)?.name ?? `Service ${id}`;
