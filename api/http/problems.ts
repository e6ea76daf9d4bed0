import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ERRORS, type ErrorCode, Refusal } from '../../domain/errors.ts';
import type { ApiContext } from './context.ts';

/** One fault of a request; `path` is like `dripFeed.runs`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** All faults as one sentence. */
export const sentenceOf = (errors: readonly FieldError[]): string =>
  errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');

/** A request that does not match its schema. */
export class InvalidRequest extends Refusal {
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[]) {
    super('invalid_request', sentenceOf(errors));
    this.errors = errors;
  }
}

/** An answer per RFC 9457, with our stable `code`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly request_id: string;
  readonly errors?: readonly FieldError[];
}

/** Seconds to wait after an outage. */
const RETRY_AFTER = '5';

/** Seconds to wait at a rate limit: every limit allows at least one more request after a second. */
const RETRY_AFTER_LIMIT = '1';

/** Seconds to wait at a limit for each minute. */
const RETRY_AFTER_MINUTE = '60';

/** Seconds to wait at a limit for each day. */
const RETRY_AFTER_DAY = '86400';

/** Headers that some codes add to the answer. */
const HEADERS: Partial<Record<ErrorCode, Readonly<Record<string, string>>>> = {
  unauthorized: { 'WWW-Authenticate': 'Bearer' },
  outcome_unknown: { 'Retry-After': RETRY_AFTER },
  unavailable: { 'Retry-After': RETRY_AFTER },
  rate_limited: { 'Retry-After': RETRY_AFTER_LIMIT },
  too_many_reads: { 'Retry-After': RETRY_AFTER_LIMIT },
  replayed_lately: { 'Retry-After': RETRY_AFTER_MINUTE },
  too_many_tests: { 'Retry-After': RETRY_AFTER_MINUTE },
  too_many_lines: { 'Retry-After': RETRY_AFTER_MINUTE },
  too_many_confirmations: { 'Retry-After': RETRY_AFTER_DAY },
};

export function problemOf(refusal: Refusal, requestId: string): Problem {
  const { status, title } = ERRORS[refusal.code];
  return {
    type: `urn:holdfast:problem:${refusal.code}`,
    title,
    status,
    detail: refusal.detail ?? title,
    code: refusal.code,
    request_id: requestId,
    ...(refusal instanceof InvalidRequest ? { errors: refusal.errors } : {}),
  };
}

/** Answers with a problem. */
export function refuse(c: ApiContext, refusal: Refusal): Response {
  const problem = problemOf(refusal, c.get('requestId'));
  c.set('refused', refusal.code);
  return c.body(JSON.stringify(problem), problem.status as ContentfulStatusCode, {
    'Content-Type': 'application/problem+json',
    ...HEADERS[refusal.code],
    ...(refusal.retryAfter === undefined ? {} : { 'Retry-After': String(refusal.retryAfter) }),
  });
}
