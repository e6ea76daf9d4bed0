import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { createCountActivities } from '../activities/delivery/count.ts';
import type { createDispatchActivities } from '../activities/dispatch/dispatch.ts';
import type { createStopActivities } from '../activities/dispatch/stops.ts';
import type { createSettleActivities } from '../activities/ledger/settle.ts';
import type { createParkActivities } from '../activities/order/parking.ts';
import type { createLifeActivities } from '../activities/order/write-state.ts';
import type { createPlaceActivities } from '../activities/placement/accept.ts';
import type { createRefillActivities } from '../activities/refill/refills.ts';

/** Steps that are one short transaction run in the workflow task itself: one event, and no queue in between. */
export const {
  acceptOrder,
  settleOrder,
  correctOrder,
  writeOrderState,
  endBatch,
  openBatches,
  decideAttempt,
  readRefills,
  resendRefill,
  endRefill,
  unpark,
} = proxyLocalActivities<
  ReturnType<typeof createPlaceActivities> &
    ReturnType<typeof createSettleActivities> &
    ReturnType<typeof createLifeActivities> &
    ReturnType<typeof createRefillActivities> &
    ReturnType<typeof createParkActivities>
>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '1 minute' },
  // What has failed for some seconds waits as a timer, and leaves its slot to the workflow tasks of other orders.
  localRetryThreshold: '3 seconds',
});

/** Sending has an outcome that must be known: it is tried until there is one, and each attempt is sent at most once. */
export const { dispatch } = proxyActivities<ReturnType<typeof createDispatchActivities>>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/** Stops go on beside everything else: nothing waits for their answers. */
export const { askStops } = proxyActivities<ReturnType<typeof createStopActivities>>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 8 },
  summary: 'ask the provider to stop',
});

/** For workflows that began before: the order waits for this, so it gives up after five attempts. */
export const { askStop } = proxyActivities<ReturnType<typeof createStopActivities>>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 5 },
  summary: 'ask the provider to stop',
});

/** Looks at the target, where it can be counted, and writes the refill down. */
export const { openRefill } = proxyActivities<ReturnType<typeof createRefillActivities>>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '20 seconds' },
  summary: 'open a refill',
});

/** A provider that gives no answer is asked again for a while, as the activity says; then a person is. */
export const { askRefill } = proxyActivities<ReturnType<typeof createRefillActivities>>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '2 seconds', maximumInterval: '1 minute' },
  summary: 'ask the provider for a refill',
});

/** A counter that says nothing is an answer too: what is tried again here is only what PostgreSQL did not say. */
export const { countTarget } = proxyActivities<ReturnType<typeof createCountActivities>>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
  summary: 'count the target',
});
