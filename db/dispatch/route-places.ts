import type { MeasuredRoute } from '../../domain/dispatch/routing.ts';
import type { Sql, Tx } from '../client.ts';

/** A route of a service with the routing `fastest`, and how it delivered lately. */
export interface RankedRoute extends MeasuredRoute {
  readonly provider: number;
  readonly providerService: string;
}

/** The services on sale that choose the fastest route. */
export async function fastestServices(sql: Sql): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id from services where routing = 'fastest' and active order by id`;
  return rows.map(({ id }) => id);
}

/** What the figures of a route cover: its last `batches` that ended within `days`. */
export interface Covered {
  readonly days: number;
  readonly batches: number;
}

/**
 * The routes of a service with their figures. A batch of a refill is not counted, because it is delivered for another reason, nor
 * one that we asked the provider to stop.
 */
export async function measuredRoutes(tx: Tx, service: number, { days, batches }: Covered): Promise<RankedRoute[]> {
  return tx<RankedRoute[]>`
    select r.provider, r."providerService", r.preference, p.place, f.ended, f.short, f.p50 as "p50Seconds"
      from (select provider_id as provider, provider_service as "providerService", min(position) as preference
              from routes where service_id = ${service} group by 1, 2) r
      left join route_places p on p.service_id = ${service} and p.provider_id = r.provider and p.provider_service = r."providerService"
      cross join lateral (
        select count(*)::integer as ended, count(*) filter (where delivered < quantity)::integer as short,
               percentile_cont(0.5) within group (order by extract(epoch from terminal_at - accepted_at)::float8)
                 filter (where delivered = quantity) as p50
          from (select b.delivered, b.quantity, b.terminal_at, b.accepted_at from batches b
                  where b.provider_id = r.provider and b.provider_service = r."providerService"
                    and b.terminal_at > clock_timestamp() - make_interval(days => ${days})
                    and b.refill is null and b.stop_asked_at is null
                  order by b.terminal_at desc limit ${batches}) b
      ) f`;
}

/** Stores the ranking of the routes of a service; the first of `routes` is the fastest. */
export async function storePlaces(tx: Tx, service: number, routes: readonly RankedRoute[]): Promise<void> {
  await tx`delete from route_places where service_id = ${service}`;
  const rows = routes.map(({ provider, providerService, ended, short, p50Seconds }, index) => ({
    ...{ provider, providerService, place: index + 1, ended, short, p50Seconds },
  }));
  await tx`
    insert into route_places (service_id, provider_id, provider_service, place, ended, short, p50_seconds, as_of)
      select ${service}, r.provider, r."providerService", r.place, r.ended, r.short, r."p50Seconds", clock_timestamp()
        from jsonb_to_recordset(${tx.json(rows as never)}) as r(provider integer, "providerService" text, place integer,
          ended integer, short integer, "p50Seconds" float8)
      on conflict do nothing`;
}

/** Forgets the places of services that choose their routes in another way now. */
export async function forgetPlaces(sql: Sql): Promise<void> {
  await sql`
    delete from route_places p using services s where s.id = p.service_id and s.routing <> 'fastest'`;
}
