import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type NativeConnection, Worker } from '@temporalio/worker';

export const FLOOR_TASK_QUEUE = 'bench-floor';

const activities = { doNothing: async (): Promise<void> => {} };
export type FloorActivities = typeof activities;

/** How many activities an order has, by the way they are run. */
export interface ActivityCounts {
  /** In the workflow task itself. */
  readonly local: number;
  readonly queued: number;
}

/** A running worker of the workflows that do nothing. Returns what ends it, but not its connection. */
export async function startFloorWorker(
  connection: NativeConnection,
  namespace: string,
): Promise<{ stop(): Promise<void> }> {
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
