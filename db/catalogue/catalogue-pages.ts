import type { CatalogueChange, CatalogueRow } from '../../domain/catalogue/changes.ts';
import type { Sql } from '../client.ts';

/** A provider's service, as staff see it. */
export interface CataloguePageRow extends CatalogueRow {
  readonly step: number | null;
  /** The position in the list. */
  readonly id: number;
  readonly imported: boolean;
  /** Our services that have a route there. */
  readonly services: readonly number[];
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly changedAt: Date;
  /** Since when the service is missing from the catalogue; null while it is there. */
  readonly goneAt: Date | null;
}

export interface CatalogueFilter {
  readonly imported?: boolean | undefined;
  readonly gone?: boolean | undefined;
  readonly type?: string | undefined;
  /** A text in the name or the category; case does not matter. */
  readonly search?: string | undefined;
  /** Only positions below this one. */
  readonly before?: number | undefined;
}

/** A provider's services as last read, past ones too; those that were added last come first. */
export async function listCatalogue(
  sql: Sql,
  provider: number,
  { imported, gone, type, search, before }: CatalogueFilter,
  limit: number,
): Promise<CataloguePageRow[]> {
  const isImported = sql`exists (select from imports i where i.provider_id = p.provider_id and i.provider_service = p.service)`;
  return sql<CataloguePageRow[]>`
    select p.id::float8 as id, p.service, p.name, p.category, p.type, p.rate, p.min::float8 as min, p.max::float8 as max, p.step::float8 as step,
           p.drip_feed as "dripFeed", p.refill, p.cancel, ${isImported} as imported,
           array(select distinct r.service_id from routes r where r.provider_id = p.provider_id and r.provider_service = p.service
             order by 1) as services,
           p.first_seen_at as "firstSeenAt", coalesce(p.last_seen_at, c.catalogue_at) as "lastSeenAt",
           p.changed_at as "changedAt", p.gone_at as "goneAt"
      from provider_services p join provider_checks c on c.provider_id = p.provider_id
      where p.provider_id = ${provider}
        ${imported === undefined ? sql`` : imported ? sql`and ${isImported}` : sql`and not ${isImported}`}
        ${gone === undefined ? sql`` : gone ? sql`and p.gone_at is not null` : sql`and p.gone_at is null`}
        ${type === undefined ? sql`` : sql`and p.type = ${type}`}
        ${search === undefined ? sql`` : sql`and strpos(lower(p.name || ' ' || p.category), lower(${search})) > 0`}
        ${before === undefined ? sql`` : sql`and p.id < ${before}`}
      order by p.id desc limit ${limit}`;
}

export interface ChangeRow extends CatalogueChange {
  readonly id: number;
  readonly at: Date;
}

/** The changes of a provider's services that we have a route on, newest first. */
export async function listChanges(
  sql: Sql,
  provider: number,
  { service, before }: { readonly service?: string | undefined; readonly before?: number | undefined },
  limit: number,
): Promise<ChangeRow[]> {
  return sql<ChangeRow[]>`
    select id::float8 as id, service, at, what, was, now as "is" from catalogue_changes where provider_id = ${provider}
      ${service === undefined ? sql`` : sql`and service = ${service}`}
      ${before === undefined ? sql`` : sql`and id < ${before}`}
      order by id desc limit ${limit}`;
}
