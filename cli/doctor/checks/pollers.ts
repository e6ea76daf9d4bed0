import {
  HOUSEKEEPING_TASK_QUEUE,
  TASK_QUEUE,
  WATCH_TASK_QUEUE,
  WEBHOOK_TASK_QUEUE,
} from '../../../workflows/contract.ts';
import { check } from '../check.ts';
import { type ClockReading, millisecondsOf } from '../engines/temporal.ts';
import { counted, type Finding, ok, wrong } from '../finding.ts';
import type { Installation } from '../installation.ts';

/** The wire numbers in temporal.api.enums.v1.TaskQueueType. */
const TYPES = { workflow: 1, activity: 2 } as const;

/** What workers poll for on each queue (activities/runtime/workers.ts). */
const QUEUES: readonly { readonly queue: string; readonly kinds: readonly (keyof typeof TYPES)[] }[] = [
  { queue: TASK_QUEUE, kinds: ['workflow', 'activity'] },
  { queue: HOUSEKEEPING_TASK_QUEUE, kinds: ['workflow', 'activity'] },
  { queue: WATCH_TASK_QUEUE, kinds: ['activity'] },
  { queue: WEBHOOK_TASK_QUEUE, kinds: ['activity'] },
];

/** A poll lasts about a minute; a poller that was heard of longer ago than this has gone. The server forgets it after five minutes. */
const GONE_MS = 90_000;

/** A poller: how long ago the server heard of it, in milliseconds, and the build of its worker (`WORKER_BUILD_ID`). */
interface Poller {
  readonly ageMs: number;
  readonly build: string | undefined;
}

/** The pollers of one kind of task on one queue. `currentBuild`: the tasks of new workflows go to its workers alone. */
export interface QueueReading {
  readonly queue: string;
  readonly kind: keyof typeof TYPES;
  readonly currentBuild: string | undefined;
  readonly pollers: readonly Poller[];
}

async function read({ settings, temporal, temporalClock, now }: Installation): Promise<QueueReading[]> {
  const { connection } = await temporal();
  const asked = QUEUES.flatMap(({ queue, kinds }) => kinds.map((kind) => ({ queue, kind })));
  // By the server's own clock; a namespace in which it cannot be read is judged by ours.
  const skew = await temporalClock().then(skewOf, () => 0);
  return Promise.all(
    asked.map(async ({ queue, kind }) => {
      const request = { namespace: settings.temporalNamespace, taskQueue: { name: queue }, taskQueueType: TYPES[kind] };
      const { pollers, versioningInfo } = await connection.workflowService.describeTaskQueue(request);
      const there = now() + skew;
      return {
        queue,
        kind,
        currentBuild: versioningInfo?.currentDeploymentVersion?.buildId || undefined,
        pollers: (pollers ?? []).map(({ lastAccessTime, deploymentOptions }) => ({
          ageMs: there - (millisecondsOf(lastAccessTime) ?? 0),
          build: deploymentOptions?.buildId || undefined,
        })),
      };
    }),
  );
}

const skewOf = ({ there, here }: ClockReading): number => there - here;

export function judgePollers(queues: readonly QueueReading[]): Finding[] {
  const unpolled = queues.filter(({ pollers }) => !pollers.some(isThere));
  if (unpolled.length === queues.length) {
    return [wrong('no worker runs: no task queue has a poller', 'npm run start:worker')];
  }
  const missing = [
    ...unpolled.map(({ queue, kind }) =>
      wrong(`the task queue ${queue} has no poller for ${kind} tasks`, 'restart the workers: npm run start:worker'),
    ),
    ...withoutCurrentBuild(queues.filter((queue) => !unpolled.includes(queue))),
  ];
  return missing.length > 0 ? missing : [ok(`workers poll all ${counted(QUEUES.length, 'task queue')}`)];
}

const isThere = ({ ageMs }: Poller): boolean => ageMs < GONE_MS;

/** Queues whose workers are all of other builds than the current one: the tasks of new workflows wait there. */
function withoutCurrentBuild(queues: readonly QueueReading[]): Finding[] {
  return queues.flatMap(({ queue, kind, currentBuild, pollers }) => {
    const builds = new Set(pollers.filter(isThere).map(({ build }) => build));
    if (currentBuild === undefined || builds.has(currentBuild)) return [];
    const [other] = builds;
    const mend = `start workers with WORKER_BUILD_ID=${currentBuild}, or make another build current: npm run promote -- ${other ?? '<build>'}`;
    return [
      wrong(`no worker of the current build ${currentBuild} takes ${kind} tasks from the task queue ${queue}`, mend),
    ];
  });
}

export const pollers = check('pollers', read, judgePollers);
