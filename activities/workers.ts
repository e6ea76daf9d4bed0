import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  DefaultLogger,
  type NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import type { Logger } from 'pino';
import { LIMITS } from '../domain/limits.ts';
import { TASK_QUEUE, WATCH_TASK_QUEUE, WEBHOOK_TASK_QUEUE } from '../workflows/messages.ts';
import type { Deps } from './deps.ts';
import { createOrderActivities, createWatchActivities, createWebhookActivities } from './index.ts';

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly deps: Deps;
  /** Who these workers say they are; shown in histories and the Temporal UI. */
  readonly identity?: string;
  /** The workflows; by default those of this version. */
  readonly workflows?: Promise<WorkflowBundleWithSourceMap>;
}

/** What is given to activities on shutdown: longer than a send takes, so that none is cut off between send and answer. */
const SHUTDOWN_GRACE = '35 seconds';

/** The SDK's own log lines go into ours. Once a process, before anything else of the SDK. */
export function installRuntime(log: Logger): void {
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      const write = { TRACE: log.trace, DEBUG: log.debug, INFO: log.info, WARN: log.warn, ERROR: log.error }[level];
      const { error, ...rest } = meta ?? {};
      write.call(log, error === undefined ? rest : { ...rest, err: error }, message);
    }),
    shutdownSignals: [],
  });
}

/** The workflows of this version, bundled for the sandbox. */
export const bundleWorkflows = () =>
  bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  });

/**
 * One worker for orders, one for the long activities that watch providers, one for webhooks, so that none takes the other's
 * slots: a slow receiver must not hold up an order.
 */
export async function createWorkers({
  connection,
  namespace,
  deps,
  identity = `holdfast-worker-${process.pid}`,
  workflows = bundleWorkflows(),
}: WorkersOptions): Promise<Worker[]> {
  const common = { connection, namespace, identity };
  return Promise.all([
    workflows.then((workflowBundle) =>
      Worker.create({
        ...common,
        taskQueue: TASK_QUEUE,
        workflowBundle,
        activities: createOrderActivities(deps),
        shutdownGraceTime: SHUTDOWN_GRACE,
        maxHeartbeatThrottleInterval: '3 seconds',
        // Most of them wait for a provider, and a provider that hangs holds as many as its sends in flight.
        maxConcurrentActivityTaskExecutions: LIMITS.activitySlots,
      }),
    ),
    Worker.create({
      ...common,
      taskQueue: WATCH_TASK_QUEUE,
      activities: createWatchActivities(deps),
      // A shift has nothing to finish: the next worker takes it up.
      shutdownGraceTime: 0,
      maxHeartbeatThrottleInterval: '3 seconds',
      maxConcurrentActivityTaskExecutions: 1000,
    }),
    Worker.create({
      ...common,
      taskQueue: WEBHOOK_TASK_QUEUE,
      activities: createWebhookActivities(deps),
      // An attempt goes on to its end, which is near; the outbox is told at once, so that it takes no more.
      shutdownGraceTime: 0,
      maxHeartbeatThrottleInterval: '3 seconds',
      maxConcurrentActivityTaskExecutions: LIMITS.webhookRequests,
    }),
  ]);
}
