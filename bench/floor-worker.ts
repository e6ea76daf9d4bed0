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

/** How many activities an order has, by the way they are run. */
export interface ActivityCounts {
  /** In the workflow task itself. */
  readonly local: number;
  readonly queued: number;
}

/** A running worker of the workflows that do nothing, on a connection of its own; `endings` end both. */
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

/** Returns what ends it, but not its connection. */
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
    // As many as an order's worker takes: see createWorkers.
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
