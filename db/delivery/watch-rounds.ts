import type { Sql } from '../client.ts';

/** Marks a finished round of a provider's watch; `isSilent`: none of its calls got an answer. */
export async function markRound(sql: Sql, provider: number, isSilent: boolean): Promise<void> {
  await sql`
    insert into watch_rounds as w (provider_id, at, silent_since)
      values (${provider}, clock_timestamp(), case when ${isSilent} then clock_timestamp() end)
      on conflict (provider_id) do update
        set at = excluded.at, silent_since = case when ${isSilent} then coalesce(w.silent_since, excluded.silent_since) end`;
}

/** A provider with running batches. */
export interface WatchedWork {
  readonly provider: number;
  readonly pollSeconds: number;
  /** Seconds since the provider's last round; before its first round, since the provider accepted the first running batch. */
  readonly unseenSeconds: number;
  /** How long the provider has answered no call; 0 when it answers. */
  readonly silentSeconds: number;
}

export async function watchedWork(sql: Sql): Promise<WatchedWork[]> {
  return sql<WatchedWork[]>`
    select p.id as provider, p.poll_seconds as "pollSeconds", extract(epoch from clock_timestamp() - coalesce(w.at, (
             select min(accepted_at) from batches where provider_id = p.id and state = 'running' and terminal_at is null
           ), clock_timestamp()))::float8 as "unseenSeconds",
           coalesce(extract(epoch from clock_timestamp() - w.silent_since), 0)::float8 as "silentSeconds"
      from providers p left join watch_rounds w on w.provider_id = p.id
      where exists (select from batches where provider_id = p.id and state = 'running' and terminal_at is null)
      order by p.id`;
}
