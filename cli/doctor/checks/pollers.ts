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

/** The pollers of one kind of task on one queue: how long ago the server heard of each, in milliseconds. */
export interface QueueReading {
  readonly queue: string;
  readonly kind: keyof typeof TYPES;
  readonly agesMs: readonly number[];
}

async function read({ settings, temporal, temporalClock, now }: Installation): Promise<QueueReading[]> {
  const { connection } = await temporal();
  const asked = QUEUES.flatMap(({ queue, kinds }) => kinds.map((kind) => ({ queue, kind })));
  // By the server's own clock; a namespace in which it cannot be read is judged by ours.
  const skew = await temporalClock().then(skewOf, () => 0);
  return Promise.all(
    asked.map(async ({ queue, kind }) => {
      const request = { namespace: settings.temporalNamespace, taskQueue: { name: queue }, taskQueueType: TYPES[kind] };
      const { pollers } = await connection.workflowService.describeTaskQueue(request);
      const there = now() + skew;
      const agesMs = (pollers ?? []).map(({ lastAccessTime }) => there - (millisecondsOf(lastAccessTime) ?? 0));
      return { queue, kind, agesMs };
    }),
  );
}

const skewOf = ({ there, here }: ClockReading): number => there - here;

export function judgePollers(queues: readonly QueueReading[]): Finding[] {
  const unpolled = queues.filter(({ agesMs }) => !agesMs.some((age) => age < GONE_MS));
  if (unpolled.length === 0) return [ok(`workers poll all ${counted(QUEUES.length, 'task queue')}`)];
  if (unpolled.length === queues.length) {
    return [wrong('no worker runs: no task queue has a poller', 'npm run start:worker')];
  }
  return unpolled.map(({ queue, kind }) =>
    wrong(`the task queue ${queue} has no poller for ${kind} tasks`, 'restart the workers: npm run start:worker'),
  );
}

export const pollers = check('pollers', read, judgePollers);
