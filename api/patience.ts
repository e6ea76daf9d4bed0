import type { Client } from '@temporalio/client';

/** How long a request waits for one answer of the database, in milliseconds: what takes longer is not well. */
export const QUERY_MS = 2_500;

/** The same for a whole transaction that others may hold up. */
export const TRANSACTION_MS = 8_000;

/** The Temporal server did not answer in time; whether the call took effect is not known. */
class TemporalDeadline extends Error {
  override readonly name = 'TemporalDeadline';
}

/**
 * The answer of calls to Temporal, or TemporalDeadline at `notAfter`, in milliseconds since 1970. The client's own
 * deadline ends its calls but not the pauses between its tries, which were seen to last five seconds more.
 */
export async function untilThen<T>(temporal: Client, notAfter: number, calls: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TemporalDeadline('no answer from Temporal')), notAfter - Date.now());
  });
  const answer = temporal.withDeadline(notAfter, calls);
  // The loser of the race may still fail; nobody waits for it any more.
  answer.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
