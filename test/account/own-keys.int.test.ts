import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CUSTOMER_SCOPES, createKey, createStaffKey, type NewKey } from '../../db/account/accounts.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { type Answer, type ServedApi, serveApi } from '../support/worlds/api.ts';
import { openShop } from '../support/worlds/shop.ts';

let database: TestDatabase;
let api: ServedApi;
let account: number;

beforeAll(async () => {
  database = await testDatabase();
  const temporal = new Client({ connection: Connection.lazy() });
  api = await serveApi({ ...database, temporal, masterKey: Buffer.alloc(32) });
  ({ account } = await openShop(database.sql));
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const staffMakes = (more: Partial<NewKey> = {}) =>
  createKey(database.sql, { accountId: account, name: 'from staff', ...more });
const make = (key: string, body: object, idempotencyKey = JSON.stringify(body)) =>
  api.v1('/v1/keys', { key, body: { name: 'mine', ...body }, idempotencyKey });
const revoke = (key: string, id: unknown) => api.v1(`/v1/keys/${id}`, { key, method: 'DELETE' });
const opens = async (key: unknown) => (await api.v1('/v1/balance', { key: key as string })).status;
const inShort = ({ status, body }: Answer) => [status, body.code, body.detail];
const soon = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

test('a customer makes a key, sees it once, finds it in the list, and revokes it', async () => {
  const { key, id: first } = await staffMakes();
  const made = await make(key, { name: 'shop', scopes: ['wallet:read'], expiresAt: soon(2) });
  expect([made.status, made.body]).toEqual([
    201,
    { id: expect.any(Number), key: expect.any(String), scopes: ['wallet:read'], expiresAt: expect.any(String) },
  ]);
  expect(await opens(made.body.key)).toBe(200);
  const listed = async () =>
    (await api.v1('/v1/keys?limit=1', { key })).body.data as { readonly lastUsedAt: string | null }[];
  // The request does not wait until its use is written.
  await expect.poll(async () => (await listed())[0]?.lastUsedAt).toEqual(expect.any(String));
  expect(await listed()).toEqual([
    {
      id: made.body.id,
      account,
      prefix: (made.body.key as string).slice(3, 15),
      name: 'shop',
      scopes: ['wallet:read'],
      createdAt: expect.any(String),
      lastUsedAt: expect.any(String),
      expiresAt: made.body.expiresAt,
      revokedAt: null,
      madeBy: first,
    },
  ]);
  const again = await make(key, { name: 'shop', scopes: ['wallet:read'], expiresAt: soon(3) }, 'another');
  expect(again.body.key).not.toBe(made.body.key);

  expect((await revoke(key, made.body.id)).body).toMatchObject({ id: made.body.id, revokedAt: expect.any(String) });
  expect([await opens(made.body.key), (await revoke(key, made.body.id)).status]).toEqual([401, 200]);
});

test('a key without scopes has those of the key that makes it, and never more', async () => {
  const { key } = await staffMakes({ scopes: ['orders:read', 'keys:manage'] });
  expect((await make(key, {})).body.scopes).toEqual(['orders:read', 'keys:manage']);
  expect(inShort(await make(key, { scopes: ['orders:read', 'wallet:read'] }))).toEqual([
    422,
    'invalid_request',
    'scopes: your key has no wallet:read to give',
  ]);
  const { key: all } = await staffMakes();
  expect((await make(all, {}, 'all')).body.scopes).toEqual(CUSTOMER_SCOPES);
  expect((await make(all, { scopes: ['admin'] })).status).toBe(422);
});

test('a repeat shows the key again, but to no other key of the account', async () => {
  const [{ key }, { key: other }] = [await staffMakes(), await staffMakes({ scopes: ['keys:manage'] })];
  const first = await make(key, {}, 'repeated');
  const again = await make(key, {}, 'repeated');
  expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([first.body, 'true']);
  expect(inShort(await make(other, {}, 'repeated')).slice(0, 2)).toEqual([422, 'idempotency_key_reused']);
  const [kept] = await database.sql`
    select body from stored_answers where account_id = ${account} and idempotency_key = 'repeated'`;
  expect(kept).toEqual({ body: null });
});

test('a key that expires makes none that lives longer', async () => {
  const until = soon(1);
  const { key } = await staffMakes({ expiresAt: new Date(until) });
  expect((await make(key, {}, 'until the end')).body.expiresAt).toBe(until);
  expect(inShort(await make(key, { expiresAt: soon(2) }))).toEqual([
    422,
    'invalid_request',
    'expiresAt: must not be after the expiry of your key',
  ]);
  expect((await make(key, { expiresAt: '2020-01-01T00:00:00Z' })).status).toBe(422);
});

test("another account's key is not there, and a key may revoke itself", async () => {
  const [{ key, id }, stranger] = [await staffMakes(), await openShop(database.sql)];
  const { id: others } = await createKey(database.sql, { accountId: stranger.account, name: 'theirs' });
  expect(inShort(await revoke(key, others))).toEqual([404, 'not_found', 'key not found']);
  expect((await revoke(key, 'mine')).status).toBe(404);
  expect([(await revoke(key, id)).status, await opens(key)]).toEqual([200, 401]);
});

test('a key from before keys:manage keeps what it has, and manages no keys', async () => {
  const { key } = await staffMakes({ scopes: ['orders:read', 'orders:write', 'wallet:read', 'webhooks:manage'] });
  for (const answer of [await make(key, {}), await api.v1('/v1/keys', { key }), await revoke(key, 1)]) {
    expect(inShort(answer)).toEqual([403, 'forbidden', 'the key needs the scope keys:manage']);
  }
  expect(await opens(key)).toBe(200);
});

test('keys share the limits of the key that made them, so that more keys give no more room', async () => {
  const { key } = await staffMakes();
  const child = (await make(key, {}, 'child')).body.key as string;
  const grandchild = (await make(child, {}, 'grandchild')).body.key as string;
  const { key: other } = await staffMakes();
  const rates = { RATE_LIMIT_PER_SECOND: 0.001, RATE_LIMIT_BURST: 9 };
  const temporal = new Client({ connection: Connection.lazy() });
  const slow = await serveApi({ ...database, temporal, masterKey: Buffer.alloc(32), rates });
  const left: unknown[] = [];
  for (const one of [key, child, grandchild, other]) {
    const { headers } = await slow.v1('/v1/balance', { key: one });
    left.push(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
  }
  await slow.close();
  expect(left).toEqual(['8', '7', '6', '8']);
});

test('an account has at most a hundred valid keys of its own, and staff see who made each', async () => {
  const { account: full } = await openShop(database.sql);
  const { key, id } = await createKey(database.sql, { accountId: full, name: 'first' });
  await database.sql`
    insert into api_keys (account_id, name, prefix, hash, scopes)
      select ${full}, 'more', 'prefix-' || n, ${Buffer.alloc(32)}, '{}' from generate_series(1, ${LIMITS.keys - 2}) n`;
  const last = await make(key, {}, 'the last');
  expect(last.status).toBe(201);
  expect(inShort(await make(key, {}, 'one more')).slice(0, 2)).toEqual([409, 'too_many_keys']);
  await revoke(key, last.body.id);
  expect((await make(key, {}, 'one more')).status).toBe(201);
  const { key: staff } = await createStaffKey(database.sql);
  const listed = await api.v1(`/v1/admin/accounts/${full}/keys?limit=1`, { key: staff });
  expect(listed.body.data).toMatchObject([{ madeBy: id, name: 'mine' }]);
});

test('an account makes a hundred keys in a day and no more, however many it revokes; keys of staff do not count', async () => {
  const { account } = await openShop(database.sql);
  const { key, id } = await createKey(database.sql, { accountId: account, name: 'first' });
  await database.sql`
    insert into api_keys (account_id, name, prefix, hash, scopes, made_by, revoked_at)
      select ${account}, 'revoked', 'gone-' || n, ${Buffer.alloc(32)}, '{}', ${id}, now()
        from generate_series(1, ${LIMITS.keysADay - 1}) n`;
  expect((await make(key, {}, 'the hundredth')).status).toBe(201);
  const refused = await make(key, {}, 'one more today');
  expect([...inShort(refused).slice(0, 2), refused.headers.get('retry-after')]).toEqual([429, 'rate_limited', '86400']);
  await database.sql`
    update api_keys set created_at = now() - interval '25 hours' where account_id = ${account} and prefix = 'gone-1'`;
  expect((await make(key, {}, 'one more today')).status).toBe(201);
});
