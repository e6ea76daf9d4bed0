import { LIMITS } from '../../domain/limits.ts';
import type { Sql } from '../client.ts';
import type { WatchedProvider } from './batches.ts';

/** The parts of a round that have something to do; a part that is true may find that nothing is due. */
export interface RoundWork {
  /** Batches that run, or whose last word their workflows have not acted on. */
  readonly running: boolean;
  /** Settled batches that are due for a check, corrections that staff have released, alerts about last words. */
  readonly settled: boolean;
  readonly released: boolean;
  readonly lastWords: boolean;
  readonly refills: boolean;
  readonly refillEnds: boolean;
  /** Unknown sends to search for, and evidence about them to signal. */
  readonly searches: boolean;
  readonly evidence: boolean;
  readonly lateOrders: boolean;
  readonly stops: boolean;
}

/** Reads a provider and the work of its next round, in one statement. */
export async function readRound(sql: Sql, provider: number, at: Date): Promise<WatchedProvider & RoundWork> {
  const { correctionHours, stopAgainMinutes } = LIMITS;
  const [row] = await sql<(WatchedProvider & RoundWork)[]>`
    select url, key_cipher as "keyCipher", poll_seconds as "pollSeconds", profile, no_lists as "noLists", work.*
      from providers, watch_work(id, ${at}, ${correctionHours}, ${stopAgainMinutes}) work
      where id = ${provider}`;
  if (row === undefined) throw new Error(`there is no provider ${provider}`);
  return row;
}

/** A finished round of a provider's watch; `isSilent`: none of its calls got an answer. */
export interface RoundMark {
  readonly isSilent: boolean;
}

/** The statement that marks a finished round. */
export const markRound = (sql: Sql, provider: number, { isSilent }: RoundMark) => sql`
  insert into watch_rounds as w (provider_id, at, silent_since)
    values (${provider}, clock_timestamp(), case when ${isSilent} then clock_timestamp() end)
    on conflict (provider_id) do update
      set at = excluded.at, silent_since = case when ${isSilent} then coalesce(w.silent_since, excluded.silent_since) end`;

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
