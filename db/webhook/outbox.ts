import type { Sql } from '../client.ts';

/** The channel on which a trigger wakes a sleeping outbox: a delivery was written. */
const CHANNEL = 'holdfast_outbox';

/** Stores whether the outbox sleeps: only then does a new delivery send a NOTIFY. */
export async function storeSleep(sql: Sql, sleeps: boolean): Promise<void> {
  await sql`update outbox set sleeps = ${sleeps} where sleeps <> ${sleeps}`;
}

/**
 * Listens for deliveries on a connection of its own, which reconnects, until the pool ends. `onAny` is called when notifications
 * may have been missed.
 */
export async function listenForDeliveries(sql: Sql, onDelivery: () => void, onAny: () => void): Promise<void> {
  await sql.listen(CHANNEL, onDelivery, onAny);
}
