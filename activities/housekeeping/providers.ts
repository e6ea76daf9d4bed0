import { Context, heartbeat } from '@temporalio/activity';
import { providerIds } from '../../db/delivery/batches.ts';
import { createProviderCheck } from '../provider/check.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';

/** Providers checked at the same time: one that hangs blocks one of these lanes until its deadline. */
const PARALLEL_CHECKS = 16;
const HEARTBEAT_MS = 5_000;

/** Checks every provider; a failed check does not stop the others. */
export const createProviders = (deps: Deps) => {
  const check = createProviderCheck(deps);
  return async (): Promise<void> => {
    const { cancellationSignal } = Context.current();
    const alive = setInterval(() => heartbeat(), HEARTBEAT_MS);
    try {
      await inParallel(await providerIds(deps.sql), PARALLEL_CHECKS, async (provider) => {
        if (cancellationSignal.aborted) return;
        await check(provider).catch((error: unknown) => {
          deps.log.error({ provider, err: error }, 'failed to check a provider');
        });
      });
    } finally {
      clearInterval(alive);
    }
    cancellationSignal.throwIfAborted();
  };
};
