import type { ErrorCode, Problem } from './operations.ts';

/** What a request was made with that its repeat needs too. */
export interface Repeatable {
  /** The Idempotency-Key it carried; a later repeat with this key does nothing twice. */
  readonly idempotencyKey: string | undefined;
}

/** The API answered that it does not serve this, and why. `code` is stable; `detail` is for a person. */
export class HoldfastProblem extends Error implements Repeatable {
  override readonly name = 'HoldfastProblem';
  readonly status: number;
  /** Undefined when something other than the API answered, a proxy for example. */
  readonly code: ErrorCode | undefined;
  readonly detail: string;
  /** What is wrong with the request, field by field. */
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  /** Names the request in the logs of the operator. */
  readonly requestId: string | undefined;
  readonly idempotencyKey: string | undefined;

  constructor(status: number, problem: Partial<Problem>, idempotencyKey: string | undefined) {
    const detail = problem.detail ?? `HTTP ${status}`;
    super(problem.code === undefined ? detail : `${problem.code}: ${detail}`);
    this.status = status;
    this.code = problem.code;
    this.detail = detail;
    this.errors = problem.errors ?? [];
    this.requestId = problem.request_id;
    this.idempotencyKey = idempotencyKey;
  }
}

/** No answer came, whatever was tried: whether the request took effect is not known. */
export class HoldfastUnreachable extends Error implements Repeatable {
  override readonly name = 'HoldfastUnreachable';
  readonly idempotencyKey: string | undefined;

  constructor(message: string, cause: unknown, idempotencyKey: string | undefined) {
    super(message, { cause });
    this.idempotencyKey = idempotencyKey;
  }
}

/** The problem in an answer that is not a success, also when it is no problem document. */
export async function problemIn(response: Response, idempotencyKey: string | undefined): Promise<HoldfastProblem> {
  const text = await response.text();
  try {
    return new HoldfastProblem(response.status, JSON.parse(text) as Partial<Problem>, idempotencyKey);
  } catch {
    return new HoldfastProblem(response.status, {}, idempotencyKey);
  }
}
