import type { HousekeepingTask } from '../../workflows/messages.ts';
import type { Deps } from '../deps.ts';
import { createCleanDeliveries } from './clean-deliveries.ts';
import { createCleanRequests } from './clean-requests.ts';
import { createProviders } from './providers.ts';
import { createReconcile } from './reconcile/reconcile.ts';
import { createServiceStats } from './service-stats.ts';
import { createVerifyLedger } from './verify-ledger.ts';

/** What is done regularly, one activity a task; see schedules.ts for how often. */
export const createHousekeepingActivities = (deps: Deps) =>
  ({
    verifyLedger: createVerifyLedger(deps),
    reconcile: createReconcile(deps),
    providers: createProviders(deps),
    serviceStats: createServiceStats(deps),
    cleanDeliveries: createCleanDeliveries(deps),
    cleanRequests: createCleanRequests(deps),
  }) satisfies Record<HousekeepingTask, () => Promise<void>>;
