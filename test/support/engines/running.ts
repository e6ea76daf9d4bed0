import type { Sql } from '../../../db/client.ts';
import {
  type Attempt,
  attemptAccepted,
  attemptRefused,
  beginAttempt,
  type SendInput,
  takeAttempt,
} from '../../../db/dispatch/attempts.ts';
import type { ErrorMeaning } from '../../../domain/dispatch/outcome.ts';

/** The input of an attempt to send a batch, by default the first of a plain order of 1000. */
export const attemptOf = (orderId: number, attempt = 1, batch = 1, more: Partial<SendInput> = {}): SendInput => ({
  orderId,
  batch,
  attempt,
  quantity: 1000,
  resends: null,
  nextRunAt: null,
  ...more,
});

/** Takes an attempt for sending: the state just before a worker sends the request. */
export async function sending(sql: Sql, key: SendInput): Promise<Attempt> {
  const attempt = await beginAttempt(sql, key);
  if (attempt === undefined) throw new Error('no route can take the attempt');
  if (!(await takeAttempt(sql, key))) throw new Error('another worker has taken the attempt');
  return attempt;
}

/** Records an attempt as refused. Returns the provider that refused it. */
export async function refusedBy(sql: Sql, key: SendInput, meaning: ErrorMeaning): Promise<number> {
  const { provider } = await sending(sql, key);
  await attemptRefused(sql, key, `an error that means ${meaning}`, meaning);
  return provider;
}

/** Makes a batch of an order, by default the first, run at its best route as the provider's order `providerOrder`. */
export async function running(
  sql: Sql,
  orderId: number,
  providerOrder: string,
  at = new Date(),
  batch = 1,
): Promise<void> {
  const [order] = await sql<{ quantity: number }[]>`select quantity from orders where id = ${orderId}`;
  const send = attemptOf(orderId, 1, batch, { quantity: order?.quantity ?? 0 });
  await sending(sql, send);
  if (!(await attemptAccepted(sql, send, providerOrder, at)))
    throw new Error('the attempt was not recorded as accepted');
}
