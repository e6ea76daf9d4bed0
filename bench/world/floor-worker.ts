import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { CONNECTION } from '../../activities/runtime/workers.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Endings } from '../endings.ts';

export const FLOOR_TASK_QUEUE = 'bench-floor';

const activities = { doNothing: async (): Promise<void> => {} };
export type FloorActivities = typeof activities;

/** How many activities an order has, of each kind. */
export interface ActivityCounts {
  /** Run inside the workflow task. */
  readonly local: number;
  readonly queued: number;
}

/** Starts a worker of the floor workflows, with the orders' settings, on its own connection; `endings` end both. */
export async function openFloorWorker(endings: Endings, address: string, namespace: string): Promise<void> {
  const connection = await endings.opened(
    "the floor's connection",
    () => NativeConnection.connect({ address, ...CONNECTION }),
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
      workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
      logger: new DefaultLogger('WARN'),
    }),
    activities,
    // As those of the orders' worker: see createWorkers.
    nonStickyToStickyPollRatio: 0.5,
    maxConcurrentActivityTaskExecutions: LIMITS.activitySlots,
  });
  const running = worker.run();
  return {
    stop: async () => {
      worker.shutdown();
      await running;
    },
  };
}

/** Starts floor workflows and waits for their results. */
export interface Floors {
  /** One workflow that does nothing. */
  bare(): Promise<unknown>;
  /** One workflow with as many empty activities. */
  empty(counts: ActivityCounts): Promise<unknown>;
}

export function createFloors({ workflow }: Client): Floors {
  let begun = 0;
  const execute = (type: string, args: unknown[]) => {
    begun += 1;
    return workflow.execute(type, { taskQueue: FLOOR_TASK_QUEUE, workflowId: `floor-${begun}`, args });
  };
  return { bare: () => execute('bare', []), empty: (counts) => execute('nothing', [counts]) };
}
