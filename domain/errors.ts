/**
 * Every error a caller can get: the stable code, the HTTP status of REST v1, a title, and the text of panel API v2.
 * Clients of panel API v2 compare its texts, so they are the strings of other panels. The API and its docs use this table.
 */
interface ErrorKind {
  readonly status: number;
  readonly title: string;
  readonly v2: string;
}

/** A field of an order that is missing or invalid. Panel API v2 names the field in its text. */
const field = <N extends string>(name: N, v2: string = name) => ({
  status: 422,
  title: `The field \`${name}\` is missing or invalid`,
  v2: `neworder.error.${v2}`,
});

export const ERRORS = {
  unauthorized: { status: 401, title: 'The API key is missing, wrong, expired or revoked', v2: 'Invalid API key' },
  invalid_signature: { status: 401, title: 'The signature is missing, wrong or too old', v2: 'Incorrect request' },
  forbidden: { status: 403, title: 'The key lacks the scope that this route needs', v2: 'Invalid API key' },
  not_found: { status: 404, title: 'Not found', v2: 'Incorrect request' },
  order_not_found: { status: 404, title: 'Order not found', v2: 'Incorrect order ID' },
  method_not_allowed: {
    status: 405,
    title: 'The path does not have this method; see the Allow header',
    v2: 'Incorrect request',
  },
  body_too_large: { status: 413, title: 'The request body is too large', v2: 'Request is too large' },
  unsupported_media_type: {
    status: 415,
    title: 'This route does not accept this Content-Type',
    v2: 'Incorrect request',
  },
  too_many_fields: {
    status: 422,
    title: 'The request has too many fields or list items',
    v2: 'Incorrect request: too many fields',
  },
  unknown_charset: {
    status: 415,
    title: 'The charset of the request is not supported',
    v2: 'Incorrect request: unknown charset',
  },
  invalid_encoding: {
    status: 400,
    title: 'The text is not valid in its charset (UTF-8 unless the request names another)',
    v2: 'Incorrect request: text is not valid in its charset',
  },
  malformed_body: { status: 400, title: 'The body cannot be parsed', v2: 'Incorrect request' },
  invalid_request: { status: 422, title: 'The request does not match its schema', v2: 'Incorrect request' },
  incorrect_action: { status: 422, title: 'Unknown action', v2: 'Incorrect action' },
  too_many_ids: { status: 422, title: 'Too many ids in one request', v2: 'Too many ids, 100 at most' },
  idempotency_key_missing: { status: 400, title: 'The Idempotency-Key header is missing', v2: 'Incorrect request' },
  idempotency_key_invalid: { status: 400, title: 'The Idempotency-Key is invalid', v2: 'Incorrect request' },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key was used for another request; use a new key',
    v2: 'Incorrect request',
  },
  claim_withdrawn: {
    status: 409,
    title: 'The request was withdrawn before it became an order; use a new key',
    v2: 'Please try again',
  },
  conflict: { status: 409, title: 'The request conflicts with what is stored', v2: 'Incorrect request' },
  deleted_since: {
    status: 409,
    title: 'The object that this request created has been deleted; use a new Idempotency-Key',
    v2: 'Incorrect request',
  },
  order_ended: { status: 409, title: 'The order has ended', v2: 'The order has ended' },
  not_possible: {
    status: 409,
    title: 'The state of the order does not allow this',
    v2: 'The order cannot be canceled',
  },
  refill_unavailable: {
    status: 409,
    title: 'The order cannot be refilled now',
    v2: 'Order not eligible for refill.',
  },
  reorder_unavailable: {
    status: 409,
    title: 'The order has no undelivered quantity to order again',
    v2: 'Incorrect request',
  },
  already_reordered: {
    status: 409,
    title: 'Another order has ordered the rest of this order; the detail names it',
    v2: 'Incorrect request',
  },
  no_reorder_service: {
    status: 422,
    title: 'No other service of the category takes the rest of the order; name a service',
    v2: 'Incorrect request',
  },
  refill_not_found: { status: 404, title: 'Refill not found', v2: 'Refill not found' },
  webhook_not_found: { status: 404, title: 'Webhook not found', v2: 'Incorrect request' },
  webhook_disabled: { status: 409, title: 'The webhook is disabled; enable it first', v2: 'Incorrect request' },
  too_many_webhooks: {
    status: 409,
    title: 'The account has reached its limit of webhooks; delete one first',
    v2: 'Incorrect request',
  },
  too_many_keys: {
    status: 409,
    title: 'The account has reached its limit of valid keys; revoke one first',
    v2: 'Incorrect request',
  },
  too_many_favourites: {
    status: 409,
    title: 'The account has reached its limit of favourite services; take one away first',
    v2: 'Incorrect request',
  },
  too_many_views: {
    status: 409,
    title: 'The account has reached its limit of saved views; delete one first',
    v2: 'Incorrect request',
  },
  webhook_unconfirmed: {
    status: 409,
    title: 'Confirm the e-mail address first',
    v2: 'Incorrect request',
  },
  confirmation_failed: { status: 422, title: 'The confirmation code is wrong or expired', v2: 'Incorrect request' },
  too_many_confirmations: {
    status: 429,
    title: 'Too many confirmation mails in a day; try again tomorrow',
    v2: 'Rate limit exceeded',
  },
  email_unavailable: { status: 422, title: 'This installation sends no e-mail', v2: 'Incorrect request' },
  webhook_has_no_secret: {
    status: 409,
    title: 'An e-mail webhook has no secret',
    v2: 'Incorrect request',
  },
  event_not_found: { status: 404, title: 'Event not found', v2: 'Incorrect request' },
  too_many_orders: { status: 422, title: 'Too many orders in one request', v2: 'Incorrect request' },
  replayed_lately: {
    status: 429,
    title: 'The event or period was replayed a moment ago; wait a minute',
    v2: 'Rate limit exceeded',
  },
  too_many_tests: { status: 429, title: 'Too many tests of this webhook; wait a minute', v2: 'Rate limit exceeded' },
  too_many_lines: {
    status: 429,
    title: 'Too many lines of lists are waiting or stored; try again later',
    v2: 'Rate limit exceeded',
  },
  too_many_events: {
    status: 422,
    title: 'Too many events in one replay; choose a shorter period',
    v2: 'Incorrect request',
  },
  unknown_service: { status: 422, title: 'Service not found', v2: 'error.incorrect_service_id' },
  no_route: {
    status: 422,
    title: 'No provider delivers this service at the moment',
    v2: 'error.incorrect_service_id',
  },
  unknown_provider: { status: 422, title: 'Provider not found', v2: 'Incorrect request' },
  unknown_account: { status: 404, title: 'Account not found', v2: 'Incorrect request' },
  unsupported_type: { status: 422, title: 'This type of service cannot be ordered', v2: 'error.incorrect_service_id' },
  invalid_link: { status: 422, title: 'The service does not accept this link', v2: 'neworder.error.link' },
  duplicate_link: {
    status: 422,
    title: 'The link has an open order; this service accepts one at a time',
    v2: 'neworder.error.link_duplicate',
  },
  invalid_quantity: {
    status: 422,
    title: 'The quantity is not a positive whole number',
    v2: 'neworder.error.min_quantity',
  },
  quantity_below_min: {
    status: 422,
    title: 'The quantity is below the minimum of the service',
    v2: 'neworder.error.min_quantity',
  },
  quantity_above_max: {
    status: 422,
    title: 'The quantity is above the maximum of the service',
    v2: 'neworder.error.max_quantity',
  },
  quantity_not_multiple: {
    status: 422,
    title: "The quantity is not a multiple of the service's step",
    v2: 'Quantity is not a multiple of the step of the service',
  },
  unexpected_field: { status: 422, title: 'The service does not accept this field', v2: 'Incorrect request' },
  drip_feed_unavailable: { status: 422, title: 'The service does not offer drip-feed', v2: 'neworder.error.runs' },
  invalid_runs: field('runs'),
  invalid_interval: field('interval'),
  invalid_keywords: field('keywords'),
  invalid_comments: field('comments', 'comment'),
  invalid_usernames: field('usernames'),
  invalid_hashtags: field('hashtags'),
  invalid_groups: field('groups'),
  invalid_hashtag: field('hashtag'),
  invalid_username: field('username'),
  invalid_media: field('media'),
  invalid_answer_number: field('answer_number'),
  invalid_country: field('country'),
  invalid_device: field('device'),
  invalid_type_of_traffic: field('type_of_traffic'),
  invalid_google_keyword: field('google_keyword'),
  invalid_referring_url: field('referring_url'),
  invalid_min: field('min'),
  invalid_max: field('max'),
  invalid_posts: field('posts'),
  invalid_old_posts: field('old_posts'),
  invalid_delay: field('delay'),
  invalid_expiry: field('expiry'),
  price_too_large: { status: 422, title: 'The price is above 90 billion', v2: 'neworder.error.max_quantity' },
  cannot_be_placed: {
    status: 422,
    title: 'The order cannot be stored as it is; support has been alerted',
    v2: 'Incorrect request',
  },
  charge_above_max: { status: 422, title: 'The price is above maxCharge', v2: 'Incorrect request' },
  insufficient_funds: {
    status: 402,
    title: "The wallet's balance is below the price",
    v2: 'neworder.error.not_enough_funds',
  },
  rate_limited: { status: 429, title: 'Too many requests', v2: 'Rate limit exceeded' },
  too_many_reads: {
    status: 429,
    title: 'The key has too many reads running at the same time',
    v2: 'Rate limit exceeded',
  },
  overloaded: {
    status: 503,
    title: 'Too many orders are being placed; nothing was written, try again later',
    v2: 'Too many orders at the moment, please try again later',
  },
  outcome_unknown: {
    status: 503,
    title: 'The outcome is not known yet; repeat the request with the same Idempotency-Key',
    v2: 'Please try again later',
  },
  unavailable: { status: 503, title: 'Temporarily unavailable; try again', v2: 'Please try again later' },
  internal: { status: 500, title: 'Internal error; give the request_id to support', v2: 'Please try again later' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** The error that refuses a request with a code of the table; `detail` is a sentence for the caller. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  /** Seconds until it makes sense to try again, where they differ from the code's own. */
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, detail?: string, retryAfter?: number) {
    super(detail ?? ERRORS[code].title);
    this.code = code;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }
}

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);
