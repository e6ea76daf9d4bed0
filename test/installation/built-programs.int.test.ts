import { afterAll, beforeAll, expect, it } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { ensureBuilt } from '../../dev/build/ensure-built.ts';
import { type ApiProcess, apiProcess } from '../support/engines/api-process.ts';
import { type WorkerProcess, workerProcess } from '../support/engines/worker-process.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

const LOOPBACK = { ALLOW_LOOPBACK_URLS: 'true' };

let world: World;
let api: ApiProcess;
let worker: WorkerProcess;

beforeAll(async () => {
  world = await realWorld();
  await ensureBuilt();
  worker = await workerProcess(world, { entry: 'dist/worker.js', env: LOOPBACK });
  api = await apiProcess(world, {
    entry: 'dist/api.js',
    env: { ...LOOPBACK, MIGRATE: 'true', DATABASE_URL: world.url },
  });
  await api.start();
});
afterAll(async () => {
  await api.close();
  await worker.close();
  await world.close();
});

it('the built API and worker carry an order to its end', async () => {
  const shop = await world.shop();
  const { key } = await createKey(world.sql, { accountId: shop.account, name: 'test' });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': 'one' };
  const order = { service: shop.service, link: 'https://example.com/built?sim=seconds:1', quantity: 1000 };
  const placed = await fetch(`${api.url}/v1/orders`, { method: 'POST', headers, body: JSON.stringify(order) });
  expect(placed.status).toBe(201);
  const { id } = (await placed.json()) as { readonly id: number };
  const status = async () =>
    ((await (await fetch(`${api.url}/v1/orders/${id}`, { headers })).json()) as { status: string }).status;
  await expect.poll(status).toBe('Completed');
});

it('the built API finds the files of its pages', async () => {
  const page = await (await fetch(`${api.url}/app/sign-in`)).text();
  const assets = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  expect(assets.length).toBeGreaterThan(1);
  for (const path of assets) expect([path, (await fetch(api.url + path)).status]).toEqual([path, 200]);
});
