import type { Problem } from './openapi.ts';

/** The stable codes of problems. */
export type ErrorCode = Problem['code'];

function retryAfterOf(response: Response): number | undefined {
  const seconds = response.headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(seconds) ? Number(seconds) : undefined;
}

/** The API refused the request. `code` is stable, to branch on; `detail` is for a person. */
export class HoldfastProblem extends Error {
  override readonly name = 'HoldfastProblem';
  readonly status: number;
  /** Undefined when the answer is not from the API, but for example from a proxy. */
  readonly code: ErrorCode | undefined;
  readonly detail: string;
  /** What is wrong with the request, field by field. */
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  /** Names the request in the operator's logs. */
  readonly requestId: string | undefined;
  /** The seconds that the API asks to wait before another try. */
  readonly retryAfterSeconds: number | undefined;
  /** The Idempotency-Key of the request; a later repeat with this key does nothing twice. */
  readonly idempotencyKey: string | undefined;

  /** `body`: the body of the answer, parsed if it is JSON. */
  constructor(response: Response, body: unknown, idempotencyKey?: string) {
    const problem: Partial<Problem> = typeof body === 'object' && body !== null ? body : {};
    const detail = problem.detail ?? `HTTP ${response.status}`;
    super(problem.code === undefined ? detail : `${problem.code}: ${detail}`);
    this.status = response.status;
    this.code = problem.code;
    this.detail = detail;
    this.errors = problem.errors ?? [];
    this.requestId = problem.request_id;
    this.retryAfterSeconds = retryAfterOf(response);
    this.idempotencyKey = idempotencyKey;
  }
}

/**
 * No answer came after all tries, or the last try was turned away after an earlier one had no answer: whether the request took
 * effect is not known. `cause` is the error of the last try.
 */
export class HoldfastUnreachable extends Error {
  override readonly name = 'HoldfastUnreachable';
  /** The Idempotency-Key of the request; a later repeat with this key does nothing twice. */
  readonly idempotencyKey: string | undefined;

  constructor(message: string, cause: unknown, idempotencyKey?: string) {
    super(message, { cause });
    this.idempotencyKey = idempotencyKey;
  }
}
