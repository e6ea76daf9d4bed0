import { DefaultLogger, type NativeConnection, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { Logger } from 'pino';
import { LIMITS } from '../../domain/limits.ts';
import {
  HOUSEKEEPING_TASK_QUEUE,
  orderIdOf,
  TASK_QUEUE,
  WATCH_TASK_QUEUE,
  WEBHOOK_TASK_QUEUE,
} from '../../workflows/contract.ts';
import {
  createHousekeepingActivities,
  createOrderActivities,
  createWatchActivities,
  createWebhookActivities,
} from '../index.ts';
import { loadWorkflows } from '../workflow-code.ts';
import { DEPLOYMENT } from './deployment.ts';
import type { Deps } from './deps.ts';
import { Progress } from './standstill.ts';
import { inItsContext, traceSinks } from './tracing.ts';

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly deps: Deps;
  /** The name of these workers in histories and the Temporal UI. */
  readonly identity?: string;
  /** Activities of orders that run at the same time. */
  readonly activitySlots?: number;
  /** Records every finished task. */
  readonly progress?: Progress;
  /** The workflows; by default those of this version. */
  readonly workflows?: WorkflowBundleOption | Promise<WorkflowBundleOption>;
}

/**
 * How a worker talks to Temporal. Compression, the SDK's default, costs a fifth of the CPU of worker and server, and saves little: a
 * message of an order has some hundred bytes.
 */
export const CONNECTION = { grpcCompression: { codec: 'none' } } as const;

/** The time for activities to end at shutdown: longer than a send, so that none is cut off between send and answer. */
const SHUTDOWN_GRACE = '35 seconds';
/** After this long a stopping worker is given up, even if some of its work hangs. */
const SHUTDOWN_FORCE = '45 seconds';

/**
 * Sends the SDK's log lines to our log, and its metrics to `metricsAddress` (host:port), under the names of
 * temporalio/dashboards: without suffixes, in milliseconds. Call it once a process, before anything else of the SDK.
 * @throws Error when the address is in use
 */
export function installRuntime(log: Logger, metricsAddress?: string): void {
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      const write = { TRACE: log.trace, DEBUG: log.debug, INFO: log.info, WARN: log.warn, ERROR: log.error }[level];
      const { error, ...rest } = meta ?? {};
      const order = orderIdOf(String(rest.workflowId));
      const about = order === undefined ? rest : { order, ...rest };
      write.call(log, error === undefined ? about : { ...about, err: error }, message);
    }),
    // The SDK's core would print its own lines to standard output.
    telemetryOptions: {
      logging: { forward: {} },
      ...(metricsAddress === undefined ? {} : { metrics: { prometheus: { bindAddress: metricsAddress } } }),
    },
    shutdownSignals: [],
  });
}

/**
 * Workers with workflows are versioned: a workflow stays on the build that began it, unless its own code says otherwise. Workers
 * that have only activities take those of all builds, and only bear the build's name.
 */
function deploymentOptions({ build }: Deps) {
  if (build === undefined) return {};
  const version = { deploymentName: DEPLOYMENT, buildId: build };
  return {
    versioned: {
      workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' },
    },
    named: { workerDeploymentOptions: { version, useWorkerVersioning: false } },
  } as const;
}

/**
 * One worker each for orders, housekeeping, the long activities that watch providers, and webhooks, so that none takes another's
 * slots: a slow receiver must not hold up orders, and orders must not hold up the search for stuck ones.
 */
export async function createWorkers({
  connection,
  namespace,
  deps,
  identity = `holdfast-worker-${process.pid}`,
  activitySlots = LIMITS.activitySlots,
  progress = new Progress(),
  workflows = loadWorkflows(deps.tracing !== undefined),
}: WorkersOptions): Promise<Worker[]> {
  const on = (taskQueue: string) => ({
    connection,
    namespace,
    identity,
    taskQueue,
    interceptors: { activity: [progress.interceptors(taskQueue), inItsContext(deps.tracing)] },
    ...(deps.tracing === undefined ? {} : { sinks: traceSinks(deps.tracing) }),
    shutdownForceTime: SHUTDOWN_FORCE,
  });
  const { versioned, named } = deploymentOptions(deps);
  const workflowBundle = await workflows;
  return Promise.all([
    Worker.create({
      ...on(TASK_QUEUE),
      ...versioned,
      workflowBundle,
      activities: createOrderActivities(deps),
      shutdownGraceTime: SHUTDOWN_GRACE,
      maxHeartbeatThrottleInterval: '3 seconds',
      // New orders wait in the normal queue, where by default two of ten pollers look; then they starve behind running ones.
      nonStickyToStickyPollRatio: 0.5,
      // Most activities wait for a provider; a provider that hangs holds as many slots as it has sends in flight.
      maxConcurrentActivityTaskExecutions: activitySlots,
    }),
    Worker.create({
      ...on(HOUSEKEEPING_TASK_QUEUE),
      ...versioned,
      workflowBundle,
      activities: createHousekeepingActivities(deps),
      shutdownGraceTime: 0,
      // Enough for one run of each task, and for runs that staff start by hand.
      maxConcurrentActivityTaskExecutions: 10,
      maxConcurrentWorkflowTaskExecutions: 4,
      maxCachedWorkflows: 10,
    }),
    Worker.create({
      ...on(WATCH_TASK_QUEUE),
      ...named,
      activities: createWatchActivities(deps),
      // A shift has nothing to finish: the next worker takes it up.
      shutdownGraceTime: 0,
      maxHeartbeatThrottleInterval: '3 seconds',
      maxConcurrentActivityTaskExecutions: 1000,
    }),
    Worker.create({
      ...on(WEBHOOK_TASK_QUEUE),
      ...named,
      activities: createWebhookActivities(deps),
      // The outbox stops taking deliveries at once, and attempts that run are soon over.
      shutdownGraceTime: 0,
      maxHeartbeatThrottleInterval: '3 seconds',
      // The outbox has one slot. Receivers that hang hold the others, and leave it requests for first attempts.
      maxConcurrentActivityTaskExecutions: LIMITS.webhookRetries + 1,
    }),
  ]);
}
