import { createBulkResolutionActivities } from './bulk-resolution.ts';
import { createCountActivities } from './count.ts';
import type { Deps } from './deps.ts';
import { createDispatchActivities } from './dispatch.ts';
import { createHousekeepingActivities } from './housekeeping/activities.ts';
import { createLifeActivities } from './lives.ts';
import { createMassActivities } from './mass.ts';
import { createParkActivities, parking } from './parking.ts';
import { createPlaceActivities } from './place.ts';
import { createProviderCheckActivities } from './provider-check.ts';
import { createRefillActivities } from './refills.ts';
import { createSettleActivities } from './settle.ts';
import { createStopActivities } from './stops.ts';
import { createWatchActivities } from './watch.ts';
import { createWatches, type Watches } from './watches.ts';
import { createWebhookActivities } from './webhooks/activities.ts';

/** What runs on the orders' task queue. */
export const createOrderActivities = (deps: Deps, watches: Watches = createWatches(deps.temporal)) => ({
  ...parking(deps, {
    ...createPlaceActivities(deps),
    ...createDispatchActivities(deps, watches),
    ...createSettleActivities(deps),
    ...createLifeActivities(deps, watches),
    ...createStopActivities(deps),
    ...createRefillActivities(deps, watches),
    ...createCountActivities(deps),
  }),
  ...createParkActivities(deps),
  ...createMassActivities(deps),
  ...createBulkResolutionActivities(deps),
  ...createProviderCheckActivities(deps),
});

/** What runs on the task queues of the watches, of the webhooks, and of what is done regularly. */
export { createHousekeepingActivities, createWatchActivities, createWebhookActivities };
