import { Context, heartbeat } from '@temporalio/activity';
import { fastestServices, forgetPlaces, measuredRoutes, storePlaces } from '../../db/dispatch/route-places.ts';
import { MEASURED, rankRoutes } from '../../domain/dispatch/routing.ts';
import type { Deps } from '../runtime/deps.ts';

/** Ranks the routes of every service that chooses the fastest, so that a send only reads the ranking. */
export const createRankRoutes =
  ({ sql, log }: Deps) =>
  async (): Promise<void> => {
    const { cancellationSignal } = Context.current();
    await forgetPlaces(sql);
    for (const service of await fastestServices(sql)) {
      cancellationSignal.throwIfAborted();
      heartbeat();
      const rank = sql.begin(async (tx) => {
        const routes = await measuredRoutes(tx, service, MEASURED);
        await storePlaces(tx, service, rankRoutes(routes));
      });
      await rank.catch((error: unknown) => {
        log.error({ service, err: error }, 'failed to rank the routes of a service');
      });
    }
  };
