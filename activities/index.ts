import { createCountActivities } from './delivery/count.ts';
import { createWatchActivities } from './delivery/watch.ts';
import { createWatches, type Watches } from './delivery/watches.ts';
import { createDispatchActivities } from './dispatch/dispatch.ts';
import { createStopActivities } from './dispatch/stops.ts';
import { createHousekeepingActivities } from './housekeeping/activities.ts';
import { createSettleActivities } from './ledger/settle.ts';
import { createParkActivities, parking } from './order/parking.ts';
import { createOrderStateActivities } from './order/write-state.ts';
import { createPlaceActivities } from './placement/accept.ts';
import { createBulkOrderActivities } from './placement/bulk-orders.ts';
import { createProviderCheckActivities } from './provider/check.ts';
import { createRefillActivities } from './refill/refills.ts';
import { createBulkResolutionActivities } from './review/bulk-resolution.ts';
import type { Deps } from './runtime/deps.ts';
import { createWebhookActivities } from './webhook/activities.ts';

/** The activities on the orders' task queue. */
export const createOrderActivities = (deps: Deps, watches: Watches = createWatches(deps.temporal)) => ({
  ...parking(deps, {
    ...createPlaceActivities(deps),
    ...createDispatchActivities(deps, watches),
    ...createSettleActivities(deps),
    ...createOrderStateActivities(deps, watches),
    ...createStopActivities(deps),
    ...createRefillActivities(deps, watches),
    ...createCountActivities(deps),
  }),
  ...createParkActivities(deps),
  ...createBulkOrderActivities(deps),
  ...createBulkResolutionActivities(deps),
  ...createProviderCheckActivities(deps),
});

/** The activities on the task queues of watches, webhooks and housekeeping. */
export { createHousekeepingActivities, createWatchActivities, createWebhookActivities };
