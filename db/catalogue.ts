import type { Rate } from '../domain/money.ts';
import type { ServiceTerms } from '../domain/placing.ts';
import type { Sql, Tx } from './client.ts';
import { type ProviderPause, pauseColumns } from './provider-pauses.ts';

export interface NewProvider {
  readonly name: string;
  readonly url: string;
  readonly pollSeconds: number;
  /** What is known of how this provider deviates from the others. */
  readonly profile: Readonly<Record<string, unknown>>;
  /** Encrypts the provider's key for its row; it is bound to the id. */
  readonly sealKey: (id: number) => Buffer;
  /** The same for what the provider signs its callbacks with; null when it sends none. */
  readonly sealCallbackSecret: (id: number) => Buffer | null;
}

/** @throws PostgresError 23505 when the name is taken. */
export async function createProvider(sql: Tx, provider: NewProvider) {
  const { name, url, pollSeconds, profile, sealKey, sealCallbackSecret } = provider;
  const [next] = await sql<{ id: number }[]>`select nextval(pg_get_serial_sequence('providers', 'id'))::integer as id`;
  const { id } = next as { id: number };
  await sql`
    insert into providers (id, name, url, key_cipher, callback_cipher, poll_seconds, profile) overriding system value
      values (${id}, ${name}, ${url}, ${sealKey(id)}, ${sealCallbackSecret(id)}, ${pollSeconds}, ${sql.json(profile as never)})`;
  return id;
}

/** What a provider signs its callbacks with, encrypted; undefined when there is no such provider, or it sends none. */
export async function findCallbackCipher(sql: Sql, provider: number): Promise<Buffer | undefined> {
  const [row] = await sql<{ cipher: Buffer | null }[]>`
    select callback_cipher as cipher from providers where id = ${provider}`;
  return row?.cipher ?? undefined;
}

export interface NewRoute {
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
export async function createService(sql: Tx, service: NewService): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    insert into services (name, category, type, rate, min, max, drip_feed, cancel, refill_days, refill_cap, refill_cooldown_seconds,
        refill_fallback, stall_after_seconds, review_after_seconds, verify, counter_url, counter_tolerance_percent, recheck_seconds,
        link_pattern, duplicate_link, after_failed_run)
      values (${service.name}, ${service.category}, ${service.type}, ${service.rate}, ${service.min}, ${service.max},
        ${service.dripFeed}, ${service.cancel}, ${service.refillDays}, ${service.refillCap},
        ${service.refillCooldownSeconds}, ${service.refillFallback}, ${service.stallAfterSeconds},
        ${service.reviewAfterSeconds}, ${service.verify}, ${service.counterUrl}, ${service.counterTolerancePercent},
        ${service.recheckSeconds}, ${service.linkPattern}, ${service.duplicateLink}, ${service.afterFailedRun})
      returning id`;
  const { id } = row as { id: number };
  for (const [index, route] of service.routes.entries()) {
    await sql`
      insert into routes (service_id, position, provider_id, provider_service, rate)
        values (${id}, ${index + 1}, ${route.provider}, ${route.providerService}, ${route.rate})`;
  }
  return id;
}

/** A service as its buyers see it. */
export interface OfferedService extends ServiceTerms {
  readonly id: number;
  readonly name: string;
  readonly category: string;
  readonly cancel: boolean;
  readonly refillDays: number;
  readonly duplicateLink: 'reject' | 'queue' | 'allow';
}

const offered = (sql: Sql) => sql`
  id, name, category, type, rate, min, max, drip_feed as "dripFeed", cancel, refill_days as "refillDays",
  link_pattern as "linkPattern", duplicate_link as "duplicateLink", active`;

/** All that can be bought. */
export async function listOffered(sql: Sql): Promise<OfferedService[]> {
  return sql<OfferedService[]>`select ${offered(sql)} from services where active order by category, id`;
}

const LARGEST_ID = 2_147_483_647;

export async function findService(sql: Sql, id: number): Promise<OfferedService | undefined> {
  if (!Number.isSafeInteger(id) || id < 1 || id > LARGEST_ID) return undefined;
  const [row] = await sql<OfferedService[]>`select ${offered(sql)} from services where id = ${id}`;
  return row;
}

export interface ListedService extends OfferedService {
  readonly stallAfterSeconds: number;
  readonly reviewAfterSeconds: number;
  readonly refillCap: number;
  readonly refillCooldownSeconds: number;
  readonly refillFallback: 'review' | 'resend';
  readonly verify: string;
  readonly counterUrl: string | null;
  readonly counterTolerancePercent: number;
  readonly recheckSeconds: number;
  readonly afterFailedRun: string;
  readonly routes: readonly { provider: number; providerService: string; rate: string; active: boolean }[];
}

/** Services as staff see them, newest first; the rates of routes are integers as text. */
export async function listServices(sql: Sql, before: number | undefined, limit: number): Promise<ListedService[]> {
  return sql<ListedService[]>`
    select ${offered(sql)}, stall_after_seconds as "stallAfterSeconds", review_after_seconds as "reviewAfterSeconds",
           refill_cap as "refillCap", refill_cooldown_seconds as "refillCooldownSeconds", refill_fallback as "refillFallback", verify,
           counter_url as "counterUrl", counter_tolerance_percent as "counterTolerancePercent", recheck_seconds as "recheckSeconds",
           after_failed_run as "afterFailedRun",
           (select coalesce(jsonb_agg(jsonb_build_object('provider', provider_id, 'providerService', provider_service,
              'rate', rate::text, 'active', active) order by position), '[]') from routes where service_id = services.id) as routes
      from services where ${before === undefined ? sql`true` : sql`id < ${before}`} order by id desc limit ${limit}`;
}

export interface ListedProvider extends ProviderPause {
  readonly name: string;
  readonly url: string;
  readonly pollSeconds: number;
  readonly createdAt: Date;
}

/** Providers as staff see them, newest first, without their keys. */
export async function listProviders(sql: Sql, before: number | undefined, limit: number): Promise<ListedProvider[]> {
  return sql<ListedProvider[]>`
    select id, name, url, poll_seconds as "pollSeconds", ${pauseColumns(sql)}, created_at as "createdAt"
      from providers where ${before === undefined ? sql`true` : sql`id < ${before}`} order by id desc limit ${limit}`;
}
