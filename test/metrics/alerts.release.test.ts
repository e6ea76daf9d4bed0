import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { startOrder } from '../../activities/placement/start-order.ts';
import { createKey, createStaffKey } from '../../db/account/accounts.ts';
import { ordersToRun } from '../../db/reconcile/lost-orders.ts';
import {
  HOUSEKEEPING_TASK_QUEUE,
  HOUSEKEEPING_WORKFLOW,
  orderWorkflowId,
  pauseSignal,
} from '../../workflows/contract.ts';
import { type ApiProcess, apiProcess } from '../support/engines/api-process.ts';
import { changedWorkflows } from '../support/engines/changed-workflows.ts';
import { holdfast } from '../support/engines/command-line.ts';
import { freePort } from '../support/engines/engines.ts';
import { type TcpProxy, tcpProxy } from '../support/engines/tcp-proxy.ts';
import { type WorkerProcess, workerProcess } from '../support/engines/worker-process.ts';
import { type Prometheus, startPrometheus } from '../support/monitoring/prometheus.ts';
import { openReceiver, type Receiver } from '../support/peers/receiver.ts';
import { placeClaim } from '../support/reads/place.ts';
import { reconcile, resetOrder } from '../support/worlds/reconciling.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

/** Their conditions cannot be made true here: ops/alerts.test.yml alone shows these. */
const SHOWN_BY_PROMTOOL = ['HoldfastDiskNearlyFull', 'HoldfastCertificateEnds'];
/** Some conditions last a minute by their thresholds, and what checks them runs once a minute. */
const soon = { timeout: 240_000, interval: 500 };
const ACTIVITIES = 2;

const LOOPBACK = { ALLOW_LOOPBACK_URLS: 'true' };

let world: World;
let shop: Shop;
let api: ApiProcess;
let apiMetrics: string;
let worker: WorkerProcess;
let prometheus: Prometheus;
let receiver: Receiver;
/** The ways of the API to PostgreSQL and of the worker to Temporal, which a test can close. */
let toPostgres: TcpProxy;
let toTemporal: TcpProxy;
let customer: string;
let staff: string;
/** An order that other code began: its history has a timer where this version has none. */
let unfit: number;
const seen = new Set<string>();

beforeAll(async () => {
  world = await realWorld();
  prometheus = await startPrometheus();
  receiver = await openReceiver();
  shop = await world.shop();
  ({ key: customer } = await createKey(world.sql, { accountId: shop.account, name: 'main' }));
  ({ key: staff } = await createStaffKey(world.sql));
  const port = await freePort();
  apiMetrics = `127.0.0.1:${port}`;
  const database = new URL(world.appUrl);
  toPostgres = await tcpProxy(database.hostname, Number(database.port));
  database.port = String(toPostgres.port);
  const [host = '', temporalPort] = inject('temporalAddress').split(':');
  toTemporal = await tcpProxy(host, Number(temporalPort));
  const env = { METRICS_PORT: String(port), METRICS_HOST: '127.0.0.1', DATABASE_URL: database.href, ...LOOPBACK };
  api = await apiProcess(world, { env });
  await api.start();
  const other = await world.startWorkers(await changedWorkflows(1));
  unfit = (await placed('stall:0')).id;
  await vi.waitUntil(
    async () => (await world.sql`select from orders where id = ${unfit} and status = 'In progress'`).length === 1,
    soon,
  );
  await other.stop();
  await startWorker();
});
afterAll(async () => {
  await worker?.close();
  await api?.close();
  await prometheus?.close();
  await receiver?.close();
  await toPostgres?.close();
  await toTemporal?.close();
  await world?.close();
});

async function startWorker(): Promise<void> {
  worker = await workerProcess(world, { env: LOOPBACK, temporalAddress: `127.0.0.1:${toTemporal.port}` });
  await prometheus.scrape(apiMetrics, worker.url.replace('http://', ''));
}

async function fire(...alerts: readonly string[]): Promise<void> {
  for (const alert of alerts) {
    await expect.poll(() => prometheus.firing(), soon).toContain(alert);
    seen.add(alert);
  }
}

async function end(...alerts: readonly string[]): Promise<void> {
  for (const alert of alerts) await expect.poll(() => prometheus.firing(), soon).not.toContain(alert);
}

const link = (script: string) => `https://example.com/alerts/${Math.random()}?sim=${script}`;

async function placed(script: string): Promise<{ readonly id: number; readonly link: string }> {
  const target = link(script);
  const id = await shop.claim({ link: target });
  await placeClaim(world.sql, world.temporal, id);
  return { id, link: target };
}

const isNow = (id: number, row: object) =>
  expect
    .poll(async () => (await world.sql`select status, attention from orders where id = ${id}`)[0], soon)
    .toMatchObject(row);

async function prove(): Promise<void> {
  await world.temporal.workflow.execute(HOUSEKEEPING_WORKFLOW, {
    taskQueue: HOUSEKEEPING_TASK_QUEUE,
    workflowId: `a-proof-${Math.random()}`,
    args: ['verifyLedger'],
  });
}

/** Runs `npm run verify:ledger` as the runbook says. Returns what it prints. */
const verifyLedger = () =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', 'dev/verify-ledger.ts'], {
    env: { ...process.env, DATABASE_URL: world.url },
  }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );

/** Runs the command line as staff. Returns what it prints. */
async function asStaff(...argv: readonly string[]): Promise<string> {
  const { exit, out, err } = await holdfast(argv, { env: { HOLDFAST_URL: api.url, HOLDFAST_API_KEY: staff } });
  if (exit !== 0) throw new Error(`holdfast ${argv.join(' ')} ended with ${exit}: ${err}`);
  return out;
}

it('code that does not fit the history of an order: non-determinism and a stuck workflow, until the order is reset', async () => {
  await world.temporal.workflow.getHandle(orderWorkflowId(unfit)).signal(pauseSignal, { by: 'ann' });
  await fire('HoldfastNonDeterminism', 'HoldfastWorkflowStuck');
  const alerts = await fetch(`${api.url}/v1/admin/alerts?open=true`, { headers: { authorization: `Bearer ${staff}` } });
  const { data } = (await alerts.json()) as { data: readonly unknown[] };
  // The provider's catalogue, which housekeeping reads now and then, is an alert too.
  expect(data).toContainEqual(expect.objectContaining({ kind: 'workflow_stuck', subject: `order:${unfit}` }));

  await resetOrder(world, unfit);
  await isNow(unfit, { status: 'In progress', attention: 'paused' });
  await end('HoldfastNonDeterminism', 'HoldfastWorkflowStuck');
});

it('no alert fires on a stack that is well', async () => {
  await expect.poll(() => prometheus.firing(), soon).toEqual([]);
});

it('no worker: no pollers, then nothing is proved, reconciled, asked or delivered, until one runs', async () => {
  const { sql } = world;
  await placed('stall:0');
  const hook = await fetch(`${api.url}/v1/webhooks`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${customer}`,
      'content-type': 'application/json',
      'idempotency-key': 'a webhook',
    },
    body: JSON.stringify({ url: receiver.url }),
  });
  expect(hook.status).toBe(201);
  await expect
    .poll(async () => (await sql`select from watch_rounds where provider_id = ${shop.providers[0] ?? 0}`).length, soon)
    .toBe(1);
  process.kill(worker.pid, 'SIGKILL');
  await fire('HoldfastNoPollers');

  // Three days pass.
  await shop.order();
  await sql`update webhook_deliveries set created_at = created_at - interval '3 days' where state = 'pending'`;
  await sql`update watch_rounds set at = at - interval '3 days'`;
  await sql`update reconciliation set at = at - interval '3 days'`;
  await sql`update ledger_proof set complete_at = complete_at - interval '3 days'`;
  await sql`update ledger_passes set begun_at = begun_at - interval '3 days', whole_since = whole_since - interval '3 days'`;
  const late = ['HoldfastWebhooksBehind', 'HoldfastWatchBehind', 'HoldfastReconcilerSilent', 'HoldfastLedgerNotProved'];
  await fire(...late, 'HoldfastLedgerPastNotProved');

  await worker.close();
  await startWorker();
  // A pass over all of the books ends with the second proof; its schedule would take two minutes.
  for (let proofs = 0; proofs < 2; proofs += 1) await prove();
  await end('HoldfastNoPollers', ...late, 'HoldfastLedgerPastNotProved');
  expect(receiver.ids().length).toBeGreaterThan(0);
});

it.each([
  ['PostgreSQL', 'HoldfastDatabaseGone', () => toPostgres],
  ['Temporal', 'HoldfastTemporalGone', () => toTemporal],
] as const)('no way to %s: an alert, until there is one', async (_engine, alert, way) => {
  way().refuse();
  await fire(alert);
  way().admit();
  await end(alert);
});

it('no API: an alert, until one runs', async () => {
  await api.kill();
  await fire('HoldfastApiGone');
  await api.start();
  await end('HoldfastApiGone');
});

it('money that nothing explains: drift, which verify:ledger names, until it is gone', async () => {
  const { sql } = world;
  await sql`update wallets set balance = balance + 1 where account_id = ${shop.account}`;
  await prove();
  await fire('HoldfastLedgerDrift');
  expect(await verifyLedger()).toContain(`drift: wallet balance, wallet:${shop.account}`);
  await sql`update wallets set balance = balance - 1 where account_id = ${shop.account}`;
  await prove();
  await end('HoldfastLedgerDrift');
  expect(await verifyLedger()).toContain('no drift');
});

it('a send of unknown outcome that waits for an hour: an alert, until staff decide', async () => {
  const { id } = await placed('seconds:1,fault:drop@add*1');
  await isNow(id, { attention: 'uncertain' });
  await world.sql`update attempts set decided_at = decided_at - interval '2 hours' where order_id = ${id}`;
  await fire('HoldfastOldestUncertain');
  expect(await asStaff('review', 'list', '--attention', 'uncertain')).toContain(String(id));
  await asStaff('review', 'resolve', String(id), 'notPlaced', '--reason', 'it is not in their list');
  await end('HoldfastOldestUncertain');
  await isNow(id, { status: 'Completed', attention: 'none' });
});

it('a provider that answers with errors: its calls fail, then it is silent, until it answers', async () => {
  const { id, link: target } = await placed('stall:0');
  await isNow(id, { status: 'In progress' });
  world.provider.arm({ fault: 'http:500', action: 'status', link: target, times: 1_000_000 });
  const silent = () => world.sql`select from watch_rounds where silent_since is not null`;
  await expect.poll(async () => (await silent()).length, soon).toBe(1);
  await world.sql`update watch_rounds set silent_since = silent_since - interval '1 hour'`;
  await reconcile(world);
  await fire('HoldfastProviderSilent', 'HoldfastProviderFailing');
  world.provider.disarm();
  await end('HoldfastProviderSilent', 'HoldfastProviderFailing');
});

it('a session that blocks the statements of all others: pools are full, until it is ended', async () => {
  const { sql } = world;
  const ids = await Promise.all(
    Array.from({ length: 60 }, () => shop.claim({ quantity: 10, link: link('seconds:1') })),
  );
  const orders = await ordersToRun(sql, ids);
  const blocker = await sql.reserve();
  await blocker`begin`;
  await blocker`lock table claims in access exclusive mode`;
  const starting = Promise.all(orders.map((order) => startOrder(world, order, 'REJECT_DUPLICATE')));
  await fire('HoldfastDatabasePoolFull');
  // The statements of the runbook.
  const blockers = await sql<{ pid: number }[]>`
    select distinct unnest(pg_blocking_pids(pid)) as pid from pg_stat_activity where wait_event_type = 'Lock'`;
  const [own] = await sql<{ pid: number }[]>`
    select pid from pg_stat_activity where query like 'lock table claims%' and state = 'idle in transaction'`;
  expect(blockers.map(({ pid }) => pid)).toContain(own?.pid);
  await sql`select pg_terminate_backend(${own?.pid ?? 0})`;
  await starting;
  await end('HoldfastDatabasePoolFull');
  blocker.release();
});

it('a part of the reconciler that fails in each run: an alert, until it succeeds', async () => {
  const { sql } = world;
  await sql`alter table bulk_resolutions rename to bulk_resolutions_away`;
  // The schedule runs it every minute.
  await fire('HoldfastReconcilerPartsFail');
  await sql`alter table bulk_resolutions_away rename to bulk_resolutions`;
  await reconcile(world);
  await end('HoldfastReconcilerPartsFail');
});

it('tasks that are not handed out though a worker runs: an alert, until they are', async () => {
  const { temporal, namespace } = world;
  const limit = (rateLimit: { requestsPerSecond: number } | null) =>
    temporal.workflowService.updateTaskQueueConfig({
      namespace,
      taskQueue: HOUSEKEEPING_TASK_QUEUE,
      taskQueueType: ACTIVITIES,
      updateQueueRateLimit: { rateLimit, reason: 'a test' },
    });
  await limit({ requestsPerSecond: 0 });
  await fire('HoldfastTasksWaiting');
  await limit(null);
  await end('HoldfastTasksWaiting');
});

it('every alert was seen to fire and to end, but for those that only promtool shows', () => {
  const rules = readFileSync(new URL('../../ops/alerts.yml', import.meta.url), 'utf8');
  const all = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
  expect([...seen, ...SHOWN_BY_PROMTOOL].sort()).toEqual(all.sort());
});
