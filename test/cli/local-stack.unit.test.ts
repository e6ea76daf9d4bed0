import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings } from '../../cli/doctor/settings.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { ran } from '../support/engines/in-process-cli.ts';

let home: string;
const STACK = {
  apiUrl: 'http://stack.test',
  apiKey: 'hf_demo',
  adminKey: 'hf_staff',
  databaseUrl: 'postgres://postgres@127.0.0.1:5433/holdfast',
  temporalAddress: '127.0.0.1:7233',
  temporalNamespace: 'default',
  pids: {},
};
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'holdfast-cli-'));
  await mkdir(join(home, 'secrets'));
  await writeFile(join(home, 'stack.json'), JSON.stringify(STACK));
  await writeFile(join(home, 'secrets', 'master-key'), 'bWFzdGVy\n');
});
afterAll(() => rm(home, { recursive: true }));

const empty = { status: 200, body: { data: [], nextCursor: null } };

describe('without an address and a key, the local stack', () => {
  it('gives the key of the demo account for orders, that of staff for reviews, and standard error says so', async () => {
    const env = { HOLDFAST_HOME: home };
    const order = await ran(['order', 'cancel', '1'], [{ status: 202, body: { id: 1, message: 'so' } }], { env });
    expect(order.requests[0]?.url).toBe('http://stack.test/v1/orders/1/cancel');
    expect(order.requests[0]?.headers.get('authorization')).toBe('Bearer hf_demo');
    expect(order).toMatchObject({ exit: 0, err: 'using the local stack at http://stack.test (demo account)\n' });
    const reviews = await ran(['review', 'list', '--json'], [empty], { env });
    expect(reviews.requests[0]?.headers.get('authorization')).toBe('Bearer hf_staff');
    expect(reviews).toMatchObject({ out: '[]\n', err: 'using the local stack at http://stack.test (staff key)\n' });
  });

  it('is not used beside an address of your own', async () => {
    const env = { HOLDFAST_HOME: home, HOLDFAST_URL: 'http://other.test' };
    expect(await ran(['order', 'get', '1'], [], { env })).toMatchObject({ exit: 2, requests: [] });
  });

  it('is examined by doctor, with its master key', async () => {
    expect(await readSettings({ env: { HOLDFAST_HOME: home } }, undefined)).toEqual({
      databaseUrl: STACK.databaseUrl,
      temporalAddress: STACK.temporalAddress,
      temporalNamespace: 'default',
      masterKey: 'bWFzdGVy',
      publicUrl: undefined,
      apiUrl: STACK.apiUrl,
      stateFolder: home,
      isLocalStack: true,
      environment: {},
    });
  });

  it('is not examined when the environment names the engines', async () => {
    const env = { HOLDFAST_HOME: home, TEMPORAL_ADDRESS: 'temporal:7233', HOLDFAST_MASTER_KEY: 'a' };
    expect(await readSettings({ env }, 'http://api.test')).toMatchObject({
      databaseUrl: undefined,
      temporalAddress: 'temporal:7233',
      temporalNamespace: 'default',
      masterKey: 'a',
      apiUrl: 'http://api.test',
      isLocalStack: false,
    });
  });

  it('of another version is named, and nothing is asked', async () => {
    const old = await mkdtemp(join(tmpdir(), 'holdfast-cli-'));
    await writeFile(join(old, 'stack.json'), JSON.stringify({ apiUrl: 'http://stack.test' }));
    const { exit, err } = await ran(['order', 'get', '1'], [], { env: { HOLDFAST_HOME: old } });
    await rm(old, { recursive: true });
    expect(exit).toBe(1);
    expect(err).toMatch(/^holdfast: failed: .*stack\.json lacks apiKey, adminKey, .*\n$/);
  });
});

it('`npx holdfast` in a checkout finds a program that can be run', async () => {
  const { mode } = await stat(new URL(`../../${packageJson.bin.holdfast}`, import.meta.url));
  expect(mode & 0o111).toBe(0o111);
});
