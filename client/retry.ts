import { HoldfastProblem } from './problem.ts';

/** How often a request is tried, and how long the client waits in between. */
export interface RetryOptions {
  /** Tries in all; default 5. */
  readonly tries: number;
  /** Milliseconds before the second try, default 500; each later wait is twice as long, up to `longestWaitMs`. */
  readonly firstWaitMs: number;
  /** The longest wait between two tries in milliseconds, default 30,000; also when `Retry-After` asks for more. */
  readonly longestWaitMs: number;
}

export const DEFAULT_RETRY: RetryOptions = { tries: 5, firstWaitMs: 500, longestWaitMs: 30_000 };

/** A gateway or a part of the API is not available now: the same request may succeed later. */
const UNAVAILABLE: ReadonlySet<number> = new Set([502, 503, 504]);

/** Errors of a connection that was never made, so the request did not leave this machine. */
const BEFORE_SENDING =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/;

/** Whether `fetch` failed before a request left this machine. */
export function isBeforeSending(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && BEFORE_SENDING.test(String(cause.code));
}

/** Whether the API did nothing with the request, because too much was asked of it. */
export const wasTurnedAway = (error: unknown): boolean =>
  error instanceof HoldfastProblem && (error.status === 429 || error.code === 'overloaded');

/** Whether the API answered before it could look at what an earlier try of the request had done. */
export const saysNothingOfEarlierTries = (error: unknown): boolean =>
  wasTurnedAway(error) || (error instanceof HoldfastProblem && (error.status === 401 || error.status === 403));

function isWorthRetrying(error: unknown, isRepeatable: boolean): boolean {
  if (wasTurnedAway(error)) return true;
  if (!isRepeatable) return false;
  return error instanceof HoldfastProblem ? UNAVAILABLE.has(error.status) : true;
}

/**
 * Milliseconds to wait before the next try; undefined when there is no next try. `isRepeatable` says that a repeat of the request
 * does nothing twice. Without `Retry-After` the wait doubles with each try, times a random factor from 0.5 to 1, so that many
 * clients do not return at the same moment.
 */
export function retryDelay(
  error: unknown,
  { tries, isRepeatable, retry }: { tries: number; isRepeatable: boolean; retry: RetryOptions },
): number | undefined {
  if (tries >= retry.tries || !isWorthRetrying(error, isRepeatable)) return undefined;
  if (error instanceof HoldfastProblem && error.retryAfterSeconds !== undefined) {
    return Math.min(error.retryAfterSeconds * 1000, retry.longestWaitMs);
  }
  return backoff(tries, retry);
}

export function backoff(tries: number, { firstWaitMs, longestWaitMs }: RetryOptions): number {
  return Math.min(firstWaitMs * 2 ** (tries - 1), longestWaitMs) * (0.5 + Math.random() / 2);
}
