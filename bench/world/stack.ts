import { createKey } from '../../db/account/accounts.ts';
import type { Sql } from '../../db/client.ts';
import { type ApiProcess, apiProcess } from '../../test/support/engines/api-process.ts';
import { type WorkerProcess, workerProcess } from '../../test/support/engines/worker-process.ts';
import { openReceiver, type Receiver } from '../../test/support/peers/receiver.ts';
import type { Shop } from '../../test/support/worlds/shop.ts';
import { housekeepingId } from '../../workflows/contract.ts';
import type { ProcessGroups } from '../measure/cpu.ts';
import type { Bench } from '../scenario.ts';
import { Customer } from './customer.ts';
import { openRealWorld, type RealWorld } from './real-world.ts';

/** Engines, workers and APIs as processes of their own; the provider, the receiver and the customer are in this one. */
export interface Stack extends RealWorld {
  readonly apis: readonly ApiProcess[];
  readonly workers: readonly WorkerProcess[];
  readonly customer: Customer;
  /** Gets the events of the customer's orders. */
  readonly receiver: Receiver;
  /** All processes but this one. */
  readonly processes: ProcessGroups;
}

/** The customer's one key must not run into its rate limit; provider and receiver are on 127.0.0.1. */
const SETTINGS = { RATE_LIMIT_PER_SECOND: '1000000', RATE_LIMIT_BURST: '1000000', ALLOW_LOOPBACK_URLS: 'true' };

export interface StackOptions {
  readonly on?: Bench['engines']['postgres'];
  /** Workers, and as many APIs; by default as many as the installation has. */
  readonly copies?: number;
  /** Settings of the APIs beside those of the bench. */
  readonly apiEnv?: Readonly<Record<string, string>>;
}

/** The programs that an installation runs. The bench builds them before it starts. */
const BUILT = { api: 'dist/api.js', worker: 'dist/worker.js' } as const;

/** Opens a stack with one customer, who has one webhook. */
export async function openStack(
  bench: Bench,
  { on = bench.engines.postgres, copies: count = bench.engines.copies, apiEnv = {} }: StackOptions = {},
): Promise<Stack> {
  const { endings } = bench;
  const base = await openRealWorld(bench, on);
  const { temporal, postgres } = base;
  const copies = Array.from({ length: count });
  const receiver = await endings.opened('the receiver', openReceiver, (one) => one.close());
  const workers = await Promise.all(copies.map(() => openWorker(bench, base)));
  const apis = await Promise.all(copies.map(() => openApi(bench, base, base.world, apiEnv)));
  const customer = await openCustomer(base.world.sql, base.shop, apis);
  await customer.makeWebhook(`${receiver.url}/hook`);
  const processes = {
    ...temporal.processes,
    worker: workers.map(({ pid }) => pid),
    PostgreSQL: [postgres.pid],
    API: apis.map((api) => api.pid()),
  };
  return { ...base, apis, workers, customer, receiver, processes };
}

/** Starts a worker that ends with the scenario. `env`: settings of the worker beside those of the bench. */
export const openWorker = (
  { endings }: Bench,
  { world, temporal }: RealWorld,
  env: Readonly<Record<string, string>> = {},
): Promise<WorkerProcess> =>
  endings.opened(
    'a worker',
    () =>
      workerProcess(world, {
        temporalAddress: temporal.address,
        env: { ...SETTINGS, ...env },
        entry: BUILT.worker,
      }),
    (one) => one.close(),
  );

/** Starts an API on the database of `world`, which ends with the scenario. */
export async function openApi(
  { endings }: Bench,
  { temporal }: RealWorld,
  world: Parameters<typeof apiProcess>[0],
  env: Readonly<Record<string, string>> = {},
): Promise<ApiProcess> {
  const api = await endings.opened(
    'an API',
    () =>
      apiProcess(world, {
        temporalAddress: temporal.address,
        env: { ...SETTINGS, ...env },
        entry: BUILT.api,
      }),
    (one) => one.close(),
  );
  await api.start();
  return api;
}

/** A customer of a shop with a new key. */
export async function openCustomer(
  sql: Sql,
  { account: accountId, service }: Pick<Shop, 'account' | 'service'>,
  apis: readonly ApiProcess[],
): Promise<Customer> {
  const { key } = await createKey(sql, { accountId, name: 'bench' });
  return new Customer(
    apis.map(({ url }) => url),
    key,
    service,
  );
}

/** Keeps the reconciler from starting workflows for orders that a scenario has only in the tables. */
export const pauseReconciler = ({ world }: RealWorld): Promise<void> =>
  world.temporal.schedule.getHandle(housekeepingId('reconcile')).pause('the benchmark has orders without workflows');
