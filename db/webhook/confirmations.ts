import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Sql, Tx } from '../client.ts';

/**
 * Counts one more mail that asks to confirm an address, so that our mails cannot flood an address.
 * @throws Refusal `too_many_confirmations`
 */
export async function countConfirmation(tx: Tx, accountId: number, email: string): Promise<void> {
  const { confirmationsOfAddress: ofAddress, confirmationsOfAccount: ofAccount } = LIMITS;
  const [row] = await tx<{ counted: boolean }[]>`
    select count_confirmation(${accountId}, ${email}, ${ofAddress}, ${ofAccount}) as counted`;
  if (row?.counted === true) return;
  throw new Refusal(
    'too_many_confirmations',
    `at most ${ofAddress} a day to an address, ${ofAccount} a day from an account`,
  );
}

/** Confirms an address, which gets events from now on. False when the code came too late. */
export async function confirmAddress(tx: Tx, endpoint: number): Promise<boolean> {
  const rows = await tx`
    update webhook_endpoints set disabled_reason = null, confirmed_at = clock_timestamp()
      where id = ${endpoint} and disabled_reason = 'unconfirmed' and confirm_until > clock_timestamp() returning id`;
  if (rows.length === 1) await tx`select webhook_works(${endpoint})`;
  return rows.length === 1;
}

/** Deletes confirmations that are older than a day: they no longer count against the daily limits. */
export async function forgetConfirmations(sql: Sql): Promise<void> {
  await sql`delete from webhook_confirmations where at < clock_timestamp() - interval '1 day'`;
}
