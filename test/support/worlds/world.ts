import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { type Logger, pino } from 'pino';
import { inject, vi } from 'vitest';
import { createCallLog } from '../../../activities/provider/call-log.ts';
import type { Deps } from '../../../activities/runtime/deps.ts';
import type { FaultHook } from '../../../activities/runtime/fault-points.ts';
import { createWorkerMetrics, type WorkerMetrics } from '../../../activities/runtime/metrics.ts';
import { installMeasuredRuntime } from '../../../activities/runtime/sdk-metrics.ts';
import { registerSearchAttributes } from '../../../activities/runtime/search-attributes.ts';
import { backlogOf } from '../../../activities/runtime/standstill.ts';
import { CONNECTION, createWorkers, installRuntime, type WorkersOptions } from '../../../activities/runtime/workers.ts';
import { connect } from '../../../db/client.ts';
import { PoolUse } from '../../../db/pool-use.ts';
import { type RunningProvider, startProvider } from '../../../dev/provider/provider.ts';
import type { Mailer } from '../../../net/mailer.ts';
import { orderWorkflowId } from '../../../workflows/contract.ts';
import { type DatabaseServer, sharedServer, type TestDatabase, testDatabase } from '../engines/database.ts';
import { registerNamespace } from '../engines/namespace.ts';
import { openShop, type Shop, type ShopOptions } from './shop.ts';

/** A real Temporal server (in its own namespace), a real PostgreSQL, real workers and a simulated provider. */
export interface World extends TestDatabase {
  readonly temporal: Client;
  readonly namespace: string;
  readonly masterKey: Buffer;
  /** What the workers' activities get. */
  readonly deps: Deps;
  /** The metrics of the workers, of a world that is measured. */
  readonly metrics?: WorkerMetrics;
  readonly provider: RunningProvider;
  /** A shop whose service is bought at the simulated provider. */
  shop(options?: ShopOptions): Promise<Shop>;
  /** Starts workers, by default with the workflows of this version. They run until they are stopped. `build`: their version. */
  startWorkers(
    workflows?: WorkersOptions['workflows'],
    build?: string,
    tracing?: Deps['tracing'],
  ): Promise<RunningWorkers>;
  /** Event types in the history of an order's workflow, in order. */
  history(orderId: number): Promise<string[]>;
  /** The same, after the workflow has no pending task or activity. */
  quietHistory(orderId: number): Promise<string[]>;
  close(): Promise<void>;
}

export interface RunningWorkers {
  /** Stops the workers as SIGTERM does. */
  stop(): Promise<void>;
}

export interface WorldOptions extends DatabaseServer {
  /** Connections of the test's pool, and of the workers' pool; default 20 each. */
  readonly connections?: number;
  readonly temporalAddress: string;
  /** Identity of workers and clients; by default the SDK's own. */
  readonly identity?: string;
  /** A namespace that exists on the server; by default a new one. */
  readonly namespace?: string;
  /** The workers' log; by default nothing is logged, unless DEBUG_LOG names a level. */
  readonly log?: Logger;
  /** Without a mailer no e-mail is sent. */
  readonly mailer?: Mailer;
  /** Workflows that workers run by default; without it the workflows of this version, bundled again. */
  readonly workflows?: WorkersOptions['workflows'];
  /** Whether the workers count their calls to providers and have metrics, as in production; by default they do not. */
  readonly isMeasured?: boolean;
  /** Called at the fault points, where a process may die. */
  readonly faults?: FaultHook;
}

/** This version's workflows, bundled once for the test run. */
export const sharedWorkflows = () => ({ codePath: inject('workflowBundle') });

/** A world on the engines of this test run. */
export const realWorld = (
  options: Omit<WorldOptions, 'postgresUrl' | 'template' | 'temporalAddress'> = {},
): Promise<World> =>
  openWorld({
    ...sharedServer(),
    temporalAddress: inject('temporalAddress'),
    workflows: sharedWorkflows(),
    ...options,
  });

export async function openWorld(options: WorldOptions): Promise<World> {
  const { temporalAddress: address, identity, mailer, faults } = options;
  const log = options.log ?? pino({ level: process.env.DEBUG_LOG ?? 'silent' });
  const sdk = options.isMeasured === true ? await installMeasuredRuntime(log) : undefined;
  if (sdk === undefined) installRuntime(log);
  const database = await testDatabase(options);
  const connection = await Connection.connect({ address });
  const namespace = options.namespace ?? (await newNamespace(connection));
  await registerSearchAttributes(connection, namespace);
  const temporal = new Client({ connection, namespace, ...(identity === undefined ? {} : { identity }) });
  const native = await NativeConnection.connect({ address, ...CONNECTION });
  const provider = await startProvider({ key: 'upstream-key' });
  const masterKey = randomBytes(32);
  const { connections = 20 } = options;
  const pool = new PoolUse('worker', connections);
  const sql = pool.counted(connect(database.appUrl, { name: 'holdfast-test-worker', max: connections }));
  const metrics = sdk && createWorkerMetrics({ pools: () => [pool.figures()], backlog: backlogOf(temporal), sdk, log });
  const deps: Deps = {
    sql,
    temporal,
    masterKey,
    currency: 'USD',
    allowLoopback: true,
    log,
    ...(mailer === undefined ? {} : { mailer }),
    ...(metrics === undefined ? {} : { metrics, calls: metrics.measured(createCallLog(sql, log)) }),
    ...(faults === undefined ? {} : { faults }),
  };
  const running = new Set<RunningWorkers>();

  async function startWorkers(
    workflows = options.workflows,
    build?: string,
    tracing?: Deps['tracing'],
  ): Promise<RunningWorkers> {
    const workers: Worker[] = await createWorkers({
      connection: native,
      namespace,
      deps: {
        ...deps,
        ...(build === undefined ? {} : { build }),
        ...(tracing === undefined ? {} : { tracing }),
      },
      ...(identity === undefined ? {} : { identity }),
      ...(workflows === undefined ? {} : { workflows }),
    });
    const runs = workers.map((worker) => worker.run());
    const handle = {
      stop: async () => {
        running.delete(handle);
        for (const worker of workers) worker.shutdown();
        await Promise.all(runs);
      },
    };
    running.add(handle);
    return handle;
  }

  const history = async (orderId: number): Promise<string[]> => {
    const { events } = await temporal.workflow.getHandle(orderWorkflowId(orderId)).fetchHistory();
    return (events ?? []).map(({ eventType }) => String(eventType));
  };
  return {
    ...database,
    temporal,
    namespace,
    masterKey,
    deps,
    ...(metrics === undefined ? {} : { metrics }),
    provider,
    shop: (options) => openShop(database.sql, { providers: [provider.apiUrl], masterKey, ...options }),
    startWorkers,
    history,
    quietHistory: async (orderId) => {
      const isQuiet = async () => {
        const { raw } = await temporal.workflow.getHandle(orderWorkflowId(orderId)).describe();
        return !raw.pendingWorkflowTask && (raw.pendingActivities ?? []).length === 0;
      };
      await vi.waitUntil(isQuiet, { timeout: 30_000, interval: 50 });
      return history(orderId);
    },
    close: async () => {
      for (const workers of running) await workers.stop();
      await native.close();
      await connection.close();
      await provider.stop();
      await sql.end({ timeout: 5 });
      await database.drop();
    },
  };
}

async function newNamespace(connection: Connection): Promise<string> {
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  await registerNamespace(connection, namespace);
  return namespace;
}
