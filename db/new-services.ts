import type { Rate } from '../domain/money.ts';
import type { RouteLimits } from '../domain/route-check.ts';
import type { Tx } from './client.ts';

export interface NewRoute extends Partial<RouteLimits> {
  readonly provider: number;
  readonly providerService: string;
  readonly rate: Rate;
}

export interface NewService {
  readonly name: string;
  readonly category: string;
  readonly type: string;
  readonly rate: Rate;
  readonly min: number;
  readonly max: number;
  /** Null for all but subscriptions. */
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
  readonly afterFailedRun: string;
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
        counter_tolerance_percent, recheck_seconds, link_pattern, duplicate_link, after_failed_run, unlimited_posts)
        overriding system value
      select s.id, s.name, s.category, s.type, s.rate, s.min, s.max, s."dripFeed", s.cancel, s."refillDays", s."refillCap",
        s."refillCooldownSeconds", s."refillFallback", s."stallAfterSeconds", s."reviewAfterSeconds", s.verify, s."counterUrl",
        s."counterTolerancePercent", s."recheckSeconds", s."linkPattern", s."duplicateLink", s."afterFailedRun",
        s."unlimitedPosts"
        from jsonb_to_recordset(${tx.json(rows as never)}) as s(id integer, name text, category text, type text, rate bigint,
          min integer, max integer, "dripFeed" boolean, cancel boolean, "refillDays" integer, "refillCap" integer,
          "refillCooldownSeconds" integer, "refillFallback" text, "stallAfterSeconds" integer, "reviewAfterSeconds" integer,
          verify text, "counterUrl" text, "counterTolerancePercent" integer, "recheckSeconds" integer, "linkPattern" text,
          "duplicateLink" text, "afterFailedRun" text, "unlimitedPosts" integer)`;
  const routes = services.flatMap(({ routes }, at) =>
    routes.map(({ rate, ...route }, index) => ({
      ...route,
      service: ids[at],
      position: index + 1,
      rate: rate.toString(),
    })),
  );
  await tx`
    insert into routes (service_id, position, provider_id, provider_service, rate, min_quantity, max_quantity)
      select r.service, r.position, r.provider, r."providerService", r.rate, r.min, r.max
        from jsonb_to_recordset(${tx.json(routes as never)}) as r(service integer, position integer, provider integer,
          "providerService" text, rate bigint, min bigint, max bigint)`;
  return ids;
}
