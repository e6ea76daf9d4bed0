import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fingerprintOf } from '../../api/idempotency/fingerprint.ts';
import { createStaffKey } from '../../db/account/accounts.ts';
import { keptKey } from '../../db/account/kept-keys.ts';
import { rotateMasterKey } from '../../db/account/rotation.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { serveApi } from '../support/worlds/api.ts';

const ROUTE = 'POST /v1/admin/providers';
const [old, anew] = [randomBytes(32), randomBytes(32)];
const provider = { name: 'a panel', url: 'http://127.0.0.1:9/api/v2', key: 'upstream-4711', pollSeconds: 60 };
let database: TestDatabase;
let staff: string;

beforeAll(async () => {
  database = await testDatabase();
  ({ key: staff } = await createStaffKey(database.sql));
});
afterAll(() => database.drop());

/** Creates the provider through an API process with this master key. */
async function makeProvider(masterKey: Buffer) {
  const api = await serveApi({ ...database, temporal: new Client({ connection: Connection.lazy() }), masterKey });
  try {
    return await api.v1('/v1/admin/providers', { key: staff, body: provider, idempotencyKey: 'panel' });
  } finally {
    await api.close();
  }
}

it('what is kept of a request with a secret cannot be made by who does not have the key', async () => {
  expect((await makeProvider(old)).status).toBe(201);
  const [kept] = await database.sql<{ fingerprint: string }[]>`
    select encode(fingerprint, 'hex') as fingerprint from stored_answers where route = ${ROUTE}`;
  expect(kept?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(kept?.fingerprint).not.toBe(fingerprintOf(ROUTE, provider));
  // The fingerprint key is sealed, and another master key does not open it.
  await expect(keptKey(database.sql, anew, 'fingerprints')).rejects.toThrow();
});

it('a request from before the master key was changed is still the same request', async () => {
  await rotateMasterKey(database.sql, old, anew);
  const again = await makeProvider(anew);
  expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
});
