import {
  type Attempt,
  type AttemptKey,
  attemptAccepted,
  attemptRefused,
  beginAttempt,
  takeAttempt,
} from '../../db/attempts.ts';
import type { Sql } from '../../db/client.ts';
import type { ErrorMeaning } from '../../domain/dispatch.ts';

export const attemptOf = (orderId: number, attempt = 1, batch = 1): AttemptKey => ({ orderId, batch, attempt });

/** An attempt that was taken for sending: what a worker holds just before its request leaves. */
export async function sending(sql: Sql, key: AttemptKey): Promise<Attempt> {
  const attempt = await beginAttempt(sql, key);
  if (attempt === undefined) throw new Error('there is no route');
  if (!(await takeAttempt(sql, key))) throw new Error('somebody else has taken it');
  return attempt;
}

/** Sends an attempt to be refused; returns the provider that refused. */
export async function refusedBy(sql: Sql, key: AttemptKey, meaning: ErrorMeaning): Promise<number> {
  const { provider } = await sending(sql, key);
  await attemptRefused(sql, key, `an error that means ${meaning}`, meaning);
  return provider;
}

/** Makes an order's first batch run at its best route, as the provider's order `providerOrder`. */
export async function running(sql: Sql, orderId: number, providerOrder: string, at = new Date()): Promise<void> {
  await sending(sql, attemptOf(orderId));
  if (!(await attemptAccepted(sql, attemptOf(orderId), providerOrder, at))) throw new Error('it was not accepted');
}
