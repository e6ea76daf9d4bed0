import { randomBytes } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { countOrder } from '../../activities/delivery/count.ts';
import { createDispatchActivities } from '../../activities/dispatch/dispatch.ts';
import { createStopActivities } from '../../activities/dispatch/stops.ts';
import { createProviderCheck } from '../../activities/provider/check.ts';
import { openPanel } from '../../activities/provider/open-panel.ts';
import type { Deps } from '../../activities/runtime/deps.ts';
import { readProvider } from '../../db/delivery/batches.ts';
import { findTarget } from '../../net/url-guard.ts';
import { attemptOf, running } from '../support/engines/running.ts';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';

let all: ApiWorld;
let guarded: ServedApi;
let panel: ScriptedPanel;
/** What host names resolve to now. */
let addresses: string[];

beforeAll(async () => {
  all = await apiWorld({ workers: false });
  guarded = await serveApi({ ...all.world, allowLoopback: false });
});
afterAll(async () => {
  await guarded.close();
  await all.close();
});
beforeEach(async () => {
  panel = await scriptedPanel();
  return () => panel.close();
});

/** A worker's dependencies: `allowLoopback` on one machine, without it in production. */
const deps = (allowLoopback: boolean): Deps => ({
  ...all.world,
  currency: 'USD',
  allowLoopback,
  resolve: async () => addresses,
  log: pino({ level: 'silent' }),
});
/** A shop that buys from the scripted panel by a host name. */
const shop = async (more: object = {}) => {
  const url = panel.url.replace('127.0.0.1', 'panel.example');
  const opened = await all.world.shop({ providers: [url], ...more });
  return { ...opened, provider: opened.providers[0] ?? 0 };
};
const patch = (provider: number, body: object) =>
  all.api.v1(`/v1/admin/providers/${provider}`, { key: all.staff, method: 'PATCH', body });
const run = <T>(activity: (input: never) => Promise<T>, input: object): Promise<T> =>
  new MockActivityEnvironment({ currentAttemptScheduledTimestampMs: Date.now() }).run(activity, input as never);

test('a provider whose name comes to stand for an address inside is not spoken to any more, by any call', async () => {
  const { sql } = all.world;
  const { provider, order } = await shop();
  await patch(provider, { allowPlainHttp: true });
  addresses = ['127.0.0.1'];
  panel.onServices = () => [
    { service: 1, name: 'Followers', type: 'Default', category: 'Demo', rate: '0.5', min: '10', max: '10000' },
  ];
  expect(await createProviderCheck(deps(true))(provider)).toMatchObject({ read: true });
  const calls = panel.calls.length;
  expect(calls).toBeGreaterThan(0);

  expect(await createProviderCheck(deps(false))(provider)).toMatchObject({
    read: false,
    problem: 'no answer: ADDRESS_NOT_PUBLIC',
  });
  const stopped = await order();
  await running(sql, stopped, `running-${stopped}`);
  const { askStop } = createStopActivities(deps(false));
  await expect(run(askStop, { orderId: stopped, batch: 1 })).rejects.toThrow('the provider gave no answer');
  const sent = await order({ link: 'https://example.com/p/2' });
  const { dispatch } = createDispatchActivities(deps(false), { ensure: async () => {} });
  await expect(run(dispatch, attemptOf(sent))).rejects.toThrow('the provider could not be reached: ADDRESS_NOT_PUBLIC');
  // The request provably never left, so the same attempt may be taken again.
  const [attempt] = await sql`select state, detail, sends from attempts where order_id = ${sent}`;
  expect(attempt).toMatchObject({ state: 'intent', detail: 'ADDRESS_NOT_PUBLIC', sends: 1 });
  expect(panel.calls.length).toBe(calls);
});

test('a provider without TLS is spoken to only where staff say so', async () => {
  const { provider } = await shop();
  addresses = ['93.184.216.34'];
  const problem = async () => (await createProviderCheck(deps(false))(provider)).problem;
  const mayGo = async () => {
    const { url, guard } = openPanel(deps(false), provider, await readProvider(all.world.sql, provider));
    return (await findTarget(url, guard)).kind === 'address';
  };
  expect([await problem(), await mayGo()]).toEqual(['no answer: ADDRESS_NOT_HTTPS', false]);
  await patch(provider, { allowPlainHttp: true });
  expect(await mayGo()).toBe(true);
  await patch(provider, { allowPlainHttp: null });
  expect([await problem(), await mayGo()]).toEqual(['no answer: ADDRESS_NOT_HTTPS', false]);
  expect(panel.calls.length).toBe(0);
});

test('a provider or a counter without TLS is refused where it is said, unless staff allow it for that provider', async () => {
  const add = (url: string, more: object = {}) => {
    const name = `panel ${randomBytes(4).toString('hex')}`;
    return guarded.v1('/v1/admin/providers', {
      key: all.staff,
      body: { name, url, key: 'k', ...more },
      idempotencyKey: name,
    });
  };
  const plain = await add('http://93.184.216.34/api/v2');
  expect([plain.status, plain.body.errors]).toMatchObject([422, [{ path: 'url', message: 'is not an https address' }]]);
  expect((await add('https://93.184.216.34/api/v2')).status).toBe(201);
  const allowed = await add('http://93.184.216.34/api/v2', { allowPlainHttp: true });
  expect(allowed.status).toBe(201);
  expect((await add('http://10.0.0.1/api/v2', { allowPlainHttp: true })).status).toBe(422);
  const { body } = await guarded.v1('/v1/admin/providers?limit=1', { key: all.staff });
  expect(body.data).toMatchObject([{ id: allowed.body.id, allowPlainHttp: true }]);
  const move = (change: object) =>
    guarded.v1(`/v1/admin/providers/${allowed.body.id}`, { key: all.staff, method: 'PATCH', body: change });
  expect((await move({ url: 'http://93.184.216.35/api/v2' })).status).toBe(200);
  expect((await move({ url: 'http://93.184.216.34/api/v2', allowPlainHttp: null })).status).toBe(422);
  expect((await move({ url: 'http://10.0.0.1/api/v2' })).status).toBe(422);
  const counter = await guarded.v1(`/v1/admin/services/${all.shop.service}`, {
    ...{ key: all.staff, method: 'PATCH' },
    body: { counterUrl: 'http://93.184.216.34/count' },
  });
  expect([counter.status, counter.body.errors]).toMatchObject([422, [{ path: 'counterUrl' }]]);
});

test("a counter inside is not asked, unless it is the installation's own", async () => {
  const url = `${panel.url.replace('127.0.0.1', 'counter.example')}?count`;
  const service = { verify: 'counter', counter_url: url };
  const { order } = await shop({ service });
  const id = await order();
  addresses = ['127.0.0.1'];
  expect(await countOrder(deps(false), id, 1)).toEqual({ kind: 'unanswered' });
  expect(panel.calls.length).toBe(0);
  await countOrder({ ...deps(false), counterUrl: url }, id, 1);
  expect(panel.calls.length).toBe(1);
});
