import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startProvider } from '../../dev/provider/provider.ts';
import { freePort } from '../support/engines/engines.ts';

const MAIN = fileURLToPath(new URL('../../dev/provider/main.ts', import.meta.url));
const LINK = 'https://example.com/p/1';

let dataDir: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'provider-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(dataDir, { recursive: true });
});

/** Starts the provider as a separate process. Returns when it is ready. */
async function start(port: number): Promise<{ child: ChildProcess; url: string }> {
  const env = { PROVIDER_PORT: String(port), PROVIDER_KEY: 'secret', PROVIDER_DATA_DIR: dataDir };
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout ?? child, 'data');
  return { child, url: `http://127.0.0.1:${port}` };
}

async function call(url: string, fields: Record<string, string>): Promise<unknown> {
  const body = new URLSearchParams({ key: 'secret', ...fields });
  return (await fetch(`${url}/api/v2`, { method: 'POST', body })).json();
}
const place = (url: string, link = LINK) => call(url, { action: 'add', service: '1', link, quantity: '100' });

it('after kill -9 nothing accepted is forgotten, ids and running orders go on', async () => {
  const port = await freePort();
  const { child, url } = await start(port);
  const placed = await Promise.all(Array.from({ length: 20 }, (_, n) => place(url, `${LINK}/${n}?sim=seconds:1`)));
  const ids = placed.map((answer) => (answer as { order: number }).order).sort((a, b) => a - b);
  const balance = await call(url, { action: 'balance' });
  child.kill('SIGKILL');
  await once(child, 'exit');

  await start(port);
  const stats = await (await fetch(`${url}/stats`)).json();
  expect(stats).toMatchObject({ adds: { received: 20, accepted: 20 }, orders: 20 });
  expect(await call(url, { action: 'balance' })).toEqual(balance);
  const statuses = async () => {
    const rows = (await call(url, { action: 'status', orders: ids.join(',') })) as Record<string, { status: string }>;
    return Object.values(rows).map(({ status }) => status);
  };
  await expect.poll(statuses).toEqual(ids.map(() => 'Completed'));
  expect(await place(url)).toEqual({ order: (ids.at(-1) ?? 0) + 1 });
});

it('ends cleanly on SIGTERM with a call still hanging, and keeps its counters', async () => {
  const { child, url } = await start(await freePort());
  await call(url, { action: 'status', orders: '1,2,3' });
  const body = JSON.stringify({ fault: 'accept-hang' });
  await fetch(`${url}/control/faults`, { method: 'POST', body });
  const lost = place(url).catch(() => 'lost');
  await expect.poll(async () => (await fetch(`${url}/orders`)).json()).toHaveLength(1);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await lost).toBe('lost');

  const again = await startProvider({ key: 'secret', dataDir });
  expect(again.stats()).toMatchObject({ calls: { status: 1, add: 1 }, status: { ids: 3 }, faults: { hang: 1 } });
  await again.stop();
});

it('controls survive a restart, and half a line of a killed writer does not count', async () => {
  const first = await startProvider({ key: 'secret', dataDir });
  await first.script(LINK, 'partial:40,seconds:0,delay:0');
  await place(first.url);
  await first.force(23_501, { start_count: '7' });
  await first.configure({ balance: '5' });
  await first.lieAbout(LINK, { count: 1 });
  const before = first.orders();
  await first.stop();
  await appendFile(join(dataDir, 'journal.jsonl'), '{"kind":"add","at":1,"fie');

  const second = await startProvider({ key: 'secret', dataDir });
  expect(second.orders()).toEqual(before);
  expect(before).toMatchObject([{ order: 23_501, status: 'Partial', remains: '60', start_count: '7' }]);
  expect(await call(second.url, { action: 'balance' })).toEqual({ balance: '5', currency: 'USD' });
  expect(second.count(LINK)).toBe(1);
  expect(await place(second.url)).toEqual({ order: 23_502 });
  await second.stop();

  const third = await startProvider({ key: 'secret', dataDir });
  expect(third.orders().map(({ order }) => order)).toEqual([23_501, 23_502]);
  await third.stop();
});

it('a port that is taken is an error of the start', async () => {
  const first = await startProvider({ key: 'secret' });
  await expect(startProvider({ key: 'secret', port: first.port })).rejects.toThrow('EADDRINUSE');
  await first.stop();
});
