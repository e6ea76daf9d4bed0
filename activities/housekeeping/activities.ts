import type { HousekeepingTask } from '../../workflows/contract.ts';
import { createServiceStats } from '../catalogue/service-stats.ts';
import { createRankRoutes } from '../dispatch/rank-routes.ts';
import { createVerifyLedger } from '../ledger/verify-ledger.ts';
import { createReconcile } from '../reconcile/reconcile.ts';
import { createCountDays } from '../report/count-days.ts';
import type { Deps } from '../runtime/deps.ts';
import { createCleanAlerts } from './clean-alerts.ts';
import { createCleanDeliveries } from './clean-deliveries.ts';
import { createCleanRequests } from './clean-requests.ts';
import { createCompactOrders } from './compact-orders.ts';
import { createProviders } from './providers.ts';

/** The housekeeping tasks, one activity each; schedules.ts says how often they run. */
export const createHousekeepingActivities = (deps: Deps) =>
  ({
    verifyLedger: createVerifyLedger(deps),
    reconcile: createReconcile(deps),
    providers: createProviders(deps),
    serviceStats: createServiceStats(deps),
    rankRoutes: createRankRoutes(deps),
    cleanDeliveries: createCleanDeliveries(deps),
    cleanRequests: createCleanRequests(deps),
    cleanAlerts: createCleanAlerts(deps),
    compactOrders: createCompactOrders(deps),
    countDays: createCountDays(deps),
  }) satisfies Record<HousekeepingTask, () => Promise<void>>;
