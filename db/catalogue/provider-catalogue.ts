import {
  type CatalogueChange,
  type CatalogueRow,
  changesOf,
  differs,
  type KnownRow,
} from '../../domain/catalogue/changes.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Sql, Tx } from '../client.ts';

/** The changes of a catalogue check. */
export interface SavedCatalogue {
  readonly added: number;
  readonly changed: number;
  readonly gone: number;
}

/** Gives a transaction more time than an order's: catalogues are thousands of rows long. */
export async function unhurried(tx: Tx): Promise<void> {
  await tx`select set_config('lock_timeout', '30s', true), set_config('statement_timeout', '30s', true)`;
}

/** Lets one transaction at a time store a provider's catalogue or import from it. */
export async function lockCatalogue(tx: Tx, provider: number): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended('catalogue ' || ${provider}::text, 42))`;
}

const knownColumns = (sql: Sql | Tx) => sql`
  service, name, category, type, rate, min::float8 as min, max::float8 as max, step::float8 as step, drip_feed as "dripFeed", refill, cancel,
  gone_at is not null as gone`;

/** Services of a provider's catalogue, past ones too, by id. `listed`: also all others that are not gone. */
export async function knownRows(
  sql: Sql | Tx,
  provider: number,
  services: readonly string[],
  { listed = false }: { readonly listed?: boolean } = {},
): Promise<Map<string, KnownRow>> {
  const rows = await sql<KnownRow[]>`
    select ${knownColumns(sql)} from provider_services
      where provider_id = ${provider} and (service in (select unnest(${[...services]}::text[])) or (${listed} and gone_at is null)) order by id`;
  return new Map(rows.map((row) => [row.service, row]));
}

/** When a provider's catalogue was last read, and the provider's currency; undefined when there is no such provider. */
export async function catalogueState(
  sql: Sql | Tx,
  provider: number,
): Promise<{ readAt: Date | null; currency: string | null } | undefined> {
  const [row] = await sql<{ readAt: Date | null; currency: string | null }[]>`
    select c.catalogue_at as "readAt", c.currency from providers p left join provider_checks c on c.provider_id = p.id
      where p.id = ${provider}`;
  return row;
}

/**
 * Stores a complete catalogue; services that are missing from it and from the one before are marked as gone, because one short
 * answer may be a mistake of the provider. Stores the changes of services that we have a route on. Of the services that are gone,
 * it keeps the latest, as many as a catalogue may have, and all with a route.
 */
export async function saveCatalogue(
  sql: Sql,
  provider: number,
  read: readonly CatalogueRow[],
  at: Date,
): Promise<SavedCatalogue> {
  return sql.begin(async (tx) => {
    await unhurried(tx);
    await lockCatalogue(tx, provider);
    const services = read.map(({ service }) => service);
    const known = await knownRows(tx, provider, services, { listed: true });
    const now = new Map(read.map((row) => [row.service, row]));
    const changed = read.filter((row) => {
      const was = known.get(row.service);
      return was === undefined || differs(was, row);
    });
    const missing = [...known.values()]
      .filter((row) => !row.gone && !now.has(row.service))
      .map(({ service }) => service);
    await upsert(tx, provider, changed, at);
    const gone = await markMissing(tx, provider, missing, at);
    await forgetGone(tx, provider);
    await tx`
      insert into provider_checks (provider_id, catalogue_at) values (${provider}, ${at})
        on conflict (provider_id) do update set catalogue_at = excluded.catalogue_at, problem = null`;
    const changes = [...known.values()]
      .filter(({ service }) => now.has(service) || gone.has(service))
      .flatMap((row) => changesOf(row, now.get(row.service)));
    await keepChanges(tx, provider, changes, at);
    const added = changed.filter(({ service }) => !known.has(service)).length;
    return { added, changed: changed.length - added, gone: gone.size };
  }) as Promise<SavedCatalogue>;
}

/** Marks services that the catalogue lacks; returns those that the one before lacked too, which are now gone. */
async function markMissing(tx: Tx, provider: number, missing: readonly string[], at: Date): Promise<Set<string>> {
  await tx`
    update provider_services set last_listed_at = null
      where provider_id = ${provider} and last_listed_at is not null and service <> all(${[...missing]}::text[])`;
  const gone = await tx<{ service: string }[]>`
    update provider_services set gone_at = ${at}, last_seen_at = last_listed_at, last_listed_at = null, changed_at = ${at}
      where provider_id = ${provider} and last_listed_at is not null and service = any(${[...missing]}::text[])
      returning service`;
  await tx`
    update provider_services p set last_listed_at = c.catalogue_at
      from provider_checks c
      where c.provider_id = p.provider_id and p.provider_id = ${provider} and p.gone_at is null
        and p.service = any(${[...missing]}::text[])`;
  return new Set(gone.map(({ service }) => service));
}

/** Deletes the oldest services that are gone, as many as two catalogues may have: a longer past takes several checks. */
async function forgetGone(tx: Tx, provider: number): Promise<void> {
  await tx`
    delete from provider_services p
      using (select id from provider_services where provider_id = ${provider} and gone_at is not null
        order by gone_at desc, id desc offset ${LIMITS.catalogueServices} limit ${2 * LIMITS.catalogueServices}) old
      where p.id = old.id
        and not exists (select from routes r where r.provider_id = ${provider} and r.provider_service = p.service)`;
}

async function upsert(tx: Tx, provider: number, rows: readonly CatalogueRow[], at: Date): Promise<void> {
  await tx`
    insert into provider_services (provider_id, service, name, category, type, rate, min, max, step, drip_feed, refill, cancel,
        first_seen_at, changed_at)
      select ${provider}, r.service, r.name, r.category, r.type, r.rate, r.min, r.max, r.step, r."dripFeed", r.refill, r.cancel, ${at}, ${at}
        from jsonb_to_recordset(${tx.json(rows as never)}) as r(service text, name text, category text, type text, rate text,
          min bigint, max bigint, step bigint, "dripFeed" boolean, refill boolean, cancel boolean)
      on conflict (provider_id, service) do update set name = excluded.name, category = excluded.category, type = excluded.type,
        rate = excluded.rate, min = excluded.min, max = excluded.max, step = excluded.step, drip_feed = excluded.drip_feed, refill = excluded.refill,
        cancel = excluded.cancel, changed_at = excluded.changed_at, gone_at = null, last_seen_at = null`;
}

async function keepChanges(tx: Tx, provider: number, changes: readonly CatalogueChange[], at: Date): Promise<void> {
  await tx`
    insert into catalogue_changes (provider_id, service, at, what, was, now)
      select ${provider}, c.service, ${at}, c.what, c.was, c.is
        from jsonb_to_recordset(${tx.json(changes as never)}) as c(service text, what text, was text, "is" text)
        where exists (select from routes r where r.provider_id = ${provider} and r.provider_service = c.service)`;
  await tx`
    delete from catalogue_changes where at < ${at}::timestamptz - make_interval(days => ${LIMITS.catalogueChangeDays})`;
}
