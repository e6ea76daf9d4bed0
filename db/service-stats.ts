import type { Sql } from './client.ts';

/** Orders that ended longer ago say little of how a service is now. */
export const STATS_DAYS = 30;

/** How a service has been delivered; seconds and counts. */
export interface ServiceStats {
  readonly ended: number;
  readonly partial: number;
  readonly canceled: number;
  /** Of those Completed, runs of a drip-feed aside; null when there are none. */
  readonly average: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly running: number;
  readonly itemsPerHour: number;
  readonly load: readonly { readonly route: number; readonly runningBatches: number }[];
}

/** What can be said of a service that is sold; undefined when it is not. */
export async function readServiceStats(sql: Sql, service: number): Promise<ServiceStats | undefined> {
  const [row] = await sql<ServiceStats[]>`
    with ended as (
      select count(*)::integer as ended, count(*) filter (where status = 'Partial')::integer as partial,
             count(*) filter (where status = 'Canceled')::integer as canceled,
             avg(seconds)::float8 as average, percentile_cont(0.5) within group (order by seconds) as p50,
             percentile_cont(0.95) within group (order by seconds) as p95
        from (select status, case when status = 'Completed' and runs = 1
                       then extract(epoch from settled_at - greatest(scheduled_at, created_at))::float8 end as seconds
                from orders where service_id = ${service} and settled_at > now() - make_interval(days => ${STATS_DAYS})) o
    ), lately as (
      -- Of each batch that went on in the last day, what it has more than it had then.
      select coalesce(sum(b.delivered - coalesce(
               (select max(s.delivered) from delivery_samples s
                  where s.order_id = b.order_id and s.batch = b.batch and s.at <= now() - interval '1 day'), 0)), 0) as items
        from orders o join batches b on b.order_id = o.id
        where o.service_id = ${service} and (o.settled_at is null or o.settled_at > now() - interval '1 day')
          and b.progress_at > now() - interval '1 day' and b.delivered > 0 and b.refill is null
    )
    select ended.*, (items / 24)::float8 as "itemsPerHour",
           (select count(*)::integer from orders where service_id = ${service} and settled_at is null) as running,
           (select coalesce(jsonb_agg(jsonb_build_object('route', r.position, 'runningBatches',
                (select count(*) from batches b where b.provider_id = r.provider_id and b.state = 'running')) order by r.position), '[]')
              from routes r where r.service_id = ${service} and r.active) as load
      from ended, lately where exists (select from services where id = ${service} and active)`;
  return row;
}
