import type { Histogram } from '../../domain/report/histogram.ts';
import type { Sql } from '../client.ts';
import type { Fragment } from '../list-page.ts';

/** Days (UTC) from `from` to before `to`, as `2026-11-27`. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** What a report is about, one row each. */
export const REPORT_PARTS = ['service', 'provider', 'account'] as const;
export type ReportPart = (typeof REPORT_PARTS)[number];

/** Money in units of 1e-8. */
export interface Money {
  readonly revenue: bigint;
  readonly cost: bigint;
  readonly loss: bigint;
}

/** As text, because the sums of a period may be above int8. */
type MoneyText = Readonly<Record<keyof Money, string>>;

const sums = (sql: Sql) => sql`
  coalesce(sum(revenue), 0)::text as revenue, coalesce(sum(cost), 0)::text as cost, coalesce(sum(loss), 0)::text as loss`;

const withMoney = <T extends MoneyText>({ revenue, cost, loss, ...rest }: T) => ({
  ...rest,
  revenue: BigInt(revenue),
  cost: BigInt(cost),
  loss: BigInt(loss),
});

/** The rows of a part in these days. Every transfer of an order is in each of the three parts. */
const within = (sql: Sql, table: 'money_days' | 'order_days', part: ReportPart, { from, to }: Days): Fragment => sql`
  from ${sql(table)} where part = ${part} and day >= ${from}::date and day < ${to}::date`;

/** The money of all orders, and up to when transfers are counted: null before the first count. */
export async function moneyTotal(sql: Sql, days: Days): Promise<Money & { readonly asOf: Date | null }> {
  const rows = await sql<(MoneyText & { asOf: Date | null })[]>`
    select ${sums(sql)}, (select t.at from money_days_cursor c join transfers t on t.id = c.transfers_to) as "asOf"
      ${within(sql, 'money_days', 'service', days)}`;
  return rows.map(withMoney)[0] as Money & { asOf: Date | null };
}

export async function moneyByDay(sql: Sql, days: Days): Promise<(Money & { readonly day: string })[]> {
  const rows = await sql<(MoneyText & { day: string })[]>`
    select to_char(day, 'YYYY-MM-DD') as day, ${sums(sql)} ${within(sql, 'money_days', 'service', days)} group by money_days.day order by money_days.day`;
  return rows.map(withMoney);
}

/** A service, a provider or an account. Id 0: orders that went to several providers. */
export interface Subject {
  readonly id: number;
  readonly name: string | null;
}

const nameOf = (sql: Sql, part: ReportPart): Fragment =>
  ({
    service: sql`(select name from services n where n.id = r.id)`,
    provider: sql`(select name from providers n where n.id = r.id)`,
    account: sql`(select name from accounts n where n.id = r.id)`,
  })[part];

/** The money by subject: those with the most revenue first, at most `most`. */
export async function moneyBy(sql: Sql, part: ReportPart, days: Days, most: number): Promise<(Money & Subject)[]> {
  const rows = await sql<(MoneyText & Subject)[]>`
    select r.*, ${nameOf(sql, part)} as name
      from (select subject as id, ${sums(sql)} ${within(sql, 'money_days', part, days)} group by subject
              order by sum(revenue) desc, 1 limit ${most}) r
      order by r.revenue::numeric desc, r.id`;
  return rows.map(withMoney);
}

/** How the orders of a subject ended, and how many refills were requested. */
export interface Outcomes extends Subject {
  readonly completed: number;
  readonly partial: number;
  readonly canceled: number;
  readonly refills: number;
}

/** The outcomes by subject: those with the most orders first, at most `most`. */
export async function outcomesBy(
  sql: Sql,
  part: Exclude<ReportPart, 'account'>,
  days: Days,
  most: number,
): Promise<Outcomes[]> {
  return sql<Outcomes[]>`
    select r.*, ${nameOf(sql, part)} as name
      from (select subject as id, sum(completed)::float8 as completed, sum(partial)::float8 as partial,
                sum(canceled)::float8 as canceled, sum(refills)::float8 as refills
              ${within(sql, 'order_days', part, days)} group by subject
              order by sum(completed + partial + canceled) desc, 1 limit ${most}) r
      order by r.completed + r.partial + r.canceled desc, r.id`;
}

/** The times of a service in a period: 0 is the report's own, 1 the week before it, and so on. Histograms are in seconds. */
export interface TimesRow extends Subject {
  readonly period: number;
  readonly starts: readonly Histogram[];
  readonly ends: readonly Histogram[];
}

/** The times of the services with the most orders in these days, at most `most`, and in each of the `weeks` before. */
export async function timesOf(sql: Sql, days: Days, weeks: number, most: number): Promise<TimesRow[]> {
  const { from, to } = days;
  return sql<TimesRow[]>`
    with chosen as (
      select subject ${within(sql, 'order_days', 'service', days)} group by subject
        order by sum(completed + partial + canceled) desc, 1 limit ${most}
    )
    select r.*, ${nameOf(sql, 'service')} as name
      from (select d.subject as id, case when d.day >= ${from}::date then 0 else 1 + (${from}::date - 1 - d.day) / 7 end as period,
                jsonb_agg(to_jsonb(d.starts)) as starts, jsonb_agg(to_jsonb(d.ends)) as ends
              from chosen c join order_days d on d.part = 'service' and d.subject = c.subject
                and d.day >= ${from}::date - ${7 * weeks}::integer and d.day < ${to}::date
              group by 1, 2) r
      order by r.id, r.period`;
}
