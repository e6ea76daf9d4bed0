import type { HousekeepingTask } from '../../workflows/messages.ts';
import type { Deps } from '../deps.ts';
import { createCleanDeliveries } from './clean-deliveries.ts';
import { createProviders } from './providers.ts';
import { createReconcile } from './reconcile/reconcile.ts';
import { createVerifyLedger } from './verify-ledger.ts';

/** What is done regularly, one activity a task; see schedules.ts for how often. */
export const createHousekeepingActivities = (deps: Deps) =>
  ({
    verifyLedger: createVerifyLedger(deps),
    reconcile: createReconcile(deps),
    providers: createProviders(deps),
    cleanDeliveries: createCleanDeliveries(deps),
  }) satisfies Record<HousekeepingTask, () => Promise<void>>;
