import type { Histogram } from '../../domain/report/histogram.ts';
import type { Sql, Tx } from '../client.ts';

/** Goes through the next transfers that the proof of the ledger has confirmed; returns how many, at most `most`. */
export async function countMoney(sql: Sql, most: number): Promise<number> {
  const [row] = await sql<{ went: number }[]>`select count_money(${most}) as went`;
  return row?.went ?? 0;
}

/** The days of the last `days` that must be counted, oldest first, as `2026-11-27`. */
export async function daysToCount(sql: Sql, at: Date, days: number, hours: number): Promise<string[]> {
  const rows = await sql<{ day: string }[]>`
    select to_char(day, 'YYYY-MM-DD') as day from days_to_count(${at}, ${days}, ${hours}) as day`;
  return rows.map(({ day }) => day);
}

/** Counts a day anew. */
export async function countDay(sql: Sql | Tx, day: string, at: Date): Promise<void> {
  await sql`select count_day(${day}::date, ${at})`;
}

/** A service with the times to Completed of its orders: since `lately`, and in the `weeks` before that. */
export interface ServiceTimesRow {
  readonly service: number;
  readonly lately: readonly Histogram[];
  readonly before: readonly Histogram[];
  readonly wasSlow: boolean;
}

export async function serviceTimes(sql: Sql, lately: string, weeks: number): Promise<ServiceTimesRow[]> {
  return sql<ServiceTimesRow[]>`
    select d.subject as service,
           coalesce(jsonb_agg(to_jsonb(d.ends)) filter (where d.day >= ${lately}::date), '[]') as lately,
           coalesce(jsonb_agg(to_jsonb(d.ends)) filter (where d.day < ${lately}::date), '[]') as before,
           exists (select from alerts a where a.kind = 'service_slow' and a.subject = 'service:' || d.subject
             and a.resolved_at is null) as "wasSlow"
      from order_days d
      where d.part = 'service' and d.day >= ${lately}::date - ${7 * weeks}::integer group by d.subject`;
}
