import type { Sql, Tx } from '../client.ts';

/** Older orders say little about how a service is delivered now. */
export const STATS_DAYS = 30;

/** How a service is delivered, in seconds and counts. */
export interface ServiceStats {
  readonly ended: number;
  readonly partial: number;
  readonly canceled: number;
  /** Seconds that Completed orders took, without drip-feeds; null when there are none. */
  readonly average: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly running: number;
  readonly itemsPerHour: number;
  readonly load: readonly { readonly route: number; readonly runningBatches: number }[];
}

/** Statistics, and when they were worked out. */
export interface KeptStats extends ServiceStats {
  readonly asOf: Date;
  readonly ageSeconds: number;
}

/** The stored statistics of a service on sale: null before they were first worked out; undefined when it is not on sale. */
export async function keptStats(sql: Sql, service: number): Promise<KeptStats | null | undefined> {
  type Row = { figures: ServiceStats | null; asOf: Date; ageSeconds: number };
  const [row] = await sql<Row[]>`
    select f.figures, f.as_of as "asOf", extract(epoch from clock_timestamp() - f.as_of)::float8 as "ageSeconds"
      from services s left join service_stats f on f.service_id = s.id where s.id = ${service} and s.active`;
  if (row === undefined) return undefined;
  const { figures, ...when } = row;
  return figures === null ? null : { ...figures, ...when };
}

/** The stored statistics of those of the given services that are on sale and have some, by id. */
export async function keptStatsOf(
  sql: Sql,
  services: readonly number[],
): Promise<(KeptStats & { readonly service: number })[]> {
  type Row = { service: number; figures: ServiceStats; asOf: Date; ageSeconds: number };
  const rows = await sql<Row[]>`
    select s.id as service, f.figures, f.as_of as "asOf", extract(epoch from clock_timestamp() - f.as_of)::float8 as "ageSeconds"
      from services s join service_stats f on f.service_id = s.id
      where s.id = any(${[...services]}::integer[]) and s.active order by s.id`;
  return rows.map(({ figures, ...row }) => ({ ...figures, ...row }));
}

/** Works out the statistics of a service and stores them. Reads every order of the service that ended lately. */
export async function refreshStats(sql: Sql | Tx, service: number): Promise<KeptStats> {
  type Row = { figures: ServiceStats; asOf: Date };
  const [row] = await sql<Row[]>`
    with ended as (
      select count(*)::integer as ended, count(*) filter (where status = 'Partial')::integer as partial,
             count(*) filter (where status = 'Canceled')::integer as canceled,
             avg(seconds)::float8 as average, percentile_cont(0.5) within group (order by seconds) as p50,
             percentile_cont(0.95) within group (order by seconds) as p95
        from (select status, case when status = 'Completed' and runs = 1
                       then extract(epoch from settled_at - greatest(scheduled_at, created_at))::float8 end as seconds
                from orders where service_id = ${service} and settled_at > now() - make_interval(days => ${STATS_DAYS})) o
    ), lately as (
      -- For each batch that delivered in the last day, how much more it has than a day ago.
      select coalesce(sum(b.delivered - coalesce(
               (select max(s.delivered) from delivery_samples s
                  where s.order_id = b.order_id and s.batch = b.batch and s.at <= now() - interval '1 day'), 0)), 0) as items
        from orders o join batches b on b.order_id = o.id
        where o.service_id = ${service} and (o.settled_at is null or o.settled_at > now() - interval '1 day')
          and b.progress_at > now() - interval '1 day' and b.delivered > 0 and b.refill is null
    ), figures as (
      select jsonb_build_object('ended', ended, 'partial', partial, 'canceled', canceled, 'average', average, 'p50', p50,
        'p95', p95, 'itemsPerHour', (items / 24)::float8,
        'running', (select count(*) from orders where service_id = ${service} and settled_at is null),
        'load', (select coalesce(jsonb_agg(jsonb_build_object('route', r.position, 'runningBatches',
            (select count(*) from batches b where b.provider_id = r.provider_id and b.state = 'running')) order by r.position), '[]')
          from routes r where r.service_id = ${service} and r.active)) as figures
        from ended, lately
    )
    insert into service_stats as kept (service_id, as_of, figures) select ${service}, now(), figures from figures
      on conflict (service_id) do update set as_of = excluded.as_of, figures = excluded.figures
      returning kept.figures, kept.as_of as "asOf"`;
  const { figures, asOf } = row as Row;
  return { ...figures, asOf, ageSeconds: 0 };
}

/** Services on sale without statistics, and then those with statistics older than `seconds`, the oldest first. */
export async function staleStats(sql: Sql, seconds: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select s.id from services s left join service_stats f on f.service_id = s.id
      where s.active and (f.as_of is null or f.as_of < clock_timestamp() - make_interval(secs => ${seconds}))
      order by f.as_of nulls first, s.id`;
  return rows.map(({ id }) => id);
}
