import { activityInfo, Context, heartbeat } from '@temporalio/activity';
import { listenForHints } from '../../db/delivery/hints.ts';
import type { WatchInput } from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';
import { createNotifications } from '../runtime/notifications.ts';
import { sleep } from '../runtime/sleep.ts';
import { createRounds, type Round } from './rounds.ts';

/** How long one activity watches before it is renewed. */
const SHIFT_MS = 10 * 60_000;
const HEARTBEAT_MS = 2_000;

export function createWatchActivities(deps: Deps) {
  const { sql, log } = deps;
  // All workers hear of a hint that something has changed at a provider; the one that watches the provider asks it.
  const hints = createNotifications<number>((onOne, onAny) => listenForHints(sql, onOne, onAny), log);
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
          await sleep(left(Math.min(pollSeconds, Math.max(calls, 1)) * 1_000), cancellationSignal);
          await sleep(left(pollSeconds * 1_000), cancellationSignal, hint);
        }
      } finally {
        clearInterval(alive);
      }
      cancellationSignal.throwIfAborted();
    },
  };
}
