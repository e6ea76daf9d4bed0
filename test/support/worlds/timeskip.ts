import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { inject } from 'vitest';
import { createOrderActivities, createWebhookActivities } from '../../../activities/index.ts';
import type { Deps } from '../../../activities/runtime/deps.ts';
import { registerSearchAttributes } from '../../../activities/runtime/search-attributes.ts';
import { CONNECTION, installRuntime, type WorkersOptions } from '../../../activities/runtime/workers.ts';
import { createOutbox } from '../../../activities/webhook/outbox.ts';
import { createSend } from '../../../activities/webhook/send.ts';
import { createTraffic } from '../../../activities/webhook/traffic.ts';
import { waitForLock } from '../../../dev/processes/lock.ts';
import {
  orderQuery,
  orderWorkflowId,
  TASK_QUEUE,
  WEBHOOK_TASK_QUEUE,
  type WorkflowView,
} from '../../../workflows/contract.ts';
import { type DatabaseServer, sharedServer, type TestDatabase, testDatabase } from '../engines/database.ts';
import { freePort } from '../engines/engines.ts';

/**
 * A world in which time can be skipped: the time-skipping test server, a worker with the real activities, a real PostgreSQL. Time
 * stands still while an activity runs. So tests drive orders by `report` signals and `sleep`, and never await `result()`.
 *
 * Never let a `sleep` end when a timer of an order is due and the test then cancels that timer by a message. If the timer fires
 * while the worker has the task that cancels it, the server refuses the task and never sends another (temporalio/sdk-java#3088).
 * Time then stands still.
 */
export interface SkippingWorld extends TestDatabase {
  readonly env: TestWorkflowEnvironment;
  readonly masterKey: Buffer;
  /** Sends the first attempts that are due, as many as one pass of the outbox takes. */
  sendEvents(): Promise<void>;
  /** The workflow's view of the order. */
  view(orderId: number): Promise<WorkflowView>;
  /** Stops the worker and the server, and drops the database. */
  close(): Promise<void>;
}

export interface SkippingWorldOptions extends Pick<Deps, 'mailer'> {
  /** The engines to use; by default those of this test run. */
  readonly engines?: SkippingEngines;
  /** Connections of the one pool; default 20. */
  readonly connections?: number;
}

export interface SkippingEngines extends DatabaseServer {
  /** Path of the time-skipping server. */
  readonly timeSkippingServer: string;
  readonly workflows: NonNullable<WorkersOptions['workflows']>;
}

/** The engines that the files of a test run share. */
export const sharedEngines = (): SkippingEngines => ({
  ...sharedServer(),
  timeSkippingServer: inject('timeSkippingServer'),
  workflows: { codePath: inject('workflowBundle') },
});

/**
 * The SDK gives the server five seconds to start, too few on a busy machine. So processes start one server at a time, and retry.
 */
const STARTS = 10;
const STARTING = join(tmpdir(), 'holdfast-time-skipping-server.lock');

async function startedEnvironment(path: string): Promise<TestWorkflowEnvironment> {
  for (let starts = 1; ; starts += 1) {
    const lock = await waitForLock(STARTING, () => {});
    try {
      return await TestWorkflowEnvironment.createTimeSkipping({
        server: { executable: { type: 'existing-path', path }, port: await freePort() },
      });
    } catch (error) {
      if (starts === STARTS || !String(error).includes('did not start within')) throw error;
    } finally {
      await lock.release();
    }
  }
}

/** Opens the world. Without a mailer no e-mail is sent. */
export async function skippingWorld(options: SkippingWorldOptions = {}): Promise<SkippingWorld> {
  const { mailer, engines = sharedEngines(), connections = 20 } = options;
  const log = pino({ level: process.env.DEBUG_LOG ?? 'silent' });
  installRuntime(log);
  const database = await testDatabase({ ...engines, connections });
  const env = await startedEnvironment(engines.timeSkippingServer);
  // The test server can add search attributes but not list them.
  await registerSearchAttributes(env.connection, 'default');
  const masterKey = randomBytes(32);
  const deps: Deps = {
    sql: database.sql,
    temporal: env.client,
    masterKey,
    currency: 'USD',
    allowLoopback: true,
    log,
    ...(mailer === undefined ? {} : { mailer }),
  };
  const connection = await NativeConnection.connect({ address: env.address, ...CONNECTION });
  // No watch and no outbox run here: a running activity would keep time from being skipped.
  const workers = await Promise.all([
    Worker.create({
      connection,
      taskQueue: TASK_QUEUE,
      workflowBundle: await engines.workflows,
      activities: createOrderActivities(deps, { ensure: async () => {} }),
    }),
    Worker.create({ connection, taskQueue: WEBHOOK_TASK_QUEUE, activities: createWebhookActivities(deps) }),
  ]);
  const running = workers.map((worker) => worker.run());
  const outbox = createOutbox(deps, createSend(deps), createTraffic());
  return {
    ...database,
    env,
    masterKey,
    sendEvents: async () => {
      await outbox.take();
      await outbox.settled();
    },
    view: (orderId) => env.client.workflow.getHandle(orderWorkflowId(orderId)).query(orderQuery),
    close: async () => {
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
      await connection.close();
      await env.teardown();
      await database.drop();
    },
  };
}
