import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { TemporalConnection } from '../db/settings/temporal.ts';
import type { Tracing } from '../net/tracing.ts';
import { traceCalls } from './trace-calls.ts';

/** A client of a Temporal server. The server may be down at first, and is found again within seconds after an outage. */
export function temporalClient(to: TemporalConnection, namespace: string, tracing?: Tracing): Client {
  const connection = Connection.lazy({
    ...to,
    // By default the wait between two tries of a call grows to five seconds, half of a caller's deadline.
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: 60, maxIntervalMs: () => 400 }))],
    channelArgs: {
      // By default the wait before the next try to connect grows to two minutes.
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': 1_000,
      // A connection that no longer answers is closed.
      'grpc.keepalive_time_ms': 10_000,
      'grpc.keepalive_timeout_ms': 5_000,
    },
  });
  const interceptors = tracing === undefined ? {} : { interceptors: { workflow: [traceCalls(tracing)] } };
  return new Client({ connection, namespace, ...interceptors });
}

/** The Temporal server did not answer in time; whether the call took effect is not known. */
class TemporalDeadline extends Error {
  override readonly name = 'TemporalDeadline';
}

/**
 * The answer of calls to Temporal, or TemporalDeadline at `notAfter`, in milliseconds since 1970. The client's own deadline ends
 * its calls but not the waits between its tries, and was seconds late in measurements.
 */
export async function answerBefore<T>(temporal: Client, notAfter: number, calls: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TemporalDeadline('no answer from Temporal')), notAfter - Date.now());
  });
  const answer = temporal.withDeadline(notAfter, calls);
  // A late failure has no caller left, and must not become an unhandled rejection.
  answer.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
