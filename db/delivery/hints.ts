import type { Sql } from '../client.ts';

/** The channel of hints that something has changed at a provider; the payload is its id. */
const CHANNEL = 'holdfast_hints';

/** Tells every worker that a look at this provider is worth while. Nobody keeps it: the next poll finds what is lost. */
export async function hintAt(sql: Sql, provider: number): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${String(provider)})`;
}

/**
 * Hears hints, on a connection of its own that is made again when it breaks, until the pool ends. `onAny`: hints may have
 * been missed.
 */
export async function listenForHints(sql: Sql, onHint: (provider: number) => void, onAny: () => void): Promise<void> {
  await sql.listen(CHANNEL, (payload) => onHint(Number(payload)), onAny);
}
