// Made by `npm run client:types` from the OpenAPI document. Do not edit.

/** The stable code of a problem. */
export type ErrorCode =
  | 'unauthorized'
  | 'invalid_signature'
  | 'forbidden'
  | 'not_found'
  | 'order_not_found'
  | 'method_not_allowed'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'too_many_fields'
  | 'unknown_charset'
  | 'invalid_encoding'
  | 'malformed_body'
  | 'invalid_request'
  | 'incorrect_action'
  | 'too_many_ids'
  | 'idempotency_key_missing'
  | 'idempotency_key_invalid'
  | 'idempotency_key_reused'
  | 'claim_withdrawn'
  | 'conflict'
  | 'deleted_since'
  | 'order_ended'
  | 'not_possible'
  | 'refill_unavailable'
  | 'refill_not_found'
  | 'webhook_not_found'
  | 'webhook_disabled'
  | 'too_many_webhooks'
  | 'webhook_unconfirmed'
  | 'confirmation_failed'
  | 'too_many_confirmations'
  | 'email_unavailable'
  | 'webhook_has_no_secret'
  | 'event_not_found'
  | 'too_many_orders'
  | 'replayed_lately'
  | 'too_many_tests'
  | 'too_many_lines'
  | 'too_many_events'
  | 'unknown_service'
  | 'no_route'
  | 'unknown_provider'
  | 'unknown_account'
  | 'unsupported_type'
  | 'invalid_link'
  | 'duplicate_link'
  | 'invalid_quantity'
  | 'quantity_below_min'
  | 'quantity_above_max'
  | 'quantity_not_multiple'
  | 'unexpected_field'
  | 'drip_feed_unavailable'
  | 'invalid_runs'
  | 'invalid_interval'
  | 'invalid_keywords'
  | 'invalid_comments'
  | 'invalid_usernames'
  | 'invalid_hashtags'
  | 'invalid_groups'
  | 'invalid_hashtag'
  | 'invalid_username'
  | 'invalid_media'
  | 'invalid_answer_number'
  | 'invalid_country'
  | 'invalid_device'
  | 'invalid_type_of_traffic'
  | 'invalid_google_keyword'
  | 'invalid_referring_url'
  | 'invalid_min'
  | 'invalid_max'
  | 'invalid_posts'
  | 'invalid_old_posts'
  | 'invalid_delay'
  | 'invalid_expiry'
  | 'price_too_large'
  | 'cannot_be_placed'
  | 'charge_above_max'
  | 'insufficient_funds'
  | 'rate_limited'
  | 'too_many_reads'
  | 'outcome_unknown'
  | 'unavailable'
  | 'internal';

export interface Accepted {
  id: number;
  accepted: true;
  /** What follows, as a sentence */
  message: string;
}

export interface Account {
  id: number;
  name: string;
  balance: string;
  createdAt: string;
}

export interface Alert {
  id: number;
  kind: "provider_paused" | "ledger_drift" | "order_lost" | "workflow_orphaned" | "workflow_stuck" | "order_unplaceable" | "order_parked" | "batch_unwatched" | "provider_silent" | "events_behind" | "provider_balance" | "provider_currency" | "provider_word" | "route_gone" | "route_unprofitable" | "route_limits" | "webhook_failing" | "watch_failing" | "report_refused" | "provider_takes_back" | "delivered_after_refund";
  subject: string;
  detail: string;
  at: string;
  resolvedAt: string | null;
}

export interface Attempt {
  batch: number;
  attempt: number;
  /** `unknown`: it may have been placed; `released`: it was decided that it was not, or given up */
  state: "intent" | "sending" | "accepted" | "refused" | "unknown" | "released";
  provider: number;
  providerName: string;
  providerService: string;
  providerOrder: string | null;
  /** The link, or the name of a subscription */
  target: string;
  quantity: number;
  sends: number;
  sentAt: string | null;
  decidedAt: string | null;
  /** The provider's words, when it refused */
  error: string | null;
  /** What the connection or the answer proved, or did not */
  said: string | null;
  /** The provider lists its orders, and they are looked through */
  isLookedFor: boolean;
  looks: number;
  lookedAt: string | null;
  /** Since when no whole list of the provider has shown it */
  noneSince: string | null;
  /** Orders of the provider that it may be, of which nobody knows whose they are */
  candidates: Array<{
    providerOrder: string;
    quantity: number | null;
    at: string | null;
    status: string | null;
  }>;
}

export interface AuditEntry {
  id: number;
  at: string;
  /** The key it was done with; null for what was done in the Temporal UI */
  key: number | null;
  actor: string;
  action: string;
  subject: string;
  /** The id of what was made or changed */
  object: number | null;
  /** What was asked for, without keys and secrets */
  detail?: unknown;
  requestId: string;
}

export interface BulkCancel {
  action: "cancel";
  /** These orders */
  ids?: number[];
  filter?: ReviewFilter;
  /** Needed unless it is a dry run */
  reason?: string;
  /** Only says what it would touch */
  dryRun?: boolean;
}

export interface BulkComplete {
  action: "complete";
  /** These orders */
  ids?: number[];
  filter?: ReviewFilter;
  /** Needed unless it is a dry run */
  reason?: string;
  /** Only says what it would touch */
  dryRun?: boolean;
}

export interface BulkDecision {
  id: number;
  status: "deciding" | "ended";
  action: "extend" | "complete" | "partial" | "cancel" | "redispatch" | "attach" | "notPlaced";
  by: string;
  reason: string;
  total: number;
  waiting: number;
  decided: number;
  refused: number;
  /** Their workflow did not answer: look whether they were decided about */
  unanswered: number;
  canceled: number;
  createdAt: string;
  endedAt: string | null;
}

export interface BulkDecisionPage {
  id: number;
  status: "deciding" | "ended";
  action: "extend" | "complete" | "partial" | "cancel" | "redispatch" | "attach" | "notPlaced";
  by: string;
  reason: string;
  total: number;
  waiting: number;
  decided: number;
  refused: number;
  /** Their workflow did not answer: look whether they were decided about */
  unanswered: number;
  canceled: number;
  createdAt: string;
  endedAt: string | null;
  data: BulkDecisionResult[];
  nextCursor: string | null;
}

export interface BulkDecisionResult {
  order: number;
  status: "waiting" | "decided" | "refused" | "unanswered" | "canceled";
  /** What follows, or why it was refused */
  message: string | null;
  at: string | null;
}

export interface BulkDryRun {
  dryRun: true;
  /** Orders that the action is possible for */
  orders: number;
  /** Money held for them */
  held: string;
  /** Orders that it is not possible for, or that do not wait for a person */
  refused: number;
  currency: string;
}

export interface BulkExtend {
  action: "extend";
  hours: number;
  /** These orders */
  ids?: number[];
  filter?: ReviewFilter;
  /** Needed unless it is a dry run */
  reason?: string;
  /** Only says what it would touch */
  dryRun?: boolean;
}

export interface BulkNotPlaced {
  action: "notPlaced";
  /** These orders */
  ids?: number[];
  filter?: ReviewFilter;
  /** Needed unless it is a dry run */
  reason?: string;
  /** Only says what it would touch */
  dryRun?: boolean;
}

export interface BulkPartial {
  action: "partial";
  delivered: number;
  /** These orders */
  ids?: number[];
  filter?: ReviewFilter;
  /** Needed unless it is a dry run */
  reason?: string;
  /** Only says what it would touch */
  dryRun?: boolean;
}

export interface BulkRedispatch {
  action: "redispatch";
  /** These orders */
  ids?: number[];
  filter?: ReviewFilter;
  /** Needed unless it is a dry run */
  reason?: string;
  /** Only says what it would touch */
  dryRun?: boolean;
}

export type BulkResolution = BulkExtend | BulkComplete | BulkPartial | BulkCancel | BulkRedispatch | BulkNotPlaced;

export interface CallbackHint {
  /** The provider's order id */
  order: string | number;
}

export interface CatalogueChange {
  service: string;
  at: string;
  what: "rate" | "min" | "max" | "step" | "type" | "gone" | "back";
  was: string | null;
  is: string | null;
}

export interface Delivery {
  order: number;
  totalQuantity: number;
  nextRunAt: string | null;
  /** The schedule as it was placed, in at most 200 of its runs */
  planned: Array<{
    run: number;
    dueAt: string;
    quantity: number;
    total: number;
  }>;
  samples: Array<{
    batch: number;
    at: string;
    /** Of the batch */
    delivered: number;
    /** Of all batches */
    total: number;
  }>;
}

export interface HeldCorrection {
  id: number;
  order: number;
  batch: number;
  /** released: staff have decided, and it is made within a poll of the provider; withdrawn: the provider says something else now */
  state: "held" | "released" | "applied" | "dropped" | "withdrawn";
  /** What the provider says, in our word */
  status: string;
  remains: number | null;
  providerCharge: string | null;
  /** What counts as delivered of the batch once it is released */
  delivered: number;
  /** What it would give back, as the order stood when this was said */
  amount: string;
  heldAt: string;
  /** A newer word of the provider takes the place of an older one */
  saidAt: string;
  decidedAt: string | null;
  decidedBy: string | null;
  reason: string | null;
}

export interface HeldCorrectionsDecided {
  provider: number;
  /** How many were decided */
  corrections: number;
  /** What they give back, or would have */
  amount: string;
}

export interface HeldCorrectionsDecision {
  reason: string;
  /** Only of these orders; without it all that is held */
  orders?: number[];
}

export interface Import {
  /** The provider's ids, or all that it sells; 5000 new ones at most */
  services: "all" | string[];
  /** Selling rate = the provider's rate × (100 + percent) / 100 + plus, rounded up */
  markup: {
    percent: string;
    /** Put on after the percentage */
    plus?: string;
    /** Price them again by this rule whenever the provider's rate changes */
    follow?: boolean;
  };
  /** Instead of the provider's categories */
  category?: string;
  /** Of services that the provider refills */
  refillDays?: number;
}

export interface Imported {
  created: number;
  existing: number;
  refused: number;
  results: Array<{
    /** The id at the provider */
    service: string;
    status: "created" | "exists" | "refused";
    /** Our service */
    id: number | null;
    /** What it is sold at, when it was created now */
    rate: string | null;
    reason: "not_in_catalogue" | "unknown_type" | "unreadable_rate" | "rate_too_fine" | "unusable_limits" | "no_price" | "price_too_high" | null;
  }>;
}

export interface Key {
  id: number;
  account: number;
  /** The beginning of the key, after hf_: all of it that is kept readable */
  prefix: string;
  name: string;
  scopes: string[];
  createdAt: string;
  /** To the minute */
  lastUsedAt: string | null;
  expiresAt: string | null;
  revokedAt: string | null;
}

export interface LateOrder {
  id: number;
  order: number;
  batch: number;
  attempt: number;
  provider: number;
  providerOrder: string;
  foundBy: string;
  at: string;
  providerStatus: string | null;
  /** What it cost the house; null until it has ended there */
  loss: string | null;
  bookedAt: string | null;
}

export interface LineResult {
  /** Counts from 1, empty lines of a text with it */
  line: number;
  /** unknown: send the list again with its key, which places nothing twice */
  status: "placed" | "refused" | "unknown";
  order: number | null;
  error: {
    title: string;
    detail: string;
    code: ErrorCode;
    errors?: Array<{
      path: string;
      message: string;
    }>;
  } | null;
}

export interface ListResult {
  placed: number;
  refused: number;
  unknown: number;
  lines: LineResult[];
}

export interface LiveOrder {
  orderId: number;
  status: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
  attention: "none" | "stalled" | "paused" | "review" | "conflict" | "uncertain";
  reason: string | null;
  totalQuantity: number;
  delivered: number;
  price: string;
  charge: string;
  refunded: string;
  runs: number;
  runsBegun: number;
  nextRunAt: string | null;
  /** It waits for an earlier order for its link */
  queued: boolean;
  /** Why it stands still: a step that can never be written down as it is, and when it is tried again */
  parked: string | null;
  /** Batches that have not ended */
  batches: Array<{
    batch: number;
    quantity: number;
    state: "sending" | "running" | "uncertain" | "ended";
    attempt: number;
    provider: number | null;
    providerOrder: string | null;
    delivered: number;
  }>;
  refillUntil: string | null;
  refill: {
    id: number | null;
    status: "Pending" | "In progress" | "Completed" | "Rejected";
    missing: number | null;
  } | null;
  events: string[];
}

export interface MassLine {
  line: number;
  status: "waiting" | "placed" | "refused" | "canceled";
  order: number | null;
  error: {
    code: ErrorCode;
    title: string;
    detail: string;
  } | null;
}

export interface MassPage {
  id: number;
  status: "placing" | "ended";
  total: number;
  waiting: number;
  placed: number;
  refused: number;
  canceled: number;
  createdAt: string;
  data: MassLine[];
  nextCursor: string | null;
}

export interface MassPlacement {
  id: number;
  status: "placing" | "ended";
  total: number;
  waiting: number;
  placed: number;
  refused: number;
  canceled: number;
  createdAt: string;
}

export interface NewLateOrder {
  /** The order's id at the provider */
  providerOrder: string;
  batch?: number;
  /** Needed when several attempts may be meant */
  attempt?: number;
  reason?: string;
}

export interface NewOrder {
  service: number;
  /** Not for subscriptions, which follow a `username` */
  link?: string;
  /** Per run; not where the type has its own: packages, lists that count, subscriptions */
  quantity?: number;
  dripFeed?: {
    runs: number;
    intervalMinutes: number;
  };
  /** When to start; what has passed means now */
  scheduledAt?: string;
  /** Your own name for the order */
  reference?: string;
  /** Refuse when the price is above this */
  maxCharge?: string;
  /** Of a type that has it: one a line, at most 10000 of 2500 characters each */
  keywords?: string | string[];
  /** Of a type that has it: one a line, at most 10000 of 2500 characters each */
  comments?: string | string[];
  /** Of a type that has it: one a line, at most 10000 of 2500 characters each */
  usernames?: string | string[];
  /** Of a type that has it: one a line, at most 10000 of 2500 characters each */
  hashtags?: string | string[];
  /** Of a type that has it: one a line, at most 10000 of 2500 characters each */
  groups?: string | string[];
  /** Of a type that has it: one line of at most 2500 characters */
  hashtag?: string;
  /** Of a type that has it: one line of at most 2500 characters */
  username?: string;
  /** Of a type that has it: one line of at most 2500 characters */
  media?: string;
  /** Of a type that has it: a whole number from 1 to 1000 */
  answer_number?: number | string;
  /** Of a type that has it: one line of at most 2500 characters */
  country?: string;
  /** Of a type that has it: a whole number from 1 to 5 */
  device?: number | string;
  /** Of a type that has it: a whole number from 1 to 3 */
  type_of_traffic?: number | string;
  /** Of a type that has it: one line of at most 2500 characters */
  google_keyword?: string;
  /** Of a type that has it: one line of at most 2500 characters */
  referring_url?: string;
  /** Of a type that has it: a whole number from 1 to 1000000000 */
  min?: number | string;
  /** Of a type that has it: a whole number from 1 to 1000000000 */
  max?: number | string;
  /** Of a type that has it: a whole number from 1 to 100000 */
  posts?: number | string;
  /** Of a type that has it: a whole number from 1 to 100000 */
  old_posts?: number | string;
  /** Of a type that has it: one of 0, 5, 10, 15, 20, 30, 40, 50, 60, 90, 120, 150, 180, 210, 240, 270, 300, 360, 420, 480, 540, 600 */
  delay?: number | string;
  /** Of a type that has it: a date as d/m/Y */
  expiry?: string;
}

export interface NewProvider {
  name: string;
  /** The panel's whole API address */
  url: string;
  /** Our key there; kept encrypted, never shown */
  key: string;
  pollSeconds?: number;
  /** In the provider's own currency: with less left there an alert is raised */
  lowBalance?: string | null;
  /** What it signs its callbacks with (Standard Webhooks); kept encrypted, never shown */
  callbackSecret?: string | null;
  /** Errors that contain the text mean this; `unknown`: they prove nothing */
  definiteErrors?: Array<{
    text: string;
    means: "refused" | "wait" | "funds" | "key" | "throttled" | "unreachable" | "trouble" | "unknown";
  }>;
  /** HTTP statuses that mean: asked too often, and not acted on. By default 429 */
  throttleStatuses?: number[];
  /** How its orders are listed; without it nobody looks for a send whose outcome is not known */
  listsOrders?: {
    action?: string;
    pageSize?: number;
    /** How far its clock may be from ours */
    skewSeconds?: number;
    /** When its orders are looked through after such a send; the last is repeated */
    looksAfterSeconds?: number[];
    /** What its whole list does not show, twice, was not placed, and is sent again without asking anybody */
    authoritative?: boolean;
    /** How far apart the two looks must be, at least */
    graceSeconds?: number;
  } | null;
  /** It refuses a second order for a service and link only while one of ours is running there */
  duplicateGuard?: boolean;
  /** Sends in a row without a clear answer after which it is paused. By default 3 */
  breakAfter?: number;
  /** Sends it may have in flight at the same time; the others wait. By default 20 */
  maxParallelSends?: number;
  /** It may be reached without TLS, our key there included; by default only https is, outside of a stack on one machine */
  allowPlainHttp?: boolean;
  /** What its words for a status mean, of orders and refills alike, in any case and spacing: `{"Selesai": "Completed"}`. `Error`: a person decides */
  statusWords?: Record<string, unknown>;
  /** Whether it can be asked about many orders, or refills, in one call. Null, as usual: that shows by its answers */
  lists?: boolean | null;
}

export interface NewService {
  name: string;
  category: string;
  type?: "Default" | "Package" | "SEO" | "Custom Comments" | "Mentions" | "Mentions with Hashtags" | "Mentions Custom List" | "Mentions Hashtag" | "Mentions User Followers" | "Mentions Media Likers" | "Custom Comments Package" | "Comment Likes" | "Poll" | "Comment Replies" | "Invites from Groups" | "Subscriptions" | "Web Traffic";
  rate: string;
  min: number;
  max: number;
  /** The quantity, of each run, is a multiple of it */
  step?: number;
  /** Only of Subscriptions: an order without posts is bought, and paid for, for so many; by default 100 */
  unlimitedPosts?: number;
  /** Only the types Default and Web Traffic have it, of any other it stays false */
  dripFeed?: boolean;
  cancel?: boolean;
  refillDays?: number;
  /** Refills an order may have */
  refillCap?: number;
  /** From the end of one refill to the next request */
  refillCooldownSeconds?: number;
  /** When the provider makes no refill: a person decides (review), what was counted as missing is sent on another route at the house's cost (resend), or it ends Rejected with the reason (reject) */
  refillFallback?: "review" | "resend" | "reject";
  /** When nothing has been delivered for so long, staff are told; by default a day, of a subscription a year */
  stallAfterSeconds?: number;
  /** When it has not ended for so long, staff are told; by default a week, of a subscription a year */
  reviewAfterSeconds?: number;
  /** counter: what the provider says is charged for once the target's count agrees, or a person decides */
  verify?: "provider" | "counter";
  /** Where a target is counted: GET <counterUrl>?link=<link> answers {"count": 1234}. With verify counter the default is the installation's */
  counterUrl?: string | null;
  /** Of what was delivered, how much the count may lack */
  counterTolerancePercent?: number;
  /** Until a count that does not agree is taken again; each wait after it is twice as long */
  recheckSeconds?: number;
  linkPattern?: string | null;
  duplicateLink?: "reject" | "queue" | "allow";
  /** Whose open orders for a link count: those of the same account, or also those of others that are being delivered */
  duplicateScope?: "account" | "all";
  /** Parameters of links that make no other target here, in any case, beside those that never do (utm_source, igsh, fbclid …) */
  ignoredLinkParameters?: string[];
  /** After a run of a drip-feed that did not deliver all: the next run, the missing part on the next route, or the end */
  afterFailedRun?: "continue" | "retry" | "stop";
  /** In order of preference */
  routes: Array<{
    provider: number;
    providerService: string;
    rate: string;
    /** Whether orders are sent on it */
    active?: boolean;
  }>;
}

export interface NewWebhook {
  id: number;
  /** null: it is told by e-mail */
  url: string | null;
  email: string | null;
  description: string | null;
  /** The types it is told of; null: all */
  events: Array<"order.accepted" | "order.in_progress" | "order.stalled" | "order.review" | "order.completed" | "order.partial" | "order.canceled" | "order.corrected" | "refill.requested" | "refill.in_progress" | "refill.completed" | "refill.rejected"> | null;
  enabled: boolean;
  /** gone: it answered 410; failing: nothing got through for days; unconfirmed: the address is to be confirmed; owner: its account did it */
  disabledReason: "gone" | "owner" | "failing" | "unconfirmed" | null;
  /** Until then the code counts that was sent to the address */
  confirmUntil: string | null;
  createdAt: string;
  /** Until then the secret before signs too */
  oldSecretUntil: string | null;
  /** Shown once; there is none for e-mail */
  secret?: string;
}

export interface Order {
  id: number;
  status: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
  attention: "none" | "stalled" | "paused" | "review" | "conflict" | "uncertain";
  service: number;
  link: string;
  /** Per run */
  quantity: number;
  runs: number;
  /** quantity × runs */
  totalQuantity: number;
  price: string;
  /** The price until settlement; after it charge + refunded = price */
  charge: string;
  refunded: string;
  currency: string;
  delivered: number;
  remains: number;
  percent: number;
  startCount: number | null;
  reason: string | null;
  createdAt: string;
  scheduledAt: string | null;
  startedAt: string | null;
  settledAt: string | null;
  completedAt: string | null;
  /** From startedAt to settledAt, or until now */
  elapsedSeconds: number;
  intervalMinutes: number | null;
  /** When the next run is due; null while the order is paused */
  nextRunAt: string | null;
  refillUntil: string | null;
  reference: string | null;
  /** The last 50; none before the first is sent */
  batches: Array<{
    batch: number;
    quantity: number;
    status: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
    delivered: number;
    startedAt: string | null;
  }>;
  version: number;
}

export interface OrderEvent {
  id: number;
  type: string;
  /** Your account, `provider`, `system` or `staff` */
  by: string;
  at: string;
  version: number;
  data: Record<string, unknown>;
}

export interface Problem {
  type: string;
  status: number;
  request_id: string;
  title: string;
  detail: string;
  code: ErrorCode;
  errors?: Array<{
    path: string;
    message: string;
  }>;
}

export type Provider = ProviderPause & {
  name: string;
  url: string;
  pollSeconds: number;
  createdAt: string;
  definiteErrors: Array<{
    text: string;
    means: string;
  }>;
  throttleStatuses: number[];
  listsOrders: {
    action: string;
    pageSize: number;
    skewSeconds: number;
    looksAfterSeconds: number[];
    authoritative: boolean;
    graceSeconds: number;
  } | null;
  duplicateGuard: boolean;
  breakAfter: number;
  maxParallelSends: number;
  allowPlainHttp: boolean;
  statusWords: Record<string, unknown>;
  lists: boolean | null;
  /** Calls in which it showed by its answers that it knows no lists, and when */
  noLists: {
    status?: string;
    refill_status?: string;
  };
  lowBalance: string | null;
  /** As the provider said it last, in its own currency */
  balance: string | null;
  currency: string | null;
  balanceAt: string | null;
  catalogueAt: string | null;
  /** Why its catalogue was not read since */
  catalogueProblem: string | null;
};

export interface ProviderChange {
  pollSeconds?: number;
  /** In the provider's own currency: with less left there an alert is raised */
  lowBalance?: string | null;
  /** Errors that contain the text mean this; `unknown`: they prove nothing */
  definiteErrors?: Array<{
    text: string;
    means: "refused" | "wait" | "funds" | "key" | "throttled" | "unreachable" | "trouble" | "unknown";
  }> | null;
  /** HTTP statuses that mean: asked too often, and not acted on. By default 429 */
  throttleStatuses?: number[] | null;
  /** How its orders are listed; without it nobody looks for a send whose outcome is not known */
  listsOrders?: {
    action?: string;
    pageSize?: number;
    /** How far its clock may be from ours */
    skewSeconds?: number;
    /** When its orders are looked through after such a send; the last is repeated */
    looksAfterSeconds?: number[];
    /** What its whole list does not show, twice, was not placed, and is sent again without asking anybody */
    authoritative?: boolean;
    /** How far apart the two looks must be, at least */
    graceSeconds?: number;
  } | null;
  /** It refuses a second order for a service and link only while one of ours is running there */
  duplicateGuard?: boolean | null;
  /** Sends in a row without a clear answer after which it is paused. By default 3 */
  breakAfter?: number | null;
  /** Sends it may have in flight at the same time; the others wait. By default 20 */
  maxParallelSends?: number | null;
  /** It may be reached without TLS, our key there included; by default only https is, outside of a stack on one machine */
  allowPlainHttp?: boolean | null;
  /** What its words for a status mean, of orders and refills alike, in any case and spacing: `{"Selesai": "Completed"}`. `Error`: a person decides */
  statusWords?: Record<string, unknown> | null;
  /** Whether it can be asked about many orders, or refills, in one call. Null, as usual: that shows by its answers */
  lists?: boolean | null;
}

export interface ProviderChecked {
  provider: number;
  /** Whether it said what it sells; if not, nothing has changed */
  read: boolean;
  problem: string | null;
  balanceRead: boolean;
  services: number;
  /** Rows of its answer that nothing could be done with */
  unreadable: number;
  added: number;
  changed: number;
  gone: number;
  /** Routes on which nothing is sent from now on */
  held: number;
  /** Routes on which orders are sent again */
  freed: number;
  /** Services that are sold at another rate now, as their rules say */
  repriced: number;
}

export interface ProviderPause {
  id: number;
  /** Null: orders are sent to it */
  pausedUntil: string | null;
  /** `funds`, `key`, `throttled`, `unreachable` or `trouble` of its own; `staff` when somebody paused it */
  pauseReason: string | null;
  /** What staff said about it */
  pauseNote: string | null;
}

export interface ProviderService {
  /** Its id there */
  service: string;
  name: string;
  category: string;
  type: string;
  /** As the provider says it; null: it cannot be read */
  rate: string | null;
  min: number | null;
  max: number | null;
  /** Quantities are multiples of it; null: it does not say so */
  step: number | null;
  dripFeed: boolean;
  refill: boolean;
  cancel: boolean;
  imported: boolean;
  /** Our services that have a route there */
  services: number[];
  firstSeenAt: string;
  lastSeenAt: string;
  changedAt: string;
  /** Since when it is not in the catalogue; null: it is */
  goneAt: string | null;
}

export interface Reconciliation {
  /** When the last run began; null before the first */
  at: string | null;
  tookMs: number | null;
  /** When the last pass over all orders that have not ended was through */
  sweptAt: string | null;
  looked: {
    /** Orders that must have a running workflow */
    orders: number;
    /** Running workflows of orders */
    workflows: number;
    /** Providers with running batches */
    providers: number;
  };
  findings: Array<{
    kind: "order_lost" | "claim_open" | "workflow_orphaned" | "workflow_stuck" | "batch_unwatched" | "provider_silent" | "events_behind" | "outbox_lost" | "delivery_lost" | "list_lost";
    found: number;
    /** Of these, what was put right at once */
    repaired: number;
  }>;
  /** Parts of the run that could not be done */
  failed: string[];
}

export interface Refill {
  id: number;
  order: number;
  status: "Pending" | "In progress" | "Completed" | "Rejected";
  /** Items that are gone from the target; null where nobody counted */
  missing: number | null;
  reason: string | null;
  /** Why the provider did not refill it; null when it did, or a person decided */
  rejection: string | null;
  requestedAt: string;
  endedAt: string | null;
}

export type Resolution = ResolutionExtend | ResolutionComplete | ResolutionPartial | ResolutionCancel | ResolutionRedispatch | ResolutionAttach | ResolutionNotPlaced;

/** What may have been placed is this order of the provider */
export interface ResolutionAttach {
  action: "attach";
  /** The order's id at the provider */
  providerOrder: string;
  /** Of an uncertain order: which batch this is about. Needed when more than one is uncertain */
  batch?: number;
  reason?: string;
}

/** Asks the provider to stop. Of an uncertain order: what may have been placed counts as not delivered */
export interface ResolutionCancel {
  action: "cancel";
  /** Of an uncertain order: which batch this is about. Needed when more than one is uncertain */
  batch?: number;
  reason?: string;
}

/** Settles it as Completed */
export interface ResolutionComplete {
  action: "complete";
  reason?: string;
}

/** Lets it go on: the cap starts again */
export interface ResolutionExtend {
  action: "extend";
  /** How long it may go on from now, above 0 */
  hours: number;
  reason?: string;
}

/** What may have been placed was not, and is sent again by the routes */
export interface ResolutionNotPlaced {
  action: "notPlaced";
  /** Of an uncertain order: which batch this is about. Needed when more than one is uncertain */
  batch?: number;
  reason?: string;
}

/** Settles it with so much delivered; the rest is refunded */
export interface ResolutionPartial {
  action: "partial";
  /** At most the totalQuantity of the order */
  delivered: number;
  reason?: string;
}

/** Asks the provider to stop; what is missing then goes to the next route */
export interface ResolutionRedispatch {
  action: "redispatch";
  reason?: string;
}

export interface Review {
  order: number;
  account: number;
  service: number;
  status: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
  attention: "none" | "stalled" | "paused" | "review" | "conflict" | "uncertain";
  reason: string | null;
  delivered: number;
  totalQuantity: number;
  createdAt: string;
  /** When it began to wait */
  since: string | null;
  by: string | null;
  why: string | null;
  /** What resolve takes now */
  actions: Array<"extend" | "complete" | "partial" | "cancel" | "redispatch" | "attach" | "notPlaced">;
  /** Attempts of which nobody knows whether they were placed */
  uncertain: Attempt[];
}

/** All that wait for a person now and fit; instead of ids */
export interface ReviewFilter {
  /** Where it may have been placed, or who has it. Attempts at others are not decided about */
  provider?: number;
  attention?: "stalled" | "paused" | "review" | "conflict" | "uncertain";
  service?: number;
  /** Placed at this moment or later */
  from?: string;
  /** Placed before */
  to?: string;
}

export interface Service {
  id: number;
  name: string;
  category: string;
  /** As panel API v2 has it: it says which fields an order has */
  type: string;
  /** Per 1000, or per package */
  rate: string;
  currency: string;
  min: number;
  max: number;
  /** Of a subscription: an order without `posts` is for so many. Null for every other type */
  unlimitedPosts: number | null;
  dripFeed: boolean;
  cancel: boolean;
  refillDays: number;
  linkPattern: string | null;
  /** The quantity, of each run, is a multiple of it */
  step: number;
  duplicateLink: "reject" | "queue" | "allow";
}

export interface ServiceChange {
  name?: string;
  category?: string;
  type?: "Default" | "Package" | "SEO" | "Custom Comments" | "Mentions" | "Mentions with Hashtags" | "Mentions Custom List" | "Mentions Hashtag" | "Mentions User Followers" | "Mentions Media Likers" | "Custom Comments Package" | "Comment Likes" | "Poll" | "Comment Replies" | "Invites from Groups" | "Subscriptions" | "Web Traffic";
  rate?: string;
  min?: number;
  max?: number;
  /** The quantity, of each run, is a multiple of it */
  step?: number;
  /** Only of Subscriptions: an order without posts is bought, and paid for, for so many; by default 100 */
  unlimitedPosts?: number;
  /** Only the types Default and Web Traffic have it, of any other it stays false */
  dripFeed?: boolean;
  cancel?: boolean;
  refillDays?: number;
  /** Refills an order may have */
  refillCap?: number;
  /** From the end of one refill to the next request */
  refillCooldownSeconds?: number;
  /** When the provider makes no refill: a person decides (review), what was counted as missing is sent on another route at the house's cost (resend), or it ends Rejected with the reason (reject) */
  refillFallback?: "review" | "resend" | "reject";
  /** When nothing has been delivered for so long, staff are told; by default a day, of a subscription a year */
  stallAfterSeconds?: number;
  /** When it has not ended for so long, staff are told; by default a week, of a subscription a year */
  reviewAfterSeconds?: number;
  /** counter: what the provider says is charged for once the target's count agrees, or a person decides */
  verify?: "provider" | "counter";
  /** Where a target is counted: GET <counterUrl>?link=<link> answers {"count": 1234}. With verify counter the default is the installation's */
  counterUrl?: string | null;
  /** Of what was delivered, how much the count may lack */
  counterTolerancePercent?: number;
  /** Until a count that does not agree is taken again; each wait after it is twice as long */
  recheckSeconds?: number;
  linkPattern?: string | null;
  duplicateLink?: "reject" | "queue" | "allow";
  /** Whose open orders for a link count: those of the same account, or also those of others that are being delivered */
  duplicateScope?: "account" | "all";
  /** Parameters of links that make no other target here, in any case, beside those that never do (utm_source, igsh, fbclid …) */
  ignoredLinkParameters?: string[];
  /** After a run of a drip-feed that did not deliver all: the next run, the missing part on the next route, or the end */
  afterFailedRun?: "continue" | "retry" | "stop";
  /** In order of preference */
  routes?: Array<{
    provider: number;
    providerService: string;
    rate: string;
    /** Whether orders are sent on it */
    active?: boolean;
  }>;
  /** Whether it is sold */
  active?: boolean;
}

export interface ServiceStats {
  service: number;
  /** When the figures were worked out; they are kept for some minutes */
  asOf: string;
  /** How many days back orders that ended are counted */
  days: number;
  ended: number;
  /** From the start of an order to Completed; drip-feeds, whose time is their plan, aside */
  completedSeconds: {
    average: number | null;
    p50: number | null;
    p95: number | null;
  };
  /** Of the orders that ended; 0 to 1 */
  partialShare: number | null;
  /** Of the orders that ended; 0 to 1 */
  canceledShare: number | null;
  /** Orders of the service that have not ended */
  running: number;
  /** Delivered over the last day */
  itemsPerHour: number;
  /** How much runs where it is bought, in the order of preference */
  load: Array<{
    route: number;
    runningBatches: number;
  }>;
}

export interface ServiceWithRoutes {
  id: number;
  name: string;
  category: string;
  type: string;
  rate: string;
  min: number;
  max: number;
  step: number;
  unlimitedPosts: number | null;
  dripFeed: boolean;
  cancel: boolean;
  refillDays: number;
  refillCap: number;
  refillCooldownSeconds: number;
  refillFallback: "review" | "resend" | "reject";
  stallAfterSeconds: number;
  reviewAfterSeconds: number;
  verify: string;
  counterUrl: string | null;
  counterTolerancePercent: number;
  recheckSeconds: number;
  linkPattern: string | null;
  duplicateLink: "reject" | "queue" | "allow";
  duplicateScope: "account" | "all";
  ignoredLinkParameters: string[];
  afterFailedRun: string;
  active: boolean;
  routes: Array<{
    provider: number;
    providerService: string;
    rate: string;
    active: boolean;
    /** Why nothing is sent on it: its provider does not sell it any more, or asks more than it is sold at */
    held: "gone" | "unprofitable" | null;
    /** What the provider takes in one order; null: it has not said */
    min: number | null;
    max: number | null;
    /** Quantities that it takes are multiples of it */
    step: number | null;
  }>;
}

export interface StatementLine {
  /** Counts the wallet's movements from 1, without a gap */
  line: number;
  kind: "deposit" | "hold" | "refund" | "correction";
  /** Negative when it left the wallet */
  amount: string;
  /** After this movement */
  balance: string;
  order: number | null;
  note: string | null;
  at: string;
}

export interface Webhook {
  id: number;
  /** null: it is told by e-mail */
  url: string | null;
  email: string | null;
  description: string | null;
  /** The types it is told of; null: all */
  events: Array<"order.accepted" | "order.in_progress" | "order.stalled" | "order.review" | "order.completed" | "order.partial" | "order.canceled" | "order.corrected" | "refill.requested" | "refill.in_progress" | "refill.completed" | "refill.rejected"> | null;
  enabled: boolean;
  /** gone: it answered 410; failing: nothing got through for days; unconfirmed: the address is to be confirmed; owner: its account did it */
  disabledReason: "gone" | "owner" | "failing" | "unconfirmed" | null;
  /** Until then the code counts that was sent to the address */
  confirmUntil: string | null;
  createdAt: string;
  /** Until then the secret before signs too */
  oldSecretUntil: string | null;
}

export interface WebhookDelivery {
  /** The webhook-id that receivers see */
  event: string;
  type: string;
  order: number | null;
  state: "pending" | "retrying" | "delivered" | "failed" | "stopped";
  /** All of them, those before a replay included */
  attempts: number;
  /** The HTTP status of the last attempt, or what the mail server replied */
  lastStatus: number | null;
  /** Why it had none: address_refused, no_connection, tls, timeout, broken_answer, login or no_mailer */
  lastError: string | null;
  createdAt: string;
  lastAttemptAt: string | null;
  nextAttemptAt: string | null;
  deliveredAt: string | null;
}

export interface WebhookWithSecret {
  id: number;
  /** null: it is told by e-mail */
  url: string | null;
  email: string | null;
  description: string | null;
  /** The types it is told of; null: all */
  events: Array<"order.accepted" | "order.in_progress" | "order.stalled" | "order.review" | "order.completed" | "order.partial" | "order.canceled" | "order.corrected" | "refill.requested" | "refill.in_progress" | "refill.completed" | "refill.rejected"> | null;
  enabled: boolean;
  /** gone: it answered 410; failing: nothing got through for days; unconfirmed: the address is to be confirmed; owner: its account did it */
  disabledReason: "gone" | "owner" | "failing" | "unconfirmed" | null;
  /** Until then the code counts that was sent to the address */
  confirmUntil: string | null;
  createdAt: string;
  /** Until then the secret before signs too */
  oldSecretUntil: string | null;
  /** Shown once; there is none for e-mail */
  secret: string;
}

/** Every operation of REST v1: what it takes and what it answers. */
export interface Operations {
  /** Accounts, newest first */
  'GET /v1/admin/accounts': {
    input: {
      query?: {
        limit?: number;
        cursor?: string;
      };
    };
    answer: {
      data: Account[];
      nextCursor: string | null;
    };
  };
  /** Open an account */
  'POST /v1/admin/accounts': {
    input: {
      body: {
        name: string;
      };
    };
    answer: {
      id: number;
    };
  };
  /** Put money into a wallet; a reference counts once */
  'POST /v1/admin/accounts/{id}/deposits': {
    input: {
      path: {
        id: number;
      };
      body: {
        amount: string;
        reference: string;
      };
    };
    answer: {
      account: number;
      amount: string;
      balance: string;
      reference: string;
    };
  };
  /** An account's keys, newest first, never the secret */
  'GET /v1/admin/accounts/{id}/keys': {
    input: {
      path: {
        id: number;
      };
      query?: {
        limit?: number;
        cursor?: string;
      };
    };
    answer: {
      data: Key[];
      nextCursor: string | null;
    };
  };
  /** Make a key; it is shown this once */
  'POST /v1/admin/accounts/{id}/keys': {
    input: {
      path: {
        id: number;
      };
      body: {
        name: string;
        scopes?: Array<"orders:read" | "orders:write" | "wallet:read" | "webhooks:manage" | "admin">;
        /** When the key ends by itself; without, never */
        expiresAt?: string;
      };
    };
    answer: {
      id: number;
      key: string;
    };
  };
  /** What the operator must look at, newest first */
  'GET /v1/admin/alerts': {
    input: {
      query?: {
        limit?: number;
        cursor?: string;
        open?: "true" | "false";
      };
    };
    answer: {
      data: Alert[];
      nextCursor: string | null;
    };
  };
  /** What staff did, newest first */
  'GET /v1/admin/audit': {
    input: {
      query?: {
        limit?: number;
        cursor?: string;
        key?: number;
        action?: string;
        subject?: string;
        from?: string;
        to?: string;
      };
    };
    answer: {
      data: AuditEntry[];
      nextCursor: string | null;
    };
  };
  /** Revoke a key, at once and for ever */
  'DELETE /v1/admin/keys/{id}': {
    input: {
      path: {
        id: number;
      };
    };
    answer: Key;
  };
  /** Orders of providers that turned up late, and what was lost with them, newest first */
  'GET /v1/admin/late-orders': {
    input: {
      query?: {
        limit?: number;
        cursor?: string;
      };
    };
    answer: {
      data: LateOrder[];
      nextCursor: string | null;
    };
  };
  /** Every try to place an order with a provider, the newest first */
  'GET /v1/admin/orders/{id}/attempts': {
    input: {
      path: {
        id: number;
      };
    };
    answer: {
      data: Attempt[];
    };
  };
  /** Tell of an order at the provider that turned up after it was decided that it was not placed */
  'POST /v1/admin/orders/{id}/late-orders': {
    input: {
      path: {
        id: number;
      };
      body: NewLateOrder;
    };
    answer: LateOrder;
  };
  /** Decide what waits for a person */
  'POST /v1/admin/orders/{id}/resolve': {
    input: {
      path: {
        id: number;
      };
      body: Resolution;
    };
    answer: Accepted;
  };
  /** An order as its workflow knows it at this moment */
  'GET /v1/admin/orders/{id}/workflow': {
    input: {
      path: {
        id: number;
      };
    };
    answer: LiveOrder;
  };
  /** Providers, newest first, without their keys */
  'GET /v1/admin/providers': {
    input: {
      query?: {
        limit?: number;
        cursor?: string;
      };
    };
    answer: {
      data: Provider[];
      nextCursor: string | null;
    };
  };
  /** Add an upstream panel */
  'POST /v1/admin/providers': {
    input: {
      body: NewProvider;
    };
    answer: {
      id: number;
    };
  };
  /** Change how often a provider is asked, below which balance somebody is told, or how it deviates from the others */
  'PATCH /v1/admin/providers/{id}': {
    input: {
      path: {
        id: number;
      };
      body: ProviderChange;
    };
    answer: {
      id: number;
    };
  };
  /** What a provider sells, as it was last read */
  'GET /v1/admin/providers/{id}/catalogue': {
    input: {
      path: {
        id: number;
      };
      query?: {
        limit?: number;
        cursor?: string;
        imported?: "true" | "false";
        gone?: "true" | "false";
        type?: string;
        search?: string;
      };
    };
    answer: {
      data: ProviderService[];
      nextCursor: string | null;
    };
  };
  /** What a provider has changed about services that we have a route on, newest first */
  'GET /v1/admin/providers/{id}/catalogue/changes': {
    input: {
      path: {
        id: number;
      };
      query?: {
        limit?: number;
        cursor?: string;
        service?: string;
      };
    };
    answer: {
      data: CatalogueChange[];
      nextCursor: string | null;
    };
  };
  /** Sell a provider's services, each with a route to it */
  'POST /v1/admin/providers/{id}/catalogue/import': {
    input: {
      path: {
        id: number;
      };
      body: Import;
    };
    answer: Imported;
  };
  /** Read a provider's balance and catalogue now */
  'POST /v1/admin/providers/{id}/catalogue/refresh': {
    input: {
      path: {
        id: number;
      };
    };
    answer: ProviderChecked;
  };
  /** What a provider takes back after settlements, held because it takes back too much at once; newest first */
  'GET /v1/admin/providers/{id}/held-corrections': {
    input: {
      path: {
        id: number;
      };
      query?: {
        limit?: number;
        cursor?: string;
        state?: "held" | "released" | "applied" | "dropped" | "withdrawn";
      };
    };
    answer: {
      data: HeldCorrection[];
      nextCursor: string | null;
    };
  };
  /** Give nothing back of what is held of a provider: it was mistaken */
  'POST /v1/admin/providers/{id}/held-corrections/drop': {
    input: {
      path: {
        id: number;
      };
      body: HeldCorrectionsDecision;
    };
    answer: HeldCorrectionsDecided;
  };
  /** Give back what is held of a provider: it means it */
  'POST /v1/admin/providers/{id}/held-corrections/release': {
    input: {
      path: {
        id: number;
      };
      body: HeldCorrectionsDecision;
    };
    answer: HeldCorrectionsDecided;
  };
  /** Send a provider nothing for some minutes */
  'POST /v1/admin/providers/{id}/pause': {
    input: {
      path: {
        id: number;
      };
      body: {
        minutes: number;
        reason?: string;
      };
    };
    answer: ProviderPause;
  };
  /** Send a provider orders again */
  'POST /v1/admin/providers/{id}/resume': {
    input: {
      path: {
        id: number;
      };
    };
    answer: ProviderPause;
  };
  /** How the last comparison of PostgreSQL with Temporal went */
  'GET /v1/admin/reconcile': {
    input: object;
    answer: Reconciliation;
  };
  /** Orders that wait for a person, oldest first */
  'GET /v1/admin/reviews': {
    input: {
      query?: {
        limit?: number;
        cursor?: string;
        attention?: "stalled" | "paused" | "review" | "conflict" | "uncertain";
        provider?: number;
        service?: number;
        from?: string;
        to?: string;
      };
    };
    answer: {
      data: Review[];
      nextCursor: string | null;
    };
  };
  /** How far a decision about many orders has come, and what came of each */
  'GET /v1/admin/reviews/resolutions/{id}': {
    input: {
      path: {
        id: number;
      };
      query?: {
        limit?: number;
        cursor?: string;
      };
    };
    answer: BulkDecisionPage;
  };
  /** Decide what waits for a person, for many orders at once */
  'POST /v1/admin/reviews/resolve': {
    input: {
      body: BulkResolution;
    };
    answer: BulkDryRun | BulkDecision;
  };
  /** Services with their routes, newest first */
  'GET /v1/admin/services': {
    input: {
      query?: {
        limit?: number;
        cursor?: string;
      };
    };
    answer: {
      data: ServiceWithRoutes[];
      nextCursor: string | null;
    };
  };
  /** Offer a service */
  'POST /v1/admin/services': {
    input: {
      body: NewService;
    };
    answer: {
      id: number;
    };
  };
  /** Change a service: whatever can be said of a new one, its routes among it, or whether it is sold */
  'PATCH /v1/admin/services/{id}': {
    input: {
      path: {
        id: number;
      };
      body: ServiceChange;
    };
    answer: {
      id: number;
    };
  };
  /** What the wallet holds */
  'GET /v1/balance': {
    input: object;
    answer: {
      balance: string;
      currency: string;
    };
  };
  /** Orders, newest first */
  'GET /v1/orders': {
    input: {
      query?: {
        limit?: number;
        cursor?: string;
        status?: "Pending" | "Processing" | "In progress" | "Completed" | "Partial" | "Canceled";
        attention?: "none" | "stalled" | "paused" | "review" | "conflict" | "uncertain";
        service?: number;
        reference?: string;
        archived?: "true" | "false";
        from?: string;
        to?: string;
      };
    };
    answer: {
      data: Order[];
      nextCursor: string | null;
    };
  };
  /** Place an order */
  'POST /v1/orders': {
    input: {
      body: NewOrder;
    };
    answer: Order;
  };
  /** Place a list of orders */
  'POST /v1/orders/batch': {
    input: {
      body: {
        lines: Array<NewOrder | string>;
      } | string;
    };
    answer: ListResult | MassPlacement;
  };
  /** How far a large list has come, and what became of its lines */
  'GET /v1/orders/batch/{id}': {
    input: {
      path: {
        id: number;
      };
      query?: {
        limit?: number;
        cursor?: string;
      };
    };
    answer: MassPage;
  };
  /** Place no further line of a list */
  'POST /v1/orders/batch/{id}/cancel': {
    input: {
      path: {
        id: number;
      };
    };
    answer: MassPlacement & {
      canceledNow: number;
    };
  };
  /** One order */
  'GET /v1/orders/{id}': {
    input: {
      path: {
        id: number;
      };
    };
    answer: Order;
  };
  /** Cancel an order */
  'POST /v1/orders/{id}/cancel': {
    input: {
      path: {
        id: number;
      };
      body?: {
        reason?: string;
      };
    };
    answer: Accepted;
  };
  /** The delivery curve: what was planned, and when how much had been delivered */
  'GET /v1/orders/{id}/delivery': {
    input: {
      path: {
        id: number;
      };
    };
    answer: Delivery;
  };
  /** Pause an order */
  'POST /v1/orders/{id}/pause': {
    input: {
      path: {
        id: number;
      };
      body?: {
        reason?: string;
      };
    };
    answer: Accepted;
  };
  /** The refills of an order, newest first */
  'GET /v1/orders/{id}/refills': {
    input: {
      path: {
        id: number;
      };
      query?: {
        limit?: number;
        cursor?: string;
      };
    };
    answer: {
      data: Refill[];
      nextCursor: string | null;
    };
  };
  /** Ask for a refill of a Completed order */
  'POST /v1/orders/{id}/refills': {
    input: {
      path: {
        id: number;
      };
      body?: {
        reason?: string;
      };
    };
    answer: Refill;
  };
  /** Let a paused order go on */
  'POST /v1/orders/{id}/resume': {
    input: {
      path: {
        id: number;
      };
      body?: {
        reason?: string;
      };
    };
    answer: Accepted;
  };
  /** What happened to an order, and who did it, oldest first */
  'GET /v1/orders/{id}/timeline': {
    input: {
      path: {
        id: number;
      };
      query?: {
        limit?: number;
        cursor?: string;
      };
    };
    answer: {
      data: OrderEvent[];
      nextCursor: string | null;
    };
  };
  /** All that can be ordered */
  'GET /v1/services': {
    input: object;
    answer: {
      data: Service[];
    };
  };
  /** How fast and how well a service has been delivered lately */
  'GET /v1/services/{id}/stats': {
    input: {
      path: {
        id: number;
      };
    };
    answer: ServiceStats;
  };
  /** The wallet's movements, newest first */
  'GET /v1/statement': {
    input: {
      query?: {
        limit?: number;
        cursor?: string;
      };
    };
    answer: {
      data: StatementLine[];
      nextCursor: string | null;
    };
  };
  /** Webhooks, newest first */
  'GET /v1/webhooks': {
    input: {
      query?: {
        limit?: number;
        cursor?: string;
      };
    };
    answer: {
      data: Webhook[];
      nextCursor: string | null;
    };
  };
  /** Be told of what happens to orders */
  'POST /v1/webhooks': {
    input: {
      body: {
        /** https, at a public address */
        url?: string;
        /** Has to be confirmed */
        email?: string;
        /** The types it is told of; null: all */
        events?: Array<"order.accepted" | "order.in_progress" | "order.stalled" | "order.review" | "order.completed" | "order.partial" | "order.canceled" | "order.corrected" | "refill.requested" | "refill.in_progress" | "refill.completed" | "refill.rejected"> | null;
        description?: string | null;
      };
    };
    answer: NewWebhook;
  };
  /** One webhook */
  'GET /v1/webhooks/{id}': {
    input: {
      path: {
        id: number;
      };
    };
    answer: Webhook;
  };
  /** Change a webhook, disable or enable it */
  'PATCH /v1/webhooks/{id}': {
    input: {
      path: {
        id: number;
      };
      body: {
        /** https, at a public address */
        url?: string;
        /** The types it is told of; null: all */
        events?: Array<"order.accepted" | "order.in_progress" | "order.stalled" | "order.review" | "order.completed" | "order.partial" | "order.canceled" | "order.corrected" | "refill.requested" | "refill.in_progress" | "refill.completed" | "refill.rejected"> | null;
        description?: string | null;
        enabled?: boolean;
      };
    };
    answer: Webhook;
  };
  /** Delete a webhook */
  'DELETE /v1/webhooks/{id}': {
    input: {
      path: {
        id: number;
      };
    };
    answer: undefined;
  };
  /** Confirm an e-mail address */
  'POST /v1/webhooks/{id}/confirm': {
    input: {
      path: {
        id: number;
      };
      body: {
        /** As it was sent to the address */
        code: string;
      };
    };
    answer: Webhook;
  };
  /** The delivery log, newest event first */
  'GET /v1/webhooks/{id}/deliveries': {
    input: {
      path: {
        id: number;
      };
      query?: {
        limit?: number;
        cursor?: string;
        state?: "pending" | "retrying" | "delivered" | "failed" | "stopped";
      };
    };
    answer: {
      data: WebhookDelivery[];
      nextCursor: string | null;
    };
  };
  /** Send events again */
  'POST /v1/webhooks/{id}/replay': {
    input: {
      path: {
        id: number;
      };
      body: {
        /** The webhook-id that receivers see */
        event: string;
      } | {
        from: string;
        to: string;
      };
    };
    answer: {
      events: number;
    };
  };
  /** Change the secret */
  'POST /v1/webhooks/{id}/rotate': {
    input: {
      path: {
        id: number;
      };
    };
    answer: WebhookWithSecret;
  };
  /** Send a webhook.test event */
  'POST /v1/webhooks/{id}/test': {
    input: {
      path: {
        id: number;
      };
    };
    answer: {
      /** The webhook-id that receivers see */
      event: string;
    };
  };
}

/** Operations that take an Idempotency-Key. */
export const KEYED: ReadonlySet<string> = new Set<keyof Operations>([
  'POST /v1/admin/accounts',
  'POST /v1/admin/accounts/{id}/deposits',
  'POST /v1/admin/accounts/{id}/keys',
  'POST /v1/admin/orders/{id}/late-orders',
  'POST /v1/admin/orders/{id}/resolve',
  'POST /v1/admin/providers',
  'POST /v1/admin/providers/{id}/catalogue/import',
  'POST /v1/admin/providers/{id}/catalogue/refresh',
  'POST /v1/admin/providers/{id}/held-corrections/drop',
  'POST /v1/admin/providers/{id}/held-corrections/release',
  'POST /v1/admin/providers/{id}/pause',
  'POST /v1/admin/providers/{id}/resume',
  'POST /v1/admin/reviews/resolve',
  'POST /v1/admin/services',
  'POST /v1/orders',
  'POST /v1/orders/batch',
  'POST /v1/orders/{id}/cancel',
  'POST /v1/orders/{id}/pause',
  'POST /v1/orders/{id}/refills',
  'POST /v1/orders/{id}/resume',
  'POST /v1/webhooks',
  'POST /v1/webhooks/{id}/replay',
  'POST /v1/webhooks/{id}/rotate',
  'POST /v1/webhooks/{id}/test',
]);
