import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

export interface TemporalAddress {
  readonly address: string;
  readonly namespace: string;
}

/** A client of a Temporal server, which need not be there yet, and is found again soon after it was away. */
export function temporalClient({ address, namespace }: TemporalAddress): Client {
  const connection = Connection.lazy({
    address,
    // By default the pause between two tries of a call grows to five seconds, half of what a caller waits at all.
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: 60, maxIntervalMs: () => 400 }))],
    channelArgs: {
      // By default the pause before the next try to connect grows to two minutes.
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': 1_000,
      // A connection on which nothing comes back any more is given up.
      'grpc.keepalive_time_ms': 10_000,
      'grpc.keepalive_timeout_ms': 5_000,
    },
  });
  return new Client({ connection, namespace });
}

/** The Temporal server did not answer in time; whether the call took effect is not known. */
class TemporalDeadline extends Error {
  override readonly name = 'TemporalDeadline';
}

/**
 * The answer of calls to Temporal, or TemporalDeadline at `notAfter`, in milliseconds since 1970. The client's own
 * deadline ends its calls, but not the pauses between its tries, and was seen to be late by seconds.
 */
export async function answerBefore<T>(temporal: Client, notAfter: number, calls: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TemporalDeadline('no answer from Temporal')), notAfter - Date.now());
  });
  const answer = temporal.withDeadline(notAfter, calls);
  // The loser of the race may still fail; nobody waits for it any more.
  answer.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
