import type { Sql } from '../client.ts';

/** Something sealed that belongs to a provider, and the purpose it was sealed for (account/secrets.ts). */
export interface SealedKey {
  readonly provider: number;
  readonly name: string;
  readonly what: 'key' | 'callback secret';
  readonly purpose: string;
  readonly cipher: Buffer;
}

/** The sealed keys and callback secrets of all providers. */
export async function sealedKeysOfProviders(sql: Sql): Promise<SealedKey[]> {
  return sql<SealedKey[]>`
    select id as provider, name, 'key' as what, 'provider:' || id as purpose, key_cipher as cipher from providers
    union all
    select id, name, 'callback secret', 'callback:' || id, callback_cipher from providers where callback_cipher is not null
    order by provider, what desc`;
}
