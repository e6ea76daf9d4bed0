import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ERRORS, type ErrorCode, Refusal } from '../../domain/errors.ts';
import type { ApiContext } from './context.ts';

/** One thing that is wrong with a request; `path` like `dripFeed.runs`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** What is wrong, as one sentence. */
export const sentenceOf = (errors: readonly FieldError[]): string =>
  errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');

/** A request that does not fit its schema. */
export class InvalidRequest extends Refusal {
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[]) {
    super('invalid_request', sentenceOf(errors));
    this.errors = errors;
  }
}

/** RFC 9457, with our stable `code`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly request_id: string;
  readonly errors?: readonly FieldError[];
}

/** Seconds after which what is not available may be asked again. */
const RETRY_AFTER = '5';

/** The same for who asked too often: whatever the limit is, a second gives back at least one request. */
const RETRY_AFTER_LIMIT = '1';

/** What has been done lately, or by the minute, may be asked again by then. */
const RETRY_AFTER_MINUTE = '60';

/** What is counted by the day has become less by then, as a rule. */
const RETRY_AFTER_DAY = '86400';

/** Headers that go with some codes. */
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
  return c.body(JSON.stringify(problem), problem.status as ContentfulStatusCode, {
    'Content-Type': 'application/problem+json',
    ...HEADERS[refusal.code],
  });
}
