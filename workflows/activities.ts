import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { createCountActivities } from '../activities/delivery/count.ts';
import type { createDispatchActivities } from '../activities/dispatch/dispatch.ts';
import type { createStopActivities } from '../activities/dispatch/stops.ts';
import type { createSettleActivities } from '../activities/ledger/settle.ts';
import type { createParkActivities } from '../activities/order/parking.ts';
import type { createOrderStateActivities } from '../activities/order/write-state.ts';
import type { createPlaceActivities } from '../activities/placement/accept.ts';
import type { createRefillActivities } from '../activities/refill/refills.ts';

/** A step that is one short transaction is a local activity: it costs one event and waits in no task queue. */
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
    ReturnType<typeof createOrderStateActivities> &
    ReturnType<typeof createRefillActivities> &
    ReturnType<typeof createParkActivities>
>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '1 minute' },
  // After 3 seconds of failures a retry waits as a timer, so that the workflow task's slot is free for other orders.
  localRetryThreshold: '3 seconds',
});

/** Retried until the send has an outcome. A retry never sends again: the activity sends each attempt at most once. */
export const { dispatch } = proxyActivities<ReturnType<typeof createDispatchActivities>>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/** The activity itself limits how often it asks a silent provider. The order does not wait for it. */
export const { askStops } = proxyActivities<ReturnType<typeof createStopActivities>>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds' },
  summary: 'ask the provider to stop',
});

/** For workflows that began before stops ran beside other steps: here the order waits, so five attempts are the limit. */
export const { askStop } = proxyActivities<ReturnType<typeof createStopActivities>>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 5 },
  summary: 'ask the provider to stop',
});

/** Counts the target where that is possible and stores the refill. */
export const { openRefill } = proxyActivities<ReturnType<typeof createRefillActivities>>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '20 seconds' },
  summary: 'open a refill',
});

/** The activity itself limits how long it asks a silent provider again; afterwards the refill goes to a person. */
export const { askRefill } = proxyActivities<ReturnType<typeof createRefillActivities>>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '2 seconds', maximumInterval: '1 minute' },
  summary: 'ask the provider for a refill',
});

/** A silent counter is a result (`unanswered`), not a failure: this retry is only for failures of PostgreSQL. */
export const { countTarget } = proxyActivities<ReturnType<typeof createCountActivities>>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
  summary: 'count the target',
});
