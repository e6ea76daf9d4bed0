import type { CatalogueChange, CatalogueRow } from '../../domain/catalogue/changes.ts';
import type { Sql } from '../client.ts';
import { allOf, type List, type ListPage, readListPage } from '../list-page.ts';

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

/** A page of a provider's services as last read, past ones too; those that were added last come first. */
export async function listCatalogue(
  sql: Sql,
  provider: number,
  { imported, gone, type, search, before }: CatalogueFilter,
  limit: number,
): Promise<ListPage<CataloguePageRow>> {
  const isImported = sql`exists (select from imports i where i.provider_id = p.provider_id and i.provider_service = p.service)`;
  const list: List = {
    table: 'provider_services',
    alias: 'p',
    columns: sql`
      p.id::float8 as id, p.service, p.name, p.category, p.type, p.rate, p.min::float8 as min, p.max::float8 as max, p.step::float8 as step,
      p.drip_feed as "dripFeed", p.refill, p.cancel, ${isImported} as imported,
      array(select distinct r.service_id from routes r where r.provider_id = p.provider_id and r.provider_service = p.service
        order by 1) as services,
      p.first_seen_at as "firstSeenAt", coalesce(p.last_seen_at, p.last_listed_at, c.catalogue_at) as "lastSeenAt",
      p.changed_at as "changedAt", p.gone_at as "goneAt"`,
    of: sql`p.provider_id = ${provider}`,
    rest: allOf(sql, [
      imported === undefined ? undefined : imported ? isImported : sql`not ${isImported}`,
      gone === undefined ? undefined : gone ? sql`p.gone_at is not null` : sql`p.gone_at is null`,
      type === undefined ? undefined : sql`p.type = ${type}`,
      search === undefined ? undefined : sql`strpos(lower(p.name || ' ' || p.category), lower(${search})) > 0`,
    ]),
    position: sql`p.id`,
    direction: 'desc',
    after: before,
    joins: sql`left join provider_checks c on c.provider_id = p.provider_id`,
  };
  return readListPage(sql, list, limit);
}

export interface ChangeRow extends CatalogueChange {
  readonly id: number;
  readonly at: Date;
}

/** A page of the changes of a provider's services that we have a route on, newest first. */
export async function listChanges(
  sql: Sql,
  provider: number,
  { service, before }: { readonly service?: string | undefined; readonly before?: number | undefined },
  limit: number,
): Promise<readonly ChangeRow[]> {
  const list: List = {
    table: 'catalogue_changes',
    alias: 'c',
    columns: sql`id::float8 as id, service, at, what, was, now as "is"`,
    of: sql`c.provider_id = ${provider}`,
    by: service === undefined ? undefined : { column: sql`c.service`, value: service },
    position: sql`c.id`,
    direction: 'desc',
    after: before,
  };
  return (await readListPage<ChangeRow>(sql, list, limit)).rows;
}
