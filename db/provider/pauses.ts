import type { Sql, Tx } from '../client.ts';

/** Whether something is sent to a provider, as it stands. */
export interface ProviderPause {
  readonly id: number;
  /** Null: orders are sent to it. */
  readonly pausedUntil: Date | null;
  /** A trouble of domain/dispatch/outcome.ts, or `staff`. */
  readonly pauseReason: string | null;
  /** What staff said about it. */
  readonly pauseNote: string | null;
}

/** A pause that is over is none; why it was is kept for the next one only. */
export const pauseColumns = (sql: Sql | Tx) => sql`
  case when paused_until > clock_timestamp() then paused_until end as "pausedUntil",
  case when paused_until > clock_timestamp() then pause_reason end as "pauseReason",
  case when paused_until > clock_timestamp() then pause_note end as "pauseNote"`;

/** Nothing is sent to a provider for so many minutes from now, whatever it was before; undefined when there is none. */
export async function pauseProvider(
  sql: Tx,
  provider: number,
  minutes: number,
  note: string | null,
): Promise<ProviderPause | undefined> {
  const [row] = await sql<ProviderPause[]>`
    update providers set paused_until = clock_timestamp() + make_interval(mins => ${minutes}), pause_reason = 'staff', pause_note = ${note}
      where id = ${provider} returning id, ${pauseColumns(sql)}`;
  return row;
}

/** A provider is sent orders again, and its alert is resolved; should it fail again, that is a new one. */
export async function resumeProvider(sql: Tx, provider: number): Promise<ProviderPause | undefined> {
  const [row] = await sql<ProviderPause[]>`
    update providers set paused_until = null, pause_reason = null, pause_note = null, troubles = 0, unclear = 0
      where id = ${provider} returning id, ${pauseColumns(sql)}`;
  if (row !== undefined)
    await sql`select resolve_alert('provider_paused', ${`provider:${provider}`}, clock_timestamp())`;
  return row;
}
