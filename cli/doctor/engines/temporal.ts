import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, isGrpcServiceError } from '@temporalio/client';
import type { TemporalConnection } from '../../../db/settings/temporal.ts';

/** A clock that was read: its time, when it was read by this machine's clock, and by how much that may be wrong, in ms. */
export interface ClockReading {
  readonly there: number;
  readonly here: number;
  readonly within: number;
}

/** Without the SDK's retries: a server that is down is to be noticed at once. */
export const openTemporal = (to: TemporalConnection): Connection => Connection.lazy({ ...to, interceptors: [] });

/** NOT_FOUND of gRPC. */
const NOT_FOUND = 5;

/** Whether the server answered that it has no such thing. */
export const isNotFound = (error: unknown): boolean => isGrpcServiceError(error) && error.code === NOT_FOUND;

/** A queue on which no task ever is. */
const CLOCK_QUEUE = 'holdfast-doctor';
const ACTIVITY = 2;
/** The server refuses a poll with less than two seconds. */
const POLL_MS = 10_000;
const LOOK_MS = 50;

/** A protobuf timestamp, in milliseconds since 1970. */
export const millisecondsOf = (
  time: { seconds?: unknown; nanos?: number | null } | null | undefined,
): number | undefined =>
  time?.seconds === undefined || time.seconds === null
    ? undefined
    : Number(time.seconds) * 1_000 + (time.nanos ?? 0) / 1e6;

/**
 * The server's clock. No call answers it, but the server notes when it last heard of each poller, so this polls a queue of its own
 * for a moment and reads that note.
 */
export async function serverTime(connection: Connection, namespace: string, now: () => number): Promise<ClockReading> {
  const { workflowService } = connection;
  const identity = `holdfast-doctor-${randomUUID()}`;
  const ended = new AbortController();
  const begun = now();
  const poll = connection.withDeadline(Date.now() + POLL_MS, () =>
    connection.withAbortSignal(ended.signal, () =>
      workflowService.pollActivityTaskQueue({ namespace, taskQueue: { name: CLOCK_QUEUE }, identity }),
    ),
  );
  let over: Error | undefined;
  poll.then(
    () => {
      over = new Error('the Temporal server ended the poll that reads its clock');
    },
    (error: Error) => {
      over = error;
    },
  );
  try {
    for (;;) {
      const { pollers } = await workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: CLOCK_QUEUE },
        taskQueueType: ACTIVITY,
      });
      const ours = pollers?.find((poller) => poller.identity === identity);
      const there = millisecondsOf(ours?.lastAccessTime);
      const seen = now();
      if (there !== undefined) return { there, here: (begun + seen) / 2, within: (seen - begun) / 2 };
      if (over !== undefined) throw over;
      await sleep(LOOK_MS);
    }
  } finally {
    ended.abort();
  }
}
