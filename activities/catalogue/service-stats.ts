import { Context, heartbeat } from '@temporalio/activity';
import { refreshStats, staleStats } from '../../db/catalogue/service-stats.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../runtime/deps.ts';

/** The time for one service: longer than a request would wait. */
const STATEMENT = '45s';
const HEARTBEAT_MS = 5_000;

/** Works out each service's statistics, one service after the other, so that requests only read them. */
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
          log.error({ service, err: error }, 'failed to work out the statistics of a service');
        });
      }
    } finally {
      clearInterval(alive);
    }
  };
