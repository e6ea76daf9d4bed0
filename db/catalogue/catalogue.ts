import type { Held, RouteLimits } from '../../domain/catalogue/route-check.ts';
import type { Routing } from '../../domain/dispatch/routing.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { ServiceTerms } from '../../domain/placement/order-terms.ts';
import type { NoLists } from '../../domain/provider/profile.ts';
import type { RefillFallback } from '../../domain/refill/rules.ts';
import type { Sql, Tx } from '../client.ts';
import { type List, type ListPage, readListPage } from '../list-page.ts';
import { type ProviderPause, pauseColumns } from '../provider/pauses.ts';

export interface NewProvider {
  readonly name: string;
  readonly url: string;
  readonly pollSeconds: number;
  /** How this provider deviates from others. */
  readonly profile: Readonly<Record<string, unknown>>;
  /** Encrypts the provider's key for its row; it is bound to the id. */
  readonly sealKey: (id: number) => Buffer;
  /** Encrypts the secret with which the provider signs callbacks; null when the provider sends none. */
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

/** Absent fields stay as they are. */
export interface ProviderChange {
  readonly url?: string | undefined;
  readonly keyCipher?: Buffer | undefined;
  /** Null: the provider signs no callbacks any more. */
  readonly callbackCipher?: Buffer | null | undefined;
  readonly pollSeconds?: number | undefined;
  /** Fields of its profile, each replaced whole; null: as usual. */
  readonly profile: Readonly<Record<string, unknown>>;
}

/** Changes a provider; false when it does not exist. */
export async function changeProvider(tx: Tx, id: number, change: ProviderChange): Promise<boolean> {
  const { url, keyCipher, callbackCipher, pollSeconds, profile } = change;
  const [row] = await tx`
    update providers set url = coalesce(${url ?? null}, url), key_cipher = coalesce(${keyCipher ?? null}, key_cipher),
        poll_seconds = coalesce(${pollSeconds ?? null}, poll_seconds), profile = profile || ${tx.json(profile as never)}
        ${callbackCipher === undefined ? tx`` : tx`, callback_cipher = ${callbackCipher}`}
        ${'lists' in profile ? tx`, no_lists = '{}'` : tx``}
      where id = ${id} returning id`;
  return row !== undefined;
}

/** The encrypted secret with which a provider signs callbacks; undefined when the provider does not exist or sends none. */
export async function findCallbackCipher(sql: Sql, provider: number): Promise<Buffer | undefined> {
  const [row] = await sql<{ cipher: Buffer | null }[]>`
    select callback_cipher as cipher from providers where id = ${provider}`;
  return row?.cipher ?? undefined;
}

/** A service as its buyers see it. */
export interface OfferedService extends Omit<ServiceTerms, 'openRoutes'> {
  readonly id: number;
  readonly name: string;
  readonly category: string;
  readonly cancel: boolean;
  readonly refillDays: number;
  readonly duplicateLink: 'reject' | 'queue' | 'allow';
  readonly step: number;
  readonly duplicateScope: 'account' | 'all';
  /** Link parameters that make no other target for this service, beside those that never make one. */
  readonly ignoredLinkParameters: readonly string[];
}

const offered = (sql: Sql | Tx) => sql`
  id, name, category, type, rate, min, max, unlimited_posts as "unlimitedPosts", drip_feed as "dripFeed", cancel, refill_days as "refillDays",
  link_pattern as "linkPattern", step, duplicate_link as "duplicateLink", duplicate_scope as "duplicateScope",
  ignored_link_parameters as "ignoredLinkParameters", active`;

/** The limits of the routes that carry orders of a service `s` at present: `[{min, max, step}]`. */
export const openRoutes = (sql: Sql) => sql`
  (select coalesce(jsonb_agg(jsonb_build_object('min', r.min_quantity, 'max', r.max_quantity, 'step', r.quantity_step)), '[]')
     from routes r where r.service_id = s.id and r.active and r.held is null)`;

/** The services on sale: those with a route that carries orders at present. */
export async function listOffered(sql: Sql): Promise<OfferedService[]> {
  return sql<OfferedService[]>`
    select ${offered(sql)} from services
      where active and exists (select from routes r where r.service_id = services.id and r.active and r.held is null)
      order by category, id`;
}

const LARGEST_ID = 2_147_483_647;

/** The services of these ids that exist; impossible ids are skipped. */
export async function findServices(
  sql: Sql,
  ids: readonly number[],
): Promise<(OfferedService & Pick<ServiceTerms, 'openRoutes'>)[]> {
  const possible = ids.filter((id) => Number.isSafeInteger(id) && id >= 1 && id <= LARGEST_ID);
  return sql<(OfferedService & Pick<ServiceTerms, 'openRoutes'>)[]>`
    select ${offered(sql)}, ${openRoutes(sql)} as "openRoutes" from services s where id = any (${possible}::integer[])`;
}

interface ListedRoute extends RouteLimits {
  readonly step: number | null;
  readonly provider: number;
  readonly providerService: string;
  readonly rate: string;
  readonly active: boolean;
  /** Why the provider's catalogue keeps the route from carrying orders; null: it does not. */
  readonly held: Held | null;
}

export interface ListedService extends OfferedService {
  readonly stallAfterSeconds: number;
  readonly reviewAfterSeconds: number;
  readonly refillCap: number;
  readonly refillCooldownSeconds: number;
  readonly refillFallback: RefillFallback;
  readonly verify: string;
  readonly counterUrl: string | null;
  readonly counterTolerancePercent: number;
  readonly recheckSeconds: number;
  readonly afterFailedRun: string;
  readonly routing: Routing;
  readonly routes: readonly ListedRoute[];
}

/** A service with its routes; the rates of routes are integers as text. */
const listed = (sql: Sql | Tx) => sql`
  ${offered(sql)}, stall_after_seconds as "stallAfterSeconds", review_after_seconds as "reviewAfterSeconds",
           refill_cap as "refillCap", refill_cooldown_seconds as "refillCooldownSeconds", refill_fallback as "refillFallback", verify,
           counter_url as "counterUrl", counter_tolerance_percent as "counterTolerancePercent", recheck_seconds as "recheckSeconds",
           after_failed_run as "afterFailedRun", routing,
           (select coalesce(jsonb_agg(jsonb_build_object('provider', provider_id, 'providerService', provider_service,
              'rate', rate::text, 'active', active, 'held', held, 'min', min_quantity, 'max', max_quantity,
              'step', quantity_step) order by position), '[]') from routes where service_id = services.id) as routes`;

/** Services as staff see them, newest first. `search`: a part of the name or the category, in any case of letters. */
export async function listServices(
  sql: Sql,
  { search, before }: { readonly search?: string | undefined; readonly before?: number | undefined },
  limit: number,
): Promise<ListPage<ListedService>> {
  const list: List = {
    table: 'services',
    alias: 'services',
    columns: listed(sql),
    of: sql`true`,
    rest: search === undefined ? undefined : sql`strpos(lower(name || ' ' || category), lower(${search})) > 0`,
    position: sql`id`,
    direction: 'desc',
    after: before,
  };
  return readListPage(sql, list, limit);
}

/** A service as staff see it; undefined when it does not exist. */
export async function readService(sql: Sql | Tx, id: number): Promise<ListedService | undefined> {
  const [row] = await sql<ListedService[]>`select ${listed(sql)} from services where id = ${id}`;
  return row;
}

/** Locks a service for a change until this transaction ends; undefined when it does not exist. */
export async function lockService(tx: Tx, id: number): Promise<ListedService | undefined> {
  // The lock needs a statement of its own: a statement that waited for it would still see the previous routes.
  await tx`select from services where id = ${id} for no key update`;
  return readService(tx, id);
}

export interface ListedProvider extends ProviderPause {
  readonly name: string;
  readonly url: string;
  readonly pollSeconds: number;
  readonly createdAt: Date;
  /** The profile as stored, and other notes of staff. */
  readonly profile: unknown;
  /** When the provider's answers showed that it knows no lists, by action. */
  readonly noLists: NoLists;
  /** A decimal string: a balance below it raises an alert. */
  readonly lowBalance: string | null;
  /** Our last known balance there, in the provider's currency. */
  readonly balance: string | null;
  readonly currency: string | null;
  readonly balanceAt: Date | null;
  readonly catalogueAt: Date | null;
  /** Why the catalogue has not been read since `catalogueAt`; null when it has. */
  readonly catalogueProblem: string | null;
  /** Batches that it delivers now, at most LIMITS.ordersCounted. */
  readonly running: number;
}

/** A provider as staff see it, without its key. */
const listedProvider = (sql: Sql) => sql`
  select id, name, url, poll_seconds as "pollSeconds", ${pauseColumns(sql)}, created_at as "createdAt",
         profile, no_lists as "noLists", profile->>'lowBalance' as "lowBalance", balance, currency, balance_at as "balanceAt", catalogue_at as "catalogueAt",
         problem as "catalogueProblem",
         (select count(*)::integer
            from (select from batches where batches.provider_id = providers.id and state = 'running' limit ${LIMITS.ordersCounted}) few) as running
    from providers left join provider_checks on provider_id = id`;

/** Providers, newest first. */
export async function listProviders(sql: Sql, before: number | undefined, limit: number): Promise<ListedProvider[]> {
  return sql<ListedProvider[]>`
    ${listedProvider(sql)} where ${before === undefined ? sql`true` : sql`id < ${before}::bigint`} order by id desc limit ${limit}`;
}

export async function readProvider(sql: Sql, id: number): Promise<ListedProvider | undefined> {
  const [row] = await sql<ListedProvider[]>`${listedProvider(sql)} where id = ${id}`;
  return row;
}
