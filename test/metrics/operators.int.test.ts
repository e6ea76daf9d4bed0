import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../api/http/logging.ts';
import { createStaffKey } from '../../db/account/accounts.ts';
import { proveLedger } from '../../db/ledger/proof.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { openShop } from '../support/worlds/shop.ts';

const lines: Record<string, unknown>[] = [];
let database: TestDatabase;
let api: ServedApi;

beforeAll(async () => {
  database = await testDatabase();
  const log = createLogger('info', { write: (line: string) => void lines.push(JSON.parse(line)) });
  // Nothing here calls Temporal.
  const temporal = new Client({ connection: Connection.lazy() });
  api = await serveApi({ ...database, temporal, masterKey: Buffer.alloc(32, 7), log });
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const OURS = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('a request', () => {
  it('has an id of ours, and what its caller calls it is logged beside it', async () => {
    const theirs = 'checkout/42:retry+1';
    const answer = await api.v1('/v1/balance', { headers: { 'x-request-id': theirs } });
    const ours = answer.headers.get('x-request-id');
    expect(ours).toMatch(OURS);
    expect(answer.body.request_id).toBe(ours);
    expect(lines.find((line) => line.requestId === ours)).toMatchObject({ callerRequestId: theirs });
  });

  it.each([
    ['too long', 'x'.repeat(129)],
    ['with spaces', 'one two'],
    ['not printable', 'caf\u00e9'],
    ['a key', 'hf_demo_0123456789'],
  ])('whose own id is %s has ours alone', async (_, theirs) => {
    const answer = await api.v1('/v1/balance', { headers: { 'x-request-id': theirs } });
    const line = lines.find(({ requestId }) => requestId === answer.headers.get('x-request-id'));
    expect(line).toBeDefined();
    expect(line).not.toHaveProperty('callerRequestId');
  });

  it('of staff is in the audit log by our id, whatever they call it', async () => {
    const { key } = await createStaffKey(database.sql);
    const headers = { 'x-request-id': 'the-same-for-all' };
    const made = await api.v1('/v1/admin/accounts', {
      key,
      body: { name: 'a customer' },
      idempotencyKey: 'a',
      headers,
    });
    const { body } = await api.v1('/v1/admin/audit', { key });
    expect(body.data).toMatchObject([{ requestId: made.headers.get('x-request-id') }]);
  });
});

it('the metrics are on a port of their own, and not on that of the customers', async () => {
  expect((await api.v1('/metrics')).status).toBe(404);
  const shown = await fetch(api.metricsUrl);
  expect([shown.status, shown.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
  expect(await shown.text()).toContain('\nholdfast_ledger_drift Nan\n');
  expect(new URL(api.metricsUrl).port).not.toBe(new URL(api.url).port);
  for (const path of ['/', '/v1/balance', '/healthz']) {
    expect((await fetch(new URL(path, api.metricsUrl))).status).toBe(404);
  }
});

it('a scrape and staff read what the last proof of the ledger found, and how old it is, and prove nothing themselves', async () => {
  const { sql } = database;
  const { account } = await openShop(sql);
  const figure = async (name: string) => {
    const text = await (await fetch(api.metricsUrl)).text();
    return new RegExp(`\n${name} (\\S+)\n`).exec(text)?.[1];
  };
  const all = () =>
    Promise.all(
      ['drift', 'proof_age_seconds', 'whole_proof_age_seconds'].map((name) => figure(`holdfast_ledger_${name}`)),
    );
  expect(await all()).toEqual(['Nan', 'Nan', 'Nan']);
  await proveLedger(sql);
  const [drift, age, wholeAge] = (await all()).map(Number);
  expect(drift).toBe(0);
  expect(age).toBeLessThan(60);
  expect(wholeAge).toBeGreaterThanOrEqual(age ?? 0);
  await sql`update wallets set balance = balance + 1 where account_id = ${account}`;
  expect(await figure('holdfast_ledger_drift')).toBe('0');
  await proveLedger(sql);
  expect(await figure('holdfast_ledger_drift')).toBe('1');
  const { key } = await createStaffKey(sql);
  const { body } = await api.v1('/v1/admin/ledger', { key });
  expect(body).toEqual({
    at: expect.any(String),
    tookMs: expect.any(Number),
    drift: 1,
    completeAt: expect.any(String),
    wholeSince: expect.any(String),
    errors: [
      {
        check: 'wallet balance',
        subject: `wallet:${account}`,
        detail: expect.any(String),
        foundAt: expect.any(String),
      },
    ],
  });
  await sql`update ledger_proof set complete_at = complete_at - interval '1 hour'`;
  expect(Number(await figure('holdfast_ledger_proof_age_seconds'))).toBeGreaterThanOrEqual(3_600);
});
