import { LIMITS } from '../../domain/limits.ts';
import type { ProviderBalance } from '../../domain/provider/balance.ts';
import { storable } from '../../domain/text/storable.ts';
import type { Sql, Tx } from '../client.ts';

/** How a provider is reached, and the balance below which staff get an alert. */
export interface CheckedProvider {
  readonly url: string;
  readonly keyCipher: Buffer;
  /** How it deviates from others, as stored. */
  readonly profile: unknown;
  /** A decimal string; null: no alert. */
  readonly lowBalance: string | null;
}

export async function readCheckedProvider(sql: Sql, provider: number): Promise<CheckedProvider> {
  const [row] = await sql<CheckedProvider[]>`
    select url, key_cipher as "keyCipher", profile, profile->>'lowBalance' as "lowBalance" from providers where id = ${provider}`;
  if (row === undefined) throw new Error(`there is no provider ${provider}`);
  return row;
}

/** Stores a balance; returns the provider's currency, which is the one that it named last. */
export async function recordBalance(
  sql: Sql | Tx,
  provider: number,
  { balance, currency }: ProviderBalance,
  at: Date,
): Promise<string | null> {
  const [row] = await sql<{ currency: string | null }[]>`
    insert into provider_checks (provider_id, balance, currency, balance_at) values (${provider}, ${balance}, ${currency}, ${at})
      on conflict (provider_id) do update set balance = excluded.balance, currency = coalesce(excluded.currency, provider_checks.currency), balance_at = excluded.balance_at
      returning currency`;
  return row?.currency ?? null;
}

/** Stores why a check read no catalogue; the previous catalogue stays. */
export async function recordProblem(sql: Sql, provider: number, problem: string): Promise<void> {
  await sql`
    insert into provider_checks (provider_id, problem) values (${provider}, ${storable(problem, LIMITS.providerText)})
      on conflict (provider_id) do update set problem = excluded.problem`;
}

/** A balance older than this many minutes counts as unknown. */
const STALE_MINUTES = 60;

/** Our last known balance at each provider; null when it is too old. */
export async function listBalances(sql: Sql): Promise<{ provider: number; balance: string | null }[]> {
  return sql<{ provider: number; balance: string | null }[]>`
    select provider_id as provider,
           case when balance_at > clock_timestamp() - make_interval(mins => ${STALE_MINUTES}) then balance end as balance
      from provider_checks where balance is not null order by provider_id`;
}
