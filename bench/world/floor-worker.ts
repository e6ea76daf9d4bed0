import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  type NativeConnectionOptions,
  Worker,
} from '@temporalio/worker';
import type { Endings } from './endings.ts';

export const FLOOR_TASK_QUEUE = 'bench-floor';

const activities = { doNothing: async (): Promise<void> => {} };
export type FloorActivities = typeof activities;

/** How many activities an order has, of each kind. */
export interface ActivityCounts {
  /** Run inside the workflow task. */
  readonly local: number;
  readonly queued: number;
}

/** Starts a worker of the floor workflows on its own connection; `endings` end both. */
export async function openFloorWorker(
  endings: Endings,
  options: NativeConnectionOptions,
  namespace: string,
): Promise<void> {
  const connection = await endings.opened(
    "the floor's connection",
    () => NativeConnection.connect(options),
    (one) => one.close(),
  );
  await endings.opened(
    "the floor's worker",
    () => startFloorWorker(connection, namespace),
    (one) => one.stop(),
  );
}

/** Starts the worker. `stop` does not close the connection. */
async function startFloorWorker(connection: NativeConnection, namespace: string): Promise<{ stop(): Promise<void> }> {
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: FLOOR_TASK_QUEUE,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('./workflows/index.ts', import.meta.url)),
      logger: new DefaultLogger('WARN'),
    }),
    activities,
    // As many as the orders' worker runs: see createWorkers.
    maxConcurrentActivityTaskExecutions: 100,
  });
  const running = worker.run();
  return {
    stop: async () => {
      worker.shutdown();
      await running;
    },
  };
}
