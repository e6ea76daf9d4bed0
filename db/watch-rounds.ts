import type { Sql } from './client.ts';

/** The watch of a provider has been through everything that runs there. */
export async function markRound(sql: Sql, provider: number): Promise<void> {
  await sql`
    insert into watch_rounds (provider_id, at) values (${provider}, clock_timestamp())
      on conflict (provider_id) do update set at = excluded.at`;
}

/** A provider with running batches. */
export interface WatchedWork {
  readonly provider: number;
  readonly pollSeconds: number;
  /** Since the last round there; when there was none, since the first of the batches began. */
  readonly unseenSeconds: number;
}

export async function watchedWork(sql: Sql): Promise<WatchedWork[]> {
  return sql<WatchedWork[]>`
    select p.id as provider, p.poll_seconds as "pollSeconds", extract(epoch from clock_timestamp() - coalesce(w.at, (
             select min(accepted_at) from batches where provider_id = p.id and state = 'running' and terminal_at is null
           ), clock_timestamp()))::float8 as "unseenSeconds"
      from providers p left join watch_rounds w on w.provider_id = p.id
      where exists (select from batches where provider_id = p.id and state = 'running' and terminal_at is null)
      order by p.id`;
}
