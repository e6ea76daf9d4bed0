import { HoldfastProblem } from './problem.ts';

/** How often, and how patiently, a request is tried again. */
export interface Patience {
  /** Tries in all; default 5. */
  readonly tries: number;
  /** Milliseconds before the second try; the wait doubles from try to try, up to `longestWaitMs`. */
  readonly firstWaitMs: number;
  /** The longest wait between two tries, also where `Retry-After` asks for more. */
  readonly longestWaitMs: number;
}

export const PATIENCE: Patience = { tries: 5, firstWaitMs: 500, longestWaitMs: 30_000 };

/** Not available now, or not from this proxy: who repeats under the same key may get an answer. */
const PASSING = new Set([502, 503, 504]);

/** Whether the answer to a request may be another one next time. `again`: a repeat does nothing twice. */
export function isWorthRepeating(error: unknown, again: boolean): boolean {
  // Nobody has looked at a request that came too early.
  if (error instanceof HoldfastProblem && error.status === 429) return true;
  if (!again) return false;
  return error instanceof HoldfastProblem ? PASSING.has(error.status) : true;
}

/**
 * Milliseconds to wait after so many tries: what `Retry-After` (seconds) says, or else between half and all of a wait that
 * doubles, so that many clients do not come back at the same moment.
 */
export function waitBefore(tried: number, retryAfter: string | null, patience: Patience): number {
  if (retryAfter !== null && /^\d{1,6}$/.test(retryAfter)) {
    return Math.min(Number(retryAfter) * 1000, patience.longestWaitMs);
  }
  const doubled = Math.min(patience.firstWaitMs * 2 ** (tried - 1), patience.longestWaitMs);
  return doubled * (0.5 + Math.random() / 2);
}
