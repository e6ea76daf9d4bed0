import { randomBytes } from 'node:crypto';
import type { Sql } from '../client.ts';
import { open, seal } from './secrets.ts';

const BYTES = 32;

/**
 * Reads a random key of this database by its name; the first call makes the key. It is stored, sealed with the master key, so it
 * is the same in every process and stays the same when the master key is changed.
 * @throws Error when the master key is not the one that it was sealed with.
 */
export async function keptKey(sql: Sql, masterKey: Buffer, name: string): Promise<Buffer> {
  const purpose = `key:${name}`;
  const fresh = seal(masterKey, purpose, randomBytes(BYTES).toString('base64'));
  await sql`insert into kept_keys (name, cipher) values (${name}, ${fresh}) on conflict do nothing`;
  const [row] = await sql<{ cipher: Buffer }[]>`select cipher from kept_keys where name = ${name}`;
  return Buffer.from(open(masterKey, purpose, (row as { cipher: Buffer }).cipher), 'base64');
}
