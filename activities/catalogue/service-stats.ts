import { Context, heartbeat } from '@temporalio/activity';
import { refreshStats, staleStats } from '../../db/catalogue/service-stats.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../runtime/deps.ts';

/** What one service may take: longer than a request would wait for it. */
const STATEMENT = '45s';
const HEARTBEAT_MS = 5_000;

/** Works out anew how each service has been delivered, one service after the other, so that requests only look it up. */
export const createServiceStats =
  ({ sql, log }: Deps) =>
  async (): Promise<void> => {
    const { cancellationSignal } = Context.current();
    const alive = setInterval(() => heartbeat(), HEARTBEAT_MS);
    try {
      for (const service of await staleStats(sql, LIMITS.statsRenewAfter)) {
        cancellationSignal.throwIfAborted();
        const refresh = sql.begin(async (tx) => {
          await tx`select set_config('statement_timeout', ${STATEMENT}, true)`;
          await refreshStats(tx, service);
        });
        await refresh.catch((error: unknown) => {
          log.error({ service, err: error }, 'the figures of a service could not be worked out');
        });
      }
    } finally {
      clearInterval(alive);
    }
  };
