import type { CallCounts } from '../../domain/report/call-counts.ts';
import type { Sql } from '../client.ts';

/** Adds counts to those that are stored, in one statement. Two processes that do so lock the rows in the same order. */
export async function addCalls(sql: Sql, counts: readonly CallCounts[]): Promise<void> {
  await sql`
    insert into provider_calls as had (provider_id, minute, action, answered, errors, not_sent, no_answer, latency)
      select c.provider, to_timestamp(c.minute / 1000.0), c.action, c.answered, c.errors, c."notSent", c."noAnswer",
             array(select jsonb_array_elements_text(c.latency)::integer)
        from jsonb_to_recordset(${sql.json(counts as never)}) as c(provider integer, minute numeric, action text, answered integer,
          errors integer, "notSent" integer, "noAnswer" integer, latency jsonb)
        order by 1, 2, 3
      on conflict (provider_id, minute, action) do update set
        answered = had.answered + excluded.answered, errors = had.errors + excluded.errors,
        not_sent = had.not_sent + excluded.not_sent, no_answer = had.no_answer + excluded.no_answer,
        latency = add_histograms(had.latency, excluded.latency)`;
}

/** A provider's counts of the minutes from `from` to before `to`, by minute and action. */
export async function readCalls(sql: Sql, provider: number, from: Date, to: Date): Promise<CallCounts[]> {
  return sql<CallCounts[]>`
    select provider_id as provider, (extract(epoch from minute) * 1000)::float8 as minute, action, answered, errors,
           not_sent as "notSent", no_answer as "noAnswer", latency
      from provider_calls where provider_id = ${provider} and minute >= ${from} and minute < ${to} order by minute, action`;
}

export async function providerExists(sql: Sql, provider: number): Promise<boolean> {
  const [row] = await sql`select from providers where id = ${provider}`;
  return row !== undefined;
}

/** Deletes at most `most` counts that are older than `days`; returns how many. */
export async function deleteOldCalls(sql: Sql, days: number, most: number): Promise<number> {
  const { count } = await sql`
    delete from provider_calls where (provider_id, minute, action) in (
      select c.provider_id, c.minute, c.action
        from providers p join provider_calls c on c.provider_id = p.id and c.minute < now() - make_interval(days => ${days})
        limit ${most} for update of c skip locked)`;
  return count;
}
