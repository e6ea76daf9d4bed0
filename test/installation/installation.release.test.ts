import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { connect, type Sql } from '../../db/client.ts';
import { findOnPath } from '../../dev/engines/on-path.ts';
import type { Running } from '../../dev/processes/server-process.ts';
import { type RunningProvider, startProvider } from '../../dev/provider/provider.ts';
import { type Machine, newMachine } from '../support/installation/machine.ts';
import { type Prepared, prepare } from '../support/installation/operator.ts';
import { type RunOptions, runService, startService } from '../support/installation/processes.ts';
import { messagesOf } from '../support/reads/event-stream.ts';
import { openShop } from '../support/worlds/shop.ts';

const START_LIMIT_MS = 1_800_000;

const ADDRESS_BURST = 20;

let machine: Machine;
let prepared: Prepared;
let sql: Sql;
let provider: RunningProvider;
let service: number;
let key: string;
let tls: Agent;
const running = new Map<string, Running>();

const run = (name: string, options?: RunOptions): Promise<string> =>
  runService(name, machine, prepared.dotEnv, options);

const start = async (name: string): Promise<void> => {
  running.set(name, await startService(name, machine, prepared.dotEnv));
};

/** As a machine or a container that is gone: no connection is closed in an orderly way. */
async function kill(name: string): Promise<void> {
  const one = running.get(name);
  if (one === undefined) throw new Error(`${name} does not run`);
  const gone = new Promise<void>((resolve) => one.onExit(resolve));
  process.kill(one.pid, 'SIGKILL');
  await gone;
  running.delete(name);
}

interface Call {
  readonly body?: object;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly dispatcher?: Agent;
  readonly signal?: AbortSignal;
}

interface Finding {
  readonly check: string;
  readonly state: string;
}

/** What `doctor` examines, and this test has put in order. */
const IN_ORDER = ['postgresql', 'migrations', 'temporal', 'search-attributes', 'schedules', 'api', 'provider-keys'];

/** A request over TLS to the proxy, as a customer sends it. */
function call(path: string, { body, key: bearer = key, headers = {}, dispatcher = tls, signal }: Call = {}) {
  return fetch(`https://127.0.0.1:${machine.places.ports.https}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'idempotency-key': randomBytes(8).toString('hex') }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    dispatcher,
    ...(signal === undefined ? {} : { signal }),
  });
}

let links = 0;

async function place(how = 'sim=seconds:1'): Promise<number> {
  links += 1;
  const body = { service, link: `https://example.com/p/${links}?${how}`, quantity: 1000 };
  const response = await call('/v1/orders', { body });
  const placed = (await response.json()) as { id: number };
  expect({ status: response.status, placed }).toMatchObject({ status: 201 });
  return placed.id;
}

const statusOf = async (id: number): Promise<string> =>
  ((await (await call(`/v1/orders/${id}`)).json()) as { status: string }).status;

beforeAll(async () => {
  machine = await newMachine(console.log);
  if ((await findOnPath('nginx', machine.path.split(':'))) === undefined)
    throw new Error('there is no nginx: install it, for example with apt-get install nginx-light');
  const settings = {
    ADDRESS_LIMIT_PER_SECOND: '1',
    ADDRESS_LIMIT_BURST: String(ADDRESS_BURST),
    LOG_LEVEL: 'error',
  };
  prepared = await prepare(machine, settings, inject('temporalUi'));
  tls = new Agent({ connect: { ca: prepared.ca } });
  provider = await startProvider({ key: 'upstream-key' });
}, START_LIMIT_MS);

afterAll(async () => {
  await Promise.all([...running.values()].map((one) => one.stop()));
  await tls?.close();
  await sql?.end({ timeout: 5 });
  await provider?.stop();
  await machine?.close();
  if (machine !== undefined) await rm(machine.places.folder, { recursive: true, force: true });
});

describe('docker-compose.yml, each service as a process of this machine', () => {
  it('sets Temporal up on PostgreSQL, starts it, and makes its namespace; a second run changes nothing', async () => {
    await run('temporal-schema');
    await start('temporal');
    await run('temporal-namespace');
    await run('temporal-schema');
    await run('temporal-namespace');
  });

  it('migrates an empty database as the owner, then starts two APIs, two workers and the proxy', async () => {
    expect(await run('migrate')).toMatch(/the role holdfast_app has the rights/);
    await Promise.all(['api-1', 'api-2', 'worker-1', 'worker-2'].map(start));
    await start('proxy');
    const url = new URL(machine.postgres.value);
    url.pathname = '/holdfast';
    sql = connect(url.href, { name: 'holdfast-test', max: 4 });
    const shop = await openShop(sql, { providers: [provider.apiUrl], masterKey: prepared.masterKey });
    service = shop.service;
    ({ key } = await createKey(sql, { accountId: shop.account, name: 'test' }));
  });

  it('an order placed through the proxy over TLS ends Completed', async () => {
    const id = await place();
    await expect.poll(() => statusOf(id)).toBe('Completed');
  });

  it('the first staff key is made in the image, and opens the routes of staff', async () => {
    const args = ['node', '--import', 'tsx', 'db/commands/create-staff-key.ts'];
    const staff = (await run('api-1', { args })).trim();
    expect((await call('/v1/admin/providers', { key: staff })).status).toBe(200);
    expect((await call('/v1/admin/providers')).status).toBe(403);
  });

  it('events pass through the proxy as they happen: the first is there while the order goes on', async () => {
    const id = await place('sim=seconds:600');
    const leaving = new AbortController();
    const { headers, body } = await call(`/v1/orders/${id}/events`, { signal: leaving.signal });
    expect(headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    for await (const chunk of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (messagesOf(text).length > 0) break;
    }
    leaving.abort();
    expect(await statusOf(id)).not.toBe('Completed');
  });

  it('the command line of the image asks the API, and its doctor finds every part in order', async () => {
    const id = await place();
    const cli = ['node', 'cli/holdfast.mjs'];
    const env = { HOLDFAST_API_KEY: key };
    const args = [...cli, 'order', 'get', String(id), '--json'];
    expect(JSON.parse(await run('cli', { args, env }))).toMatchObject({ id });
    expect(await run('cli')).toContain('Usage: holdfast');
    // It ends with 1 when anything is wrong, such as the disk of this machine.
    const doctor = ['sh', '-c', 'node cli/holdfast.mjs doctor --json || true'];
    const findings = JSON.parse(await run('cli', { args: doctor })) as Finding[];
    const states = Object.fromEntries(findings.map(({ check, state }) => [check, state]));
    expect(states).toMatchObject(Object.fromEntries(IN_ORDER.map((check) => [check, 'ok'])));
  });

  it('when an API is killed, the other answers each next request, and orders go on', async () => {
    await kill('api-1');
    const read = await Promise.all(Array.from({ length: 20 }, async () => (await call('/v1/orders')).status));
    expect(new Set(read)).toEqual(new Set([200]));
    const ids = [];
    for (let n = 0; n < 4; n += 1) ids.push(await place());
    for (const id of ids) await expect.poll(() => statusOf(id)).toBe('Completed');
    await start('api-1');
  });

  it('when a worker is killed, the other does its work', async () => {
    await kill('worker-1');
    const id = await place();
    await expect.poll(() => statusOf(id), { timeout: 120_000 }).toBe('Completed');
    await start('worker-1');
  });

  it('the proxy leads to no metrics and no health checks, which are at the ports of the operator’s network', async () => {
    for (const path of ['/metrics', '/%6detrics', '//metrics', '/metrics/', '/healthz', '/readyz'])
      expect([path, (await call(path)).status]).toEqual([path, 404]);
    const { apiAddresses, ports } = machine.places;
    for (const address of apiAddresses) {
      const metrics = await fetch(`http://${address}:${ports.metrics}/metrics`);
      expect([metrics.status, await metrics.text()]).toEqual([200, expect.stringContaining('holdfast_')]);
    }
  });

  it('the address of a client is the one that reaches the proxy, whatever the client writes', async () => {
    const wrong = (forged: string, dispatcher: Agent) =>
      call('/v1/orders', { key: 'wrong', headers: { 'x-forwarded-for': forged }, dispatcher });
    // The two APIs count for themselves.
    const many = Array.from({ length: 4 * ADDRESS_BURST }, (_, n) => wrong(`203.0.113.${n}`, tls));
    const statuses = (await Promise.all(many)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(ADDRESS_BURST);
    const elsewhere = new Agent({ localAddress: '127.0.0.9', connect: { ca: prepared.ca } });
    expect((await wrong('203.0.113.1', elsewhere)).status).toBe(401);
    await elsewhere.close();
    expect((await call('/v1/balance')).status).toBe(200);
  });

  it('the Temporal UI asks for a login', async () => {
    const ui = (authorization?: string) =>
      fetch(`https://127.0.0.1:${machine.places.ports.ui}/`, {
        headers: authorization === undefined ? {} : { authorization },
        dispatcher: tls,
      });
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    expect((await ui()).status).toBe(401);
    expect((await ui(basic('staff:wrong'))).status).toBe(401);
    expect((await ui(basic(`staff:${prepared.uiPassword}`))).status).toBe(200);
  });

  it('without TLS a browser is led to it, and a program that sends a key is refused', async () => {
    const plain = (path: string) =>
      fetch(`http://127.0.0.1:${machine.places.ports.http}${path}`, { redirect: 'manual' });
    const led = await plain('/app?x=1');
    expect([led.status, led.headers.get('location')]).toEqual([308, 'https://127.0.0.1/app?x=1']);
    for (const path of ['/v1/orders', '/api/v2', '/api/v2/'])
      expect([path, (await plain(path)).status]).toEqual([path, 403]);
  });

  it('the proxy logs no query, in which panel API v2 may carry a key', async () => {
    await call(`/api/v2?key=${key}&action=balance`);
    // The proxy warns of a request that it has to keep in a file.
    await call(`/api/v2?key=${key}&action=balance`, { body: { text: 'x'.repeat(40_000) } });
    const log = await readFile(join(machine.places.folder, 'proxy.log'), 'utf8');
    expect(log).toContain('"GET /api/v2"');
    expect(log).not.toContain(key);
  });
});
