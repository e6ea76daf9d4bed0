/**
 * The contract with workflows: names, ids, payloads. The API, the activities, the workflows and the tests import it; it imports
 * only types of the domain. Payloads hold ids and numbers, never a link, a comment or a key, because Temporal's history shows
 * them. Money is a decimal string.
 */
import { ApplicationFailure, defineSearchAttributeKey, type Priority, SearchAttributeType } from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Answer } from '../domain/order/asks.ts';
import type { BatchState, VersionedReport } from '../domain/order/batch.ts';
import type { OrderState, Settled } from '../domain/order/state.ts';
import type { Attention, FinalStatus, OrderStatus, Reason } from '../domain/order/status.ts';
import type { RefillStatus } from '../domain/refill/rules.ts';
import type { RefillAnswer } from '../domain/refill/state.ts';
import type { Resolution } from '../domain/review/resolution.ts';
import type { DeliveryRound } from '../domain/webhook/webhooks.ts';

/** The first queue is for orders and other short work. Watches and webhook deliveries have queues of their own. */
export const TASK_QUEUE = 'holdfast';
export const WATCH_TASK_QUEUE = 'holdfast-watch';
export const WEBHOOK_TASK_QUEUE = 'holdfast-webhooks';
/** Housekeeping finds lost orders and stuck workflows, so it must run even when orders have taken every slot of their queue. */
export const HOUSEKEEPING_TASK_QUEUE = 'holdfast-housekeeping';

/**
 * How long the server waits for the answer to a task of an order before it hands the task out again. A server under load loses a
 * hand-out now and then; the repeat must come early enough for the caller who waits for the outcome of placing.
 */
export const ORDER_TASK_TIMEOUT = '5 seconds';

/** Workflow types: the names of the functions in workflows/index.ts. */
export const ORDER_WORKFLOW = 'order';
export const WATCH_WORKFLOW = 'watch';
export const OUTBOX_WORKFLOW = 'outbox';
export const DELIVERY_WORKFLOW = 'delivery';
export const BULK_ORDERS_WORKFLOW = 'mass';
export const HOUSEKEEPING_WORKFLOW = 'housekeeping';
export const PROVIDER_CHECK_WORKFLOW = 'providerCheck';
export const BULK_RESOLUTION_WORKFLOW = 'bulkResolution';

/** The regular tasks. Each has a Temporal Schedule of its own. */
export const HOUSEKEEPING_TASKS = [
  'verifyLedger',
  'reconcile',
  'providers',
  'serviceStats',
  'cleanDeliveries',
  'cleanRequests',
  'rankRoutes',
  'cleanAlerts',
  'compactOrders',
  'countDays',
] as const;
export type HousekeepingTask = (typeof HOUSEKEEPING_TASKS)[number];

/**
 * Which tasks the server hands out first while many wait. A caller waits for a single order, so it goes before the lines of a
 * list and the retries of webhook deliveries; within each, the accounts take turns. A server that knows no fairness ignores the
 * key.
 */
export const priorityOf = (accountId: number, of: 'order' | 'line' | 'delivery'): Priority => ({
  priorityKey: of === 'order' ? 3 : 4,
  fairnessKey: `account-${accountId}`,
});

export const orderWorkflowId = (orderId: number): string => `order-${orderId}`;
/** The order id in a workflow id; undefined when it is not the id of an order's workflow. */
export const orderIdOf = (workflowId: string): number | undefined => {
  const id = Number(/^order-([1-9]\d{0,15})$/.exec(workflowId)?.[1]);
  return Number.isSafeInteger(id) ? id : undefined;
};
export const bulkOrdersWorkflowId = (massId: number): string => `mass-${massId}`;
export const bulkResolutionId = (bulkId: number): string => `bulk-resolution-${bulkId}`;
/** The update id of a bulk decision for one batch (0: the order itself). A repeat with the same id gets the first answer. */
export const bulkAskId = (bulkId: number, batch: number): string => `${bulkResolutionId(bulkId)}-${batch}`;
export const providerCheckId = (providerId: number): string => `provider-check-${providerId}`;
export const watchWorkflowId = (providerId: number): string => `watch-${providerId}`;
/** The id of a task's schedule, and the prefix of the workflow ids of its runs. */
export const housekeepingId = (task: HousekeepingTask): string => `housekeeping-${task}`;
/** There is one outbox workflow. */
export const OUTBOX_WORKFLOW_ID = 'outbox';
/** Each round has a workflow of its own, so a replay can be retried while the first round still is. */
export const deliveryWorkflowId = ({ event, endpoint, round }: DeliveryRound): string =>
  `event-${event}-${endpoint}${round === 1 ? '' : `-${round}`}`;

/** Every `place` update has this id, so a repeated request gets the first answer, also after the workflow has closed. */
export const PLACE_UPDATE_ID = 'place';

/** The type of an activity's failure: PostgreSQL knows more about the order than its workflow does. */
export const STALE = 'stale';

/** The type of an activity's failure: the database will refuse this step each time, so the order waits. */
export const PARKED = 'parked';

/** All of type Keyword. A workflow that sets an unregistered attribute is stuck for ever, so a worker checks them at start. */
export const searchAttributes = {
  orderStatus: defineSearchAttributeKey('OrderStatus', SearchAttributeType.KEYWORD),
  attention: defineSearchAttributeKey('Attention', SearchAttributeType.KEYWORD),
  accountId: defineSearchAttributeKey('AccountId', SearchAttributeType.KEYWORD),
  serviceId: defineSearchAttributeKey('ServiceId', SearchAttributeType.KEYWORD),
  providerId: defineSearchAttributeKey('ProviderId', SearchAttributeType.KEYWORD),
};

/** The wire number of the type Keyword in temporal.api.enums.v1.IndexedValueType. */
export const KEYWORD = 2;

/** An order's workflow reads everything else from PostgreSQL by this id, so a lost workflow is simply started again. */
export interface OrderInput {
  readonly orderId: number;
  /** For tests: continue as new after this many events instead of when the server suggests it. */
  readonly continueAfterEvents?: number;
  /** How often the workflow has reloaded its order because it knew less than PostgreSQL; see `takeUpAgain`. */
  readonly takenUp?: number;
  /** A person's decision about the order that could not be stored yet. */
  readonly decided?: OrderState['decided'];
}

/** The decision about a claim. */
export type Placement =
  /** `placed`: what the order was accepted with, from the call that accepted it. */
  | { readonly kind: 'order'; readonly placed?: PlacedOrder }
  | { readonly kind: 'refused'; readonly code: string; readonly detail?: string }
  /** The API had withdrawn the claim before the workflow decided it. */
  | { readonly kind: 'withdrawn' };

/** When an order was accepted, in milliseconds since 1970, and for how much of what. With it the API need not read the order. */
export interface PlacedOrder {
  readonly at: number;
  readonly price: string;
  readonly totalQuantity: number;
}

/** The result of an order's workflow. A refused order completes its workflow; a failed workflow is a bug. */
export type OrderResult =
  | { readonly placement: 'refused' | 'withdrawn' }
  | { readonly placement: 'order'; readonly status: FinalStatus; readonly delivered: number };

export interface PlaceMessage {
  /** SHA-256 of the request, in hex. */
  readonly fingerprint: string;
}

/** A person's request: their name and their reason. */
export interface PersonMessage {
  readonly by: string;
  readonly reason?: string;
  /** Proves that the API sent the message. A message without it is from the Temporal UI. */
  readonly proof?: string;
}

/**
 * The type of the failure with which a validator rejects an update that changes nothing, so that it leaves no event in the
 * history. The failure's detail is the answer to the update.
 */
export const ANSWERED = 'answered';

/** The answer in an update's rejection; undefined when the update failed for another reason. */
export function answerIn<A extends Answer>(error: unknown): A | undefined {
  const { cause } = error as { readonly cause?: unknown };
  const isAnswer = cause instanceof ApplicationFailure && cause.type === ANSWERED;
  return isAnswer ? (cause.details?.[0] as A | undefined) : undefined;
}

/** A person's decision about an order that waits for a person. */
export type ResolveMessage = PersonMessage & Resolution;

/** From `watch`: a provider's report about a batch. The order ignores a version that is not above the last one it took. */
export interface ReportMessage extends VersionedReport {
  readonly batch: number;
}

/** From `watch`: the providers have ended every part of a refill that they took. */
export interface RefillReportMessage {
  /** The refill's number within its order. */
  readonly refill: number;
  /** Parts that were completed; absent in histories from before it was told. */
  readonly completed?: number;
  /** Parts that were rejected. */
  readonly rejected: number;
}

/** From `watch`: what the provider's list of orders shows about an attempt whose outcome was not known. */
export type FoundMessage = {
  readonly batch: number;
  readonly attempt: number;
} & (
  | { readonly kind: 'attach'; readonly providerOrder: string }
  | { readonly kind: 'notPlaced' }
  /** The attempt may be one of these orders, or none: a person decides. */
  | { readonly kind: 'candidates'; readonly orders: readonly string[] }
);

/** From `watch`: the new result of a settled order after a provider took something back. The money has been moved by then. */
export type CorrectedMessage = Pick<Settled, 'status' | 'delivered'>;

/** The order as its workflow knows it. */
export interface WorkflowView {
  readonly orderId: number;
  readonly status: OrderStatus;
  readonly attention: Attention;
  readonly reason: Reason | null;
  readonly totalQuantity: number;
  /** What ended batches delivered; PostgreSQL has the running number. */
  readonly delivered: number;
  readonly price: string;
  readonly charge: string;
  readonly refunded: string;
  readonly runs: number;
  readonly runsBegun: number;
  /** RFC 3339; null when no run is to come. */
  readonly nextRunAt: string | null;
  /** The order waits for an earlier order for its link. */
  readonly queued: boolean;
  /** Why the order stands still: the step that the database refuses, and when it is tried again. Null while the order goes on. */
  readonly parked: string | null;
  /** Batches that have not ended. */
  readonly batches: readonly BatchView[];
  /** The end of the refill window, in RFC 3339; null before Completed, and for a service without refill. */
  readonly refillUntil: string | null;
  /** The refill that has not ended. */
  readonly refill: {
    readonly id: number | null;
    readonly status: RefillStatus;
    readonly missing: number | null;
  } | null;
  /** The last events, oldest first: `2026-11-21T10:00:00Z what happened`. */
  readonly events: readonly string[];
}

export interface BatchView {
  readonly batch: number;
  readonly quantity: number;
  readonly state: BatchState;
  readonly attempt: number;
  readonly provider: number | null;
  readonly providerOrder: string | null;
  readonly delivered: number;
}

export const placeUpdate = defineUpdate<Placement, [PlaceMessage]>('place');
export const cancelUpdate = defineUpdate<Answer, [PersonMessage]>('cancel');
export const pauseUpdate = defineUpdate<Answer, [PersonMessage]>('pause');
export const resumeUpdate = defineUpdate<Answer, [PersonMessage]>('resume');
export const resolveUpdate = defineUpdate<Answer, [ResolveMessage]>('resolveReview');
export const refillUpdate = defineUpdate<RefillAnswer, [PersonMessage]>('requestRefill');
export const cancelSignal = defineSignal<[PersonMessage]>('cancel');
export const pauseSignal = defineSignal<[PersonMessage]>('pause');
export const resumeSignal = defineSignal<[PersonMessage]>('resume');
export const resolveSignal = defineSignal<[ResolveMessage]>('resolve');
export const refillSignal = defineSignal<[PersonMessage]>('refill');
export const refillReportSignal = defineSignal<[RefillReportMessage]>('refillReport');
export const reportSignal = defineSignal<[ReportMessage]>('report');
export const cancelBulkResolutionSignal = defineSignal<[PersonMessage]>('cancel');
export const cancelBulkOrdersSignal = defineSignal<[PersonMessage]>('cancel');
export const foundSignal = defineSignal<[FoundMessage]>('found');
export const correctedSignal = defineSignal<[CorrectedMessage]>('corrected');
/** From the settlement of an order: the next order for its link may begin. If the signal is lost, that order checks by itself. */
export const linkFreeSignal = defineSignal('turn');
/**
 * From housekeeping: the installation runs another version of the workflows. The order continues as new on that
 * version, from PostgreSQL.
 */
export const upgradeSignal = defineSignal('upgrade');
export const orderQuery = defineQuery<WorkflowView>('order');

export interface ProviderCheckInput {
  readonly providerId: number;
}

/** A `watch` reads everything else from PostgreSQL. */
export interface WatchInput {
  readonly providerId: number;
}

/** The input of a `delivery`, which begins after the first attempt has failed. */
export interface DeliveryInput extends DeliveryRound {
  /** Seconds from the receiver's Retry-After; 0 without one. */
  readonly retryAfter: number;
  /** The account of the webhook. Deliveries that an older version began have none. */
  readonly account?: number;
}

/** One more attempt of a `delivery`. Times are milliseconds since 1970, by the workflow's clock. */
export interface AttemptInput extends DeliveryRound {
  readonly begunAt: number;
  readonly now: number;
}

/** `stopped`: no attempt was made, because the webhook was disabled or deleted. */
export interface AttemptResult {
  readonly state: 'delivered' | 'retrying' | 'failed' | 'stopped';
  readonly nextAt: number | null;
}

export interface DeliveryResult {
  readonly outcome: Exclude<AttemptResult['state'], 'retrying'>;
}

/** A large list of orders. PostgreSQL has its lines and their results. */
export interface BulkOrdersInput {
  readonly massId: number;
}

/** A decision of staff about many orders. PostgreSQL has the decision, its orders and their results. */
export interface BulkResolutionInput {
  readonly bulkId: number;
}
