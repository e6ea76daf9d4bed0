/**
 * The contract between everything that talks to a workflow: names, ids, payloads. Imported by the API, the activities, the
 * workflows and the tests; it imports only the domain's words. Payloads hold ids and numbers, never a link, a comment or
 * a key: what is here can be read in Temporal's history. Money is a decimal string.
 */
import { ApplicationFailure, defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Answer } from '../domain/order/asks.ts';
import type { BatchState, VersionedReport } from '../domain/order/batch.ts';
import type { Settled } from '../domain/order/state.ts';
import type { Attention, FinalStatus, OrderStatus, Reason } from '../domain/order/status.ts';
import type { RefillStatus } from '../domain/refill/rules.ts';
import type { RefillAnswer } from '../domain/refill/state.ts';
import type { Resolution } from '../domain/review/resolution.ts';
import type { DeliveryRound } from '../domain/webhook/webhooks.ts';

/** Orders, and everything short, run on the first queue; what watches providers, and what asks webhooks, has its own. */
export const TASK_QUEUE = 'holdfast';
export const WATCH_TASK_QUEUE = 'holdfast-watch';
export const WEBHOOK_TASK_QUEUE = 'holdfast-webhooks';
/** What looks for what has gone wrong must run when orders have taken every slot of theirs. */
export const HOUSEKEEPING_TASK_QUEUE = 'holdfast-housekeeping';

/** Workflow types: the names of the functions in workflows/index.ts. */
export const ORDER_WORKFLOW = 'order';
export const WATCH_WORKFLOW = 'watch';
export const OUTBOX_WORKFLOW = 'outbox';
export const DELIVERY_WORKFLOW = 'delivery';
export const BULK_ORDERS_WORKFLOW = 'mass';
export const HOUSEKEEPING_WORKFLOW = 'housekeeping';
export const PROVIDER_CHECK_WORKFLOW = 'providerCheck';
export const BULK_RESOLUTION_WORKFLOW = 'bulkResolution';

/** What is done regularly, each by a Temporal Schedule of its own. */
export type HousekeepingTask =
  | 'verifyLedger'
  | 'reconcile'
  | 'providers'
  | 'serviceStats'
  | 'cleanDeliveries'
  | 'cleanRequests';

export const orderWorkflowId = (orderId: number): string => `order-${orderId}`;
/** The order of a workflow's id; undefined when it is no order's. */
export const orderIdOf = (workflowId: string): number | undefined => {
  const id = Number(/^order-([1-9]\d{0,15})$/.exec(workflowId)?.[1]);
  return Number.isSafeInteger(id) ? id : undefined;
};
export const bulkOrdersWorkflowId = (massId: number): string => `mass-${massId}`;
export const bulkResolutionId = (bulkId: number): string => `bulk-resolution-${bulkId}`;
/** The update id under which such a decision asks an order about a batch of it (0: about the order): once, however often it is sent. */
export const bulkAskId = (bulkId: number, batch: number): string => `${bulkResolutionId(bulkId)}-${batch}`;
export const providerCheckId = (providerId: number): string => `provider-check-${providerId}`;
export const watchWorkflowId = (providerId: number): string => `watch-${providerId}`;
/** Of the schedule of a task, and the beginning of the ids of its runs. */
export const housekeepingId = (task: HousekeepingTask): string => `housekeeping-${task}`;
/** There is one. */
export const OUTBOX_WORKFLOW_ID = 'outbox';
/** A replay that fails again has a workflow of its own beside that of the first round. */
export const deliveryWorkflowId = ({ event, endpoint, round }: DeliveryRound): string =>
  `event-${event}-${endpoint}${round === 1 ? '' : `-${round}`}`;

/** The update id of every placing: a repeated request joins the first, also after the workflow has closed. */
export const PLACE_UPDATE_ID = 'place';

/** The type of an activity's failure that says that PostgreSQL knows more of the order than its workflow does. */
export const STALE = 'stale';

/** The type of an activity's failure that says that its step can never be done as things are: the order waits. */
export const PARKED = 'parked';

/** All of type Keyword. A workflow that uses an unregistered one is stuck for ever, so a worker checks them at start. */
export const searchAttributes = {
  orderStatus: defineSearchAttributeKey('OrderStatus', SearchAttributeType.KEYWORD),
  attention: defineSearchAttributeKey('Attention', SearchAttributeType.KEYWORD),
  accountId: defineSearchAttributeKey('AccountId', SearchAttributeType.KEYWORD),
  serviceId: defineSearchAttributeKey('ServiceId', SearchAttributeType.KEYWORD),
  providerId: defineSearchAttributeKey('ProviderId', SearchAttributeType.KEYWORD),
};

/** Everything else an order workflow knows it reads from PostgreSQL by this id, so a lost one is simply started again. */
export interface OrderInput {
  readonly orderId: number;
  /** Tests continue as new after fewer events than the server suggests. */
  readonly continueAfterEvents?: number;
  /** How often it had to take its order up again because it knew less than PostgreSQL; see `takeUpAgain`. */
  readonly takenUp?: number;
}

/** How a claim was decided. */
export type Placement =
  | { readonly kind: 'order' }
  | { readonly kind: 'refused'; readonly code: string; readonly detail?: string }
  /** The request had been given up before the workflow came to it. */
  | { readonly kind: 'withdrawn' };

/** How the order's workflow ended. Business refusals complete it; a failed workflow is a bug. */
export type OrderResult =
  | { readonly placement: 'refused' | 'withdrawn' }
  | { readonly placement: 'order'; readonly status: FinalStatus; readonly delivered: number };

export interface PlaceMessage {
  /** SHA-256 of the request, in hex. */
  readonly fingerprint: string;
}

/** Who asks, and why. */
export interface PersonMessage {
  readonly by: string;
  readonly reason?: string;
  /** From the API: what shows that it was the API. Without, it was a person in the Temporal UI. */
  readonly proof?: string;
}

/** The type of the failure of an update that changes nothing, and so leaves no trace in the history: what it is answered is its detail. */
export const ANSWERED = 'answered';

/** What an update was answered that was rejected with its answer; undefined when an update failed otherwise. */
export function answerIn<A extends Answer>(error: unknown): A | undefined {
  const { cause } = error as { readonly cause?: unknown };
  const isAnswer = cause instanceof ApplicationFailure && cause.type === ANSWERED;
  return isAnswer ? (cause.details?.[0] as A | undefined) : undefined;
}

/** What a person decides about an order that waits for one. */
export type ResolveMessage = PersonMessage & Resolution;

/** A provider's word about a batch, from `watch`. A report with a version not above the last one taken is old news. */
export interface ReportMessage extends VersionedReport {
  readonly batch: number;
}

/** From `watch`: the provider has said its last word about every part of a refill that it took. */
export interface RefillReportMessage {
  /** The refill's number within its order. */
  readonly refill: number;
  /** Parts that it did not refill. */
  readonly rejected: number;
}

/** From `watch`: what its provider's orders show of an attempt whose outcome was not known. */
export type FoundMessage = {
  readonly batch: number;
  readonly attempt: number;
} & (
  | { readonly kind: 'attach'; readonly providerOrder: string }
  | { readonly kind: 'notPlaced' }
  /** It may be one of these, or none: for a person. */
  | { readonly kind: 'candidates'; readonly orders: readonly string[] }
);

/** How a settled order stands after a provider took something back, from `watch`; the money has been moved by then. */
export type CorrectedMessage = Pick<Settled, 'status' | 'delivered'>;

/** The order as its workflow knows it. */
export interface WorkflowView {
  readonly orderId: number;
  readonly status: OrderStatus;
  readonly attention: Attention;
  readonly reason: Reason | null;
  readonly totalQuantity: number;
  /** As far as the workflow has been told; the running number is in PostgreSQL. */
  readonly delivered: number;
  readonly price: string;
  readonly charge: string;
  readonly refunded: string;
  readonly runs: number;
  readonly runsBegun: number;
  /** RFC 3339; null when no run is to come. */
  readonly nextRunAt: string | null;
  /** It waits for an earlier order for its link. */
  readonly queued: boolean;
  /** Why the order stands still: a step that can never be done as it is, and when it is tried again. Null while it goes on. */
  readonly parked: string | null;
  /** Batches that have not ended. */
  readonly batches: readonly BatchView[];
  /** Until when a refill can be asked for, in RFC 3339; null before Completed and for what is sold without. */
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
/** From the settlement of an order: the next order for its link may begin. Best effort: that order also checks by itself. */
export const linkFreeSignal = defineSignal('turn');
export const orderQuery = defineQuery<WorkflowView>('order');

export interface ProviderCheckInput {
  readonly providerId: number;
}

/** What a `watch` needs: everything else it reads from PostgreSQL. */
export interface WatchInput {
  readonly providerId: number;
}

/** What a `delivery` needs: its first attempt has failed. */
export interface DeliveryInput extends DeliveryRound {
  /** Seconds the receiver asked to be left alone, 0 when it did not ask. */
  readonly retryAfter: number;
}

/** One more attempt of a `delivery`; times in milliseconds since 1970, as the workflow knows them. */
export interface AttemptInput extends DeliveryRound {
  readonly begunAt: number;
  readonly now: number;
}

/** stopped: it was not made, nothing is to be sent any more. */
export interface AttemptResult {
  readonly state: 'delivered' | 'retrying' | 'failed' | 'stopped';
  readonly nextAt: number | null;
}

export interface DeliveryResult {
  readonly outcome: Exclude<AttemptResult['state'], 'retrying'>;
}

/** A large list of orders: what is to be placed, and what became of it, is in PostgreSQL. */
export interface BulkOrdersInput {
  readonly massId: number;
}

/** A decision of staff about many orders: PostgreSQL has the decision, its orders and their results. */
export interface BulkResolutionInput {
  readonly bulkId: number;
}
