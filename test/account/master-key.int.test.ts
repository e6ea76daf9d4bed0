import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findCaller } from '../../db/account/accounts.ts';
import { keptKey } from '../../db/account/kept-keys.ts';
import { rotateMasterKey, SEALED } from '../../db/account/rotation.ts';
import { open, seal } from '../../db/account/secrets.ts';
import { sealedKeysOfProviders } from '../../db/provider/sealed-keys.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { openShop } from '../support/worlds/shop.ts';

const run = promisify(execFile);
const [old, anew] = [randomBytes(32), randomBytes(32)];
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const command = (name: string, environment: Record<string, string>, ...args: string[]) =>
  run(process.execPath, ['--import', 'tsx', `db/commands/${name}.ts`, ...args], {
    env: { ...process.env, DATABASE_URL: database.url, ...environment },
  });

/** Writes something to every sealed column. Returns the ids that the values are sealed with. */
async function sealedShop(): Promise<{ provider: number; webhook: number; account: number }> {
  const { sql } = database;
  const { providers, account } = await openShop(sql, { masterKey: old });
  const [provider = 0] = providers;
  await sql`update providers set callback_cipher = ${seal(old, `callback:${provider}`, 'callback')} where id = ${provider}`;
  const [row] = await sql<{ id: number }[]>`
    insert into webhook_endpoints (account_id, url, secret_cipher, previous_cipher, previous_until)
      values (${account}, 'https://example.com/', '', '', now()) returning id`;
  const webhook = row?.id ?? 0;
  await sql`update webhook_endpoints set secret_cipher = ${seal(old, `webhook:${webhook}`, 'secret')},
      previous_cipher = ${seal(old, `webhook:${webhook}`, 'previous')} where id = ${webhook}`;
  await sql`insert into stored_answers (account_id, route, idempotency_key, fingerprint, status, body_cipher)
      values (${account}, 'POST /v1/webhooks', 'k', '', 201, ${seal(old, `answer:${account}:POST /v1/webhooks:k`, 'answer')})`;
  return { provider, webhook, account };
}

it('every column that keeps something sealed is known', async () => {
  const columns = await database.sql<{ table: string; column: string }[]>`
    select table_name as table, column_name as column from information_schema.columns
      where table_schema = 'public' and column_name like '%cipher' order by 1, 2`;
  const known = SEALED.map(({ table, column }) => ({ table, column }));
  expect(known.toSorted((a, b) => `${a.table}.${a.column}`.localeCompare(`${b.table}.${b.column}`))).toEqual([
    ...columns,
  ]);
});

it('a new master key opens every secret, and the old one none; a wrong one changes nothing', async () => {
  const { provider, webhook, account } = await sealedShop();
  const { sql } = database;
  const read = async (key: Buffer) => {
    const [p] = await sql`select key_cipher, callback_cipher from providers where id = ${provider}`;
    const [w] = await sql`select secret_cipher, previous_cipher from webhook_endpoints where id = ${webhook}`;
    const [a] = await sql`select body_cipher from stored_answers where account_id = ${account}`;
    return [
      open(key, `provider:${provider}`, p?.key_cipher),
      open(key, `callback:${provider}`, p?.callback_cipher),
      open(key, `webhook:${webhook}`, w?.secret_cipher),
      open(key, `webhook:${webhook}`, w?.previous_cipher),
      open(key, `answer:${account}:POST /v1/webhooks:k`, a?.body_cipher),
    ];
  };
  const secrets = ['upstream-key', 'callback', 'secret', 'previous', 'answer'];
  await expect(rotateMasterKey(sql, randomBytes(32), anew)).rejects.toThrow();
  expect(await read(old)).toEqual(secrets);

  const keys = { HOLDFAST_MASTER_KEY: old.toString('base64'), HOLDFAST_NEW_MASTER_KEY: anew.toString('base64') };
  const { stdout } = await command('rotate-master-key', keys);
  expect(stdout).toContain('5 secrets are sealed with the new key');
  expect(await read(anew)).toEqual(secrets);
  await expect(read(old)).rejects.toThrow();
});

it('after the master key was lost, the written steps let everything be entered again', async () => {
  const { sql } = database;
  const lost = randomBytes(32);
  const { provider } = await sealedShop();
  await keptKey(sql, anew, 'fingerprints');
  await expect(keptKey(sql, lost, 'fingerprints')).rejects.toThrow();
  const [, steps = ''] = /```sql\n([^`]*)```/.exec(await readFile('docs/recover.md', 'utf8')) ?? [];
  await sql.unsafe(steps);
  expect(await keptKey(sql, lost, 'fingerprints')).toHaveLength(32);
  // What is left belongs to providers and webhooks, and is given anew by PATCH and by rotate.
  const left = await sealedKeysOfProviders(sql);
  expect(left.filter((sealed) => sealed.provider === provider).map(({ what }) => what)).toEqual([
    'key',
    'callback secret',
  ]);
  const [others] = await sql`
    select (select count(*) from stored_answers where body_cipher is not null)::integer as answers,
           (select count(*) from webhook_endpoints where previous_cipher is not null)::integer as previous`;
  expect(others).toEqual({ answers: 0, previous: 0 });
});

it('the first staff key of an installation is made by a command', async () => {
  const { stdout } = await command('create-staff-key', {}, 'Jane');
  expect(await findCaller(database.sql, stdout.trim())).toMatchObject({ keyName: 'Jane', scopes: ['admin'] });
});
