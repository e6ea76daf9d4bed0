import { Context, heartbeat } from '@temporalio/activity';
import { providerIds } from '../../db/delivery/batches.ts';
import { createProviderCheck } from '../provider/check.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';

/** Providers that are looked at together: one that hangs holds up one of so many lanes, until its deadline. */
const PARALLEL_CHECKS = 16;
const HEARTBEAT_MS = 5_000;

/** Looks at every provider; one that cannot be looked at does not keep the others from it. */
export const createProviders = (deps: Deps) => {
  const check = createProviderCheck(deps);
  return async (): Promise<void> => {
    const { cancellationSignal } = Context.current();
    const alive = setInterval(() => heartbeat(), HEARTBEAT_MS);
    try {
      await inParallel(await providerIds(deps.sql), PARALLEL_CHECKS, async (provider) => {
        if (cancellationSignal.aborted) return;
        await check(provider).catch((error: unknown) => {
          deps.log.error({ provider, err: error }, 'a provider could not be looked at');
        });
      });
    } finally {
      clearInterval(alive);
    }
    cancellationSignal.throwIfAborted();
  };
};
