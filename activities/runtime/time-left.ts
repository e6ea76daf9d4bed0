import type { Context } from '@temporalio/activity';

/** For what follows the last call, and for the clocks of worker and server. */
const MARGIN_MS = 5_000;

/**
 * Says whether an activity that has just begun has time for a call of at most `ms`. After its time-out Temporal starts the next
 * attempt, and both would call the provider at once.
 */
export function timeLeft({ info, cancellationSignal }: Context): (ms: number) => boolean {
  const until = performance.now() + info.startToCloseTimeoutMs - MARGIN_MS;
  return (ms) => !cancellationSignal.aborted && performance.now() + ms < until;
}
