import { randomBytes } from 'node:crypto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { inject } from 'vitest';
import { createOrderActivities } from '../../activities/index.ts';
import { registerSearchAttributes } from '../../activities/search-attributes.ts';
import { bundleWorkflows, installRuntime } from '../../activities/workers.ts';
import { type OrderView, orderQuery, orderWorkflowId, TASK_QUEUE } from '../../workflows/messages.ts';
import { type TestDatabase, testDatabase } from './database.ts';

/**
 * A world in which time can be skipped: the Java test server, a worker with the real activities, a real PostgreSQL. Time
 * stands still while something runs, so orders are driven by `report` signals and `sleep`, and nobody awaits `result()`.
 */
export interface SkippingWorld extends TestDatabase {
  readonly env: TestWorkflowEnvironment;
  readonly masterKey: Buffer;
  /** The order as its workflow knows it. */
  view(orderId: number): Promise<OrderView>;
  /** Ends worker, server and database. */
  close(): Promise<void>;
}

export async function skippingWorld(): Promise<SkippingWorld> {
  const log = pino({ level: process.env.DEBUG_LOG ?? 'silent' });
  installRuntime(log);
  const database = await testDatabase();
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: inject('timeSkippingServer') } },
  });
  // The test server can add attributes, but not list them.
  await registerSearchAttributes(env.connection, 'default');
  const masterKey = randomBytes(32);
  const deps = { sql: database.sql, temporal: env.client, masterKey, log };
  // Compression, which is the default, costs a fifth of all that worker and server do, and saves nothing on one machine.
  const connection = await NativeConnection.connect({ address: env.address, grpcCompression: { codec: 'none' } });
  const worker = await Worker.create({
    connection,
    taskQueue: TASK_QUEUE,
    workflowBundle: await bundleWorkflows(),
    // Nobody watches here: a running activity would keep time from being skipped.
    activities: createOrderActivities(deps, { ensure: async () => {} }),
  });
  const running = worker.run();
  return {
    ...database,
    env,
    masterKey,
    view: (orderId) => env.client.workflow.getHandle(orderWorkflowId(orderId)).query(orderQuery),
    close: async () => {
      worker.shutdown();
      await running;
      await connection.close();
      await env.teardown();
      await database.drop();
    },
  };
}
