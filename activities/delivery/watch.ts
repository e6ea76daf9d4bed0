import { activityInfo, Context, heartbeat } from '@temporalio/activity';
import { markRound } from '../../db/delivery/watch-rounds.ts';
import type { WatchInput } from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';
import { pause } from '../runtime/sleep.ts';
import { createHints } from './hints.ts';
import { createRounds, type Round } from './rounds.ts';

/** How long one activity watches before it is renewed. */
const SHIFT_MS = 10 * 60_000;
const HEARTBEAT_MS = 2_000;
/** The least time between two writes of when a provider was last asked. */
const MARK_MS = 10_000;

export function createWatchActivities(deps: Deps) {
  const { sql, log } = deps;
  const hints = createHints(deps);
  const round = createRounds(deps);

  return {
    /** Watches a provider's batches for about ten minutes, round after round. */
    async watchProvider({ providerId }: WatchInput): Promise<void> {
      const { cancellationSignal } = Context.current();
      const started = performance.now();
      const alive = setInterval(() => heartbeat(), HEARTBEAT_MS);
      let marked = { at: Number.NEGATIVE_INFINITY, isSilent: false };
      const look = async (): Promise<Pick<Round, 'pollSeconds' | 'calls'>> => {
        const done = await round(providerId);
        const isSilent = done.calls > 0 && done.answers === 0;
        if (performance.now() - marked.at > MARK_MS || isSilent !== marked.isSilent) {
          try {
            await markRound(sql, providerId, isSilent);
            marked = { at: performance.now(), isSilent };
          } catch (error) {
            // The round itself succeeded; the next round writes the mark.
            log.error({ provider: providerId, err: error }, 'failed to mark a watch round');
          }
        }
        return done;
      };
      try {
        while (performance.now() - started < SHIFT_MS && !cancellationSignal.aborted) {
          const begun = performance.now();
          const hint = hints.next(providerId);
          const { pollSeconds, calls } = await look().catch((error: unknown): Pick<Round, 'pollSeconds' | 'calls'> => {
            // A failed round loses nothing; the next one asks again.
            log.error({ provider: providerId, err: error, attempt: activityInfo().attempt }, 'a watch round failed');
            return { pollSeconds: 5, calls: 0 };
          });
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
