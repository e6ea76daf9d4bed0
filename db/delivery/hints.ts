import type { Sql } from '../client.ts';

/** The channel of hints that something has changed at a provider; the payload is its id. */
const CHANNEL = 'holdfast_hints';

/** Tells every worker to ask this provider now. Hints are not stored: when one is lost, the next poll finds the change. */
export async function hintAt(sql: Sql, provider: number): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${String(provider)})`;
}

/**
 * Listens for hints on a connection of its own, which reconnects, until the pool ends. `onAny` is called when hints may have been
 * missed.
 */
export async function listenForHints(sql: Sql, onHint: (provider: number) => void, onAny: () => void): Promise<void> {
  await sql.listen(CHANNEL, (payload) => onHint(Number(payload)), onAny);
}
