import type { Sql, Tx } from '../client.ts';

/** Whether orders are sent to a provider now. */
export interface ProviderPause {
  readonly id: number;
  /** Null: orders are sent to it. */
  readonly pausedUntil: Date | null;
  /** A trouble of domain/dispatch/outcome.ts, or `staff`. */
  readonly pauseReason: string | null;
  /** The note of staff about the pause, or for which accounts alone it is. */
  readonly pauseNote: string | null;
}

/** A pause that is over counts as none; the row keeps it because the next pause depends on it. */
export const pauseColumns = (sql: Sql | Tx) => sql`
  case when paused_until > clock_timestamp() then paused_until end as "pausedUntil",
  case when paused_until > clock_timestamp() then pause_reason end as "pauseReason",
  case when paused_until > clock_timestamp() then coalesce(pause_note,
    case when not paused_for_all then 'only for orders of account ' || array_to_string(failed_accounts, ', ') end) end as "pauseNote"`;

/** Pauses a provider for `minutes` from now, even when it is paused already; undefined when it does not exist. */
export async function pauseProvider(
  sql: Tx,
  provider: number,
  minutes: number,
  note: string | null,
): Promise<ProviderPause | undefined> {
  const [row] = await sql<ProviderPause[]>`
    update providers set paused_until = clock_timestamp() + make_interval(mins => ${minutes}), pause_reason = 'staff', pause_note = ${note},
        paused_for_all = true
      where id = ${provider} returning id, ${pauseColumns(sql)}`;
  return row;
}

/** Resumes a provider and resolves its alert; a later failure raises a new alert. */
export async function resumeProvider(sql: Tx, provider: number): Promise<ProviderPause | undefined> {
  const [row] = await sql<ProviderPause[]>`
    update providers set paused_until = null, pause_reason = null, pause_note = null, troubles = 0, unclear = 0,
        failed_accounts = '{}', paused_for_all = true
      where id = ${provider} returning id, ${pauseColumns(sql)}`;
  if (row !== undefined)
    await sql`select resolve_alert('provider_paused', ${`provider:${provider}`}, clock_timestamp())`;
  return row;
}
