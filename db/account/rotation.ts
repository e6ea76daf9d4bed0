import type { Sql } from '../client.ts';
import { open, seal } from './secrets.ts';

/** Every column with something sealed in it, and the SQL of the purpose it was sealed for; see secrets.ts. */
export const SEALED: readonly { readonly table: string; readonly column: string; readonly purpose: string }[] = [
  { table: 'providers', column: 'key_cipher', purpose: `'provider:' || id` },
  { table: 'providers', column: 'callback_cipher', purpose: `'callback:' || id` },
  { table: 'webhook_endpoints', column: 'secret_cipher', purpose: `'webhook:' || id` },
  { table: 'webhook_endpoints', column: 'previous_cipher', purpose: `'webhook:' || id` },
  { table: 'kept_keys', column: 'cipher', purpose: `'key:' || name` },
  {
    table: 'stored_answers',
    column: 'body_cipher',
    purpose: `'answer:' || account_id || ':' || route || ':' || idempotency_key`,
  },
];

/**
 * Seals every secret in the database with the new key, all of them or none. Afterwards a process with the old key can neither
 * read nor write secrets: its sends wait until the process is started with the new key.
 * @returns how many secrets there were.
 * @throws Error when `from` is not the key that they were sealed with.
 */
export async function rotateMasterKey(sql: Sql, from: Buffer, to: Buffer): Promise<number> {
  return sql.begin(async (tx) => {
    // The lock keeps other processes from sealing with the old key meanwhile.
    await tx`lock table providers, webhook_endpoints, stored_answers, kept_keys in share row exclusive mode`;
    let rotated = 0;
    for (const { table, column, purpose } of SEALED) {
      const rows = await tx<{ place: string; purpose: string; cipher: Buffer }[]>`
        select ctid::text as place, ${tx.unsafe(purpose)} as purpose, ${tx(column)} as cipher
          from ${tx(table)} where ${tx(column)} is not null`;
      for (const { place, purpose: of, cipher } of rows) {
        const anew = seal(to, of, open(from, of, cipher));
        await tx`update ${tx(table)} set ${tx(column)} = ${anew} where ctid = ${place}::tid`;
      }
      rotated += rows.length;
    }
    return rotated;
  });
}
