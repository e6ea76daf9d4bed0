import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureOutbox } from '../../activities/webhook/ensure-outbox.ts';
import { createClient } from '../../client/index.ts';
import { createKey } from '../../db/account/accounts.ts';
import { runCommand } from '../../dev/processes/command.ts';
import { freePort } from '../support/engines/engines.ts';
import { lossyFront } from '../support/peers/lossy-front.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const LIMIT_MS = 120_000;
const soon = { timeout: 30_000, interval: 50 };

/** How each example is run. A missing program fails the test instead of skipping it. */
const PROGRAMS = {
  typescript: [process.execPath, '--import', 'tsx', 'examples/typescript/'],
  python: ['python3', '-B', 'examples/python/'],
  curl: ['sh', 'examples/curl/'],
} as const;

function commandOf(language: keyof typeof PROGRAMS, name: string): [string, string[]] {
  const [program, ...args] = PROGRAMS[language];
  const folder = args.pop() ?? '';
  return [program, [...args, folder + name]];
}

let on: ApiWorld;

beforeAll(async () => {
  for (const program of ['python3', 'curl']) {
    await runCommand(program, ['--version'], { timeoutMs: LIMIT_MS }).catch((error: unknown) => {
      throw new Error(`this test runs the examples: install ${program}`, { cause: error });
    });
  }
  on = await apiWorld();
  await ensureOutbox(on.world.temporal);
});
afterAll(() => on?.close());

/** A customer with money, a service with refills, and the examples' environment. */
async function customer() {
  const { world, api } = on;
  const shop = await world.shop({ service: { refill_days: 30 } });
  const { key } = await createKey(world.sql, { accountId: shop.account, name: 'example' });
  const env = {
    ...process.env,
    HOLDFAST_URL: api.url,
    HOLDFAST_KEY: key,
    HOLDFAST_SERVICE: String(shop.service),
  };
  return { env, client: createClient({ url: api.url, key }) };
}

test.each([
  ['typescript', 'orders.ts'],
  ['python', 'orders.py'],
  ['curl', 'orders.sh'],
] as const)(
  '%s/%s places, follows, cancels, pages through and refills, and a lost answer costs no second order',
  async (language, name) => {
    const { env, client } = await customer();
    const front = await lossyFront(on.api.url);
    const output = await runCommand(...commandOf(language, name), {
      cwd: PROJECT,
      env: { ...env, HOLDFAST_URL: front.url },
      timeoutMs: LIMIT_MS,
    }).finally(() => front.close());
    expect(front.lost).toBe(2);
    const { data } = await client.GET('/v1/orders');
    expect(data).toHaveLength(2);
    const [second, first] = data.map(({ id }) => id);
    expect(output).toContain(`placed order ${first}, price 0.09 USD`);
    expect(output).toContain(`order ${first} ended Completed: charged 0.09, refunded 0\n`);
    expect(output).toMatch(new RegExp(`cancel of order ${second}: \\w+`));
    expect(output).toMatch(new RegExp(`order ${second} ended \\w+: charged [\\d.]+, refunded [\\d.]+\n`));
    expect(output).toContain(`2 orders, newest first: ${second} ${first}\n`);
    const refills = await client.GET('/v1/orders/{id}/refills', { params: { path: { id: first ?? 0 } } });
    expect(refills.data).toHaveLength(1);
    expect(output).toMatch(new RegExp(`refill ${refills.data[0]?.id} of order ${first}: (Pending|In progress)`));
  },
  LIMIT_MS,
);

test.each([
  ['python', 'panel_v2.py'],
  ['curl', 'panel-v2.sh'],
] as const)(
  '%s/%s does it by panel API v2',
  async (language, name) => {
    const { env, client } = await customer();
    const output = await runCommand(...commandOf(language, name), { cwd: PROJECT, env, timeoutMs: LIMIT_MS });
    const { data } = await client.GET('/v1/orders');
    expect(data).toMatchObject([{ status: 'Completed', charge: '0.09' }]);
    expect(output).toContain(`placed order ${data[0]?.id}`);
    expect(output).toMatch(/ended.*Completed/);
    expect(output).toContain('balance');
    expect(output).toContain('999.91');
  },
  LIMIT_MS,
);

/** Starts a program that runs until it is stopped, and collects its output lines. */
function started(
  [program, args]: [string, string[]],
  env: NodeJS.ProcessEnv,
): { lines: string[]; child: ChildProcess } {
  const child = spawn(program, args, { cwd: PROJECT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return { lines, child };
}

/** Sends a request to the port that ends before its body does. */
async function breakOff(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.end('POST /hook HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nab');
  await once(socket.resume(), 'close');
}

test.each([
  ['typescript', 'webhook-receiver.ts'],
  ['python', 'webhook_receiver.py'],
] as const)(
  '%s/%s believes what is signed, and handles it once',
  async (language, name) => {
    const { env, client } = await customer();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/hook`;
    const { id, secret = '' } = await client.POST('/v1/webhooks', {
      body: { url, events: ['order.completed'] },
    });
    const { lines, child } = started(commandOf(language, name), { ...env, WEBHOOK_SECRET: secret, PORT: String(port) });
    try {
      await expect.poll(() => lines, soon).toContain(`listening on ${port}`);
      await breakOff(port);
      const order = {
        service: Number(env.HOLDFAST_SERVICE),
        link: 'https://example.com/hooked?sim=seconds:1',
        quantity: 100,
      };
      const placed = await client.POST('/v1/orders', { body: order });
      await expect
        .poll(() => lines.join('\n'), soon)
        .toMatch(new RegExp(`handled evt_\\d+: order.completed, order ${placed.id} Completed, charged 0.09`));
      const [, event = ''] = /handled (evt_\d+)/.exec(lines.join('\n')) ?? [];

      await client.POST('/v1/webhooks/{id}/replay', { params: { path: { id } }, body: { event } });
      await expect.poll(() => lines, soon).toContain(`seen before: ${event}`);
      expect(lines.filter((line) => line.startsWith(`handled ${event}`))).toHaveLength(1);

      const forged = { 'webhook-id': 'evt_1', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)) };
      for (const signature of ['', 'v1,AAAA', `v1,${'A'.repeat(43)}=`]) {
        const headers = { ...forged, 'webhook-signature': signature };
        const answer = await fetch(url, { method: 'POST', headers, body: '{"type":"order.completed","data":{}}' });
        expect(answer.status).toBe(401);
      }
      await client.POST('/v1/webhooks/{id}/test', { params: { path: { id } } });
      await expect.poll(() => lines.join('\n'), soon).toMatch(/handled evt_\d+: webhook.test/);
    } finally {
      child.kill();
    }
  },
  LIMIT_MS,
);
