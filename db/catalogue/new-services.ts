import type { Held, RouteLimits } from '../../domain/catalogue/route-check.ts';
import type { Routing } from '../../domain/dispatch/routing.ts';
import type { Rate } from '../../domain/ledger/money.ts';
import type { Tx } from '../client.ts';

export interface NewRoute extends Partial<RouteLimits> {
  /** Why the provider's catalogue keeps the route from carrying orders; null: it does not. */
  readonly held?: Held | null;
  readonly provider: number;
  readonly providerService: string;
  readonly rate: Rate;
  /** Whether orders are sent on it; absent: they are. */
  readonly active?: boolean;
}

export interface NewService {
  readonly name: string;
  readonly category: string;
  readonly type: string;
  readonly rate: Rate;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** The posts of a subscription that is ordered without `posts`; null for other types. */
  readonly unlimitedPosts: number | null;
  readonly dripFeed: boolean;
  readonly cancel: boolean;
  readonly refillDays: number;
  readonly refillCap: number;
  readonly refillCooldownSeconds: number;
  readonly refillFallback: string;
  readonly stallAfterSeconds: number;
  readonly reviewAfterSeconds: number;
  readonly verify: string;
  readonly counterUrl: string | null;
  readonly counterTolerancePercent: number;
  readonly recheckSeconds: number;
  readonly linkPattern: string | null;
  readonly duplicateLink: string;
  readonly duplicateScope: string;
  readonly ignoredLinkParameters: readonly string[];
  readonly afterFailedRun: string;
  readonly routing: Routing;
  /** In order of preference. */
  readonly routes: readonly NewRoute[];
}

/** @throws PostgresError 23503 when a route's provider does not exist. */
export async function createService(tx: Tx, service: NewService): Promise<number> {
  const [id] = await createServices(tx, [service]);
  return id as number;
}

/** Makes any number of services at once; returns their ids in the same order. */
export async function createServices(tx: Tx, services: readonly NewService[]): Promise<number[]> {
  const next = await tx<{ id: number }[]>`
    select nextval(pg_get_serial_sequence('services', 'id'))::integer as id from generate_series(1, ${services.length}) order by 1`;
  const ids = next.map(({ id }) => id);
  const rows = services.map(({ routes: _, rate, ...service }, at) => ({
    ...service,
    id: ids[at],
    rate: rate.toString(),
  }));
  await tx`
    insert into services (id, name, category, type, rate, min, max, drip_feed, cancel, refill_days, refill_cap,
        refill_cooldown_seconds, refill_fallback, stall_after_seconds, review_after_seconds, verify, counter_url,
        counter_tolerance_percent, recheck_seconds, link_pattern, duplicate_link, after_failed_run, unlimited_posts, step,
        duplicate_scope, ignored_link_parameters, routing)
        overriding system value
      select s.id, s.name, s.category, s.type, s.rate, s.min, s.max, s."dripFeed", s.cancel, s."refillDays", s."refillCap",
        s."refillCooldownSeconds", s."refillFallback", s."stallAfterSeconds", s."reviewAfterSeconds", s.verify, s."counterUrl",
        s."counterTolerancePercent", s."recheckSeconds", s."linkPattern", s."duplicateLink", s."afterFailedRun",
        s."unlimitedPosts", s.step, s."duplicateScope", s."ignoredLinkParameters", s.routing
        from jsonb_to_recordset(${tx.json(rows as never)}) as s(id integer, name text, category text, type text, rate bigint,
          min integer, max integer, "dripFeed" boolean, cancel boolean, "refillDays" integer, "refillCap" integer,
          "refillCooldownSeconds" integer, "refillFallback" text, "stallAfterSeconds" integer, "reviewAfterSeconds" integer,
          verify text, "counterUrl" text, "counterTolerancePercent" integer, "recheckSeconds" integer, "linkPattern" text,
          "duplicateLink" text, "afterFailedRun" text, "unlimitedPosts" integer, step integer, "duplicateScope" text,
          "ignoredLinkParameters" text[], routing text)`;
  await insertRoutes(
    tx,
    services.flatMap(({ routes }, at) => positioned(ids[at] as number, routes)),
  );
  return ids;
}

type PlacedRoute = NewRoute & { readonly service: number; readonly position: number };

const positioned = (service: number, routes: readonly NewRoute[]): PlacedRoute[] =>
  routes.map((route, index) => ({ ...route, service, position: index + 1 }));

async function insertRoutes(tx: Tx, routes: readonly PlacedRoute[]): Promise<void> {
  const rows = routes.map(({ rate, active = true, ...route }) => ({ ...route, active, rate: rate.toString() }));
  await tx`
    insert into routes (service_id, position, provider_id, provider_service, rate, active, held, min_quantity, max_quantity,
        quantity_step)
      select r.service, r.position, r.provider, r."providerService", r.rate, r.active, r.held, r.min, r.max, r.step
        from jsonb_to_recordset(${tx.json(rows as never)}) as r(service integer, position integer, provider integer,
          "providerService" text, rate bigint, active boolean, held text, min bigint, max bigint, step bigint)`;
}

/**
 * Changes a service from now on, but not its routes. Existing orders keep their terms. The caller has locked the service.
 * @throws PostgresError 23503 when a route's provider does not exist.
 */
export async function changeService(
  tx: Tx,
  id: number,
  { routes: _, ...service }: NewService & { readonly active: boolean },
): Promise<void> {
  await tx`
    update services set name = ${service.name}, category = ${service.category}, type = ${service.type}, rate = ${service.rate},
        min = ${service.min}, max = ${service.max}, step = ${service.step}, unlimited_posts = ${service.unlimitedPosts},
        drip_feed = ${service.dripFeed}, cancel = ${service.cancel}, refill_days = ${service.refillDays},
        refill_cap = ${service.refillCap}, refill_cooldown_seconds = ${service.refillCooldownSeconds},
        refill_fallback = ${service.refillFallback}, stall_after_seconds = ${service.stallAfterSeconds},
        review_after_seconds = ${service.reviewAfterSeconds}, verify = ${service.verify}, counter_url = ${service.counterUrl},
        counter_tolerance_percent = ${service.counterTolerancePercent}, recheck_seconds = ${service.recheckSeconds},
        link_pattern = ${service.linkPattern}, duplicate_link = ${service.duplicateLink}, duplicate_scope = ${service.duplicateScope},
        ignored_link_parameters = ${[...service.ignoredLinkParameters]}, after_failed_run = ${service.afterFailedRun},
        routing = ${service.routing}, active = ${service.active}
      where id = ${id}`;
}

/**
 * Replaces the routes of a service. Orders already sent do not need the old routes: their attempts and batches store the
 * provider and the provider's service.
 * @throws PostgresError 23503 when a route's provider does not exist.
 */
export async function replaceRoutes(tx: Tx, service: number, routes: readonly NewRoute[]): Promise<void> {
  await tx`delete from routes where service_id = ${service}`;
  await insertRoutes(tx, positioned(service, routes));
}
