import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { isNotFound } from './grpc.ts';

/** The name of the installation's workers among the worker deployments of its namespace. */
export const DEPLOYMENT = 'holdfast';

/** The server learns of a build by the first poll of its workers. */
const KNOWN_AFTER_MS = 500;
const TRIES = 60;

/** A version of the workflows that workers have. */
export interface Build {
  readonly id: string;
  /** Whether new workflows begin on it. */
  readonly isCurrent: boolean;
  /** Whether no workflow needs it any more, so that its workers may stop. */
  readonly isDrained: boolean;
}

/** VERSION_DRAINAGE_STATUS_DRAINED of temporal.api.enums.v1. */
const DRAINED = 2;

/** The builds of the deployment that the server knows, the newest first; none before a versioned worker has polled. */
export async function listBuilds({ workflowService, options: { namespace } }: Client): Promise<Build[]> {
  try {
    const { workerDeploymentInfo: info } = await workflowService.describeWorkerDeployment({
      namespace,
      deploymentName: DEPLOYMENT,
    });
    const current = info?.routingConfig?.currentDeploymentVersion?.buildId;
    return (info?.versionSummaries ?? []).map(({ deploymentVersion, drainageStatus }) => {
      const id = deploymentVersion?.buildId ?? '';
      return { id, isCurrent: id === current, isDrained: drainageStatus === DRAINED };
    });
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

/**
 * Lets new workflows begin on this build. Workflows of other builds move to it when housekeeping asks them.
 * @throws an error of the server when it knows no such build, or when its workers do not poll all task queues that the current
 * build's workers poll
 */
export async function setCurrentBuild({ workflowService, options }: Client, build: string): Promise<void> {
  const { namespace, identity } = options;
  await workflowService.setWorkerDeploymentCurrentVersion({
    namespace,
    deploymentName: DEPLOYMENT,
    buildId: build,
    ...(identity === undefined ? {} : { identity }),
  });
}

/** Makes the first build of an installation its current one. A later build becomes current by `npm run promote`. */
export async function becomeCurrent(temporal: Client, build: string, log: Logger): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const builds = await listBuilds(temporal);
    const current = builds.find(({ isCurrent }) => isCurrent);
    if (current !== undefined) {
      if (current.id !== build)
        log.info({ build, current: current.id }, 'this build is not current: see `npm run promote`');
      return;
    }
    if (builds.some(({ id }) => id === build)) return setCurrentBuild(temporal, build);
    await delay(KNOWN_AFTER_MS);
  }
  log.error({ build }, 'the Temporal server does not know this build');
}
