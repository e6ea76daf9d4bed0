import { activityInfo, Context, heartbeat } from '@temporalio/activity';
import type { WatchInput } from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';
import { pause } from '../runtime/sleep.ts';
import { createHints } from './hints.ts';
import { createRounds, type Round } from './rounds.ts';

/** How long one activity watches before it is renewed. */
const SHIFT_MS = 10 * 60_000;
const HEARTBEAT_MS = 2_000;

export function createWatchActivities(deps: Deps) {
  const { log } = deps;
  const hints = createHints(deps);
  const round = createRounds(deps);

  return {
    /** Watches a provider's batches for about ten minutes, round after round. */
    async watchProvider({ providerId }: WatchInput): Promise<void> {
      const { cancellationSignal } = Context.current();
      const started = performance.now();
      const alive = setInterval(() => heartbeat(), HEARTBEAT_MS);
      try {
        while (performance.now() - started < SHIFT_MS && !cancellationSignal.aborted) {
          const begun = performance.now();
          const hint = hints.next(providerId);
          const { pollSeconds, calls } = await round(providerId).catch(
            (error: unknown): Pick<Round, 'pollSeconds' | 'calls'> => {
              // A failed round loses nothing; the next one asks again.
              log.error({ provider: providerId, err: error, attempt: activityInfo().attempt }, 'a watch round failed');
              return { pollSeconds: 5, calls: 0 };
            },
          );
          // Any number of hints costs at most one status call a second.
          const left = (ms: number) => ms - (performance.now() - begun);
          await pause(left(Math.min(pollSeconds, Math.max(calls, 1)) * 1_000), cancellationSignal);
          await pause(left(pollSeconds * 1_000), cancellationSignal, hint);
        }
      } finally {
        clearInterval(alive);
      }
      cancellationSignal.throwIfAborted();
    },
  };
}
