import type { Client } from '@temporalio/client';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { inTime } from '../../db/client.ts';

/** A worker is not ready when it has finished nothing for this long while a task has waited for as long. */
const STANDSTILL_MS = 60_000;
const ASK_MS = 2_000;

/** When a worker last finished a task of a queue: an activity or a local activity. */
export class Progress {
  private readonly finishedAt = new Map<string, number>();
  private readonly begunAt: number;
  private readonly now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
    this.begunAt = now();
  }

  finished(queue: string): void {
    this.finishedAt.set(queue, this.now());
  }

  /** Milliseconds since a task of the queue was finished, or since the start. */
  idleMs(queue: string): number {
    return this.now() - (this.finishedAt.get(queue) ?? this.begunAt);
  }

  /** For a worker of the queue. A failed task is tried again, so it does not count as finished. */
  interceptors(queue: string): ActivityInterceptorsFactory {
    return () => ({
      inbound: {
        execute: async (input, next) => {
          const result = await next(input);
          this.finished(queue);
          return result;
        },
      },
    });
  }
}

/** How long the oldest task of a queue that no worker has taken waits, in milliseconds. */
export type Backlog = (queue: string) => Promise<number>;

/** Reads the backlog from the Temporal server. */
export const backlogOf =
  (temporal: Client): Backlog =>
  async (queue) => {
    const { workflowService, options } = temporal;
    const ages = [1, 2].map(async (taskQueueType) => {
      const request = { namespace: options.namespace, taskQueue: { name: queue }, taskQueueType, reportStats: true };
      // The worker's connection repeats a call beyond its deadline while the server is gone.
      const asked = temporal.withDeadline(Date.now() + ASK_MS, () => workflowService.describeTaskQueue(request));
      const { stats } = await inTime(ASK_MS, asked, () => new Error(`no answer from Temporal in ${ASK_MS} ms`));
      const { seconds, nanos } = stats?.approximateBacklogAge ?? {};
      return Number(seconds ?? 0) * 1_000 + (nanos ?? 0) / 1e6;
    });
    return Math.max(...(await Promise.all(ages)));
  };

/** The queues whose tasks wait while this process finishes none. A server that does not answer proves no standstill. */
export async function standingStill(
  queues: readonly string[],
  progress: Progress,
  backlog: Backlog,
): Promise<string[]> {
  const idle = queues.filter((queue) => progress.idleMs(queue) >= STANDSTILL_MS);
  const waiting = idle.map(async (queue) => ({ queue, ms: await backlog(queue).catch(() => 0) }));
  return (await Promise.all(waiting)).filter(({ ms }) => ms >= STANDSTILL_MS).map(({ queue }) => queue);
}
