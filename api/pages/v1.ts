import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Answer, Call, CallOptions, Method, PathOf } from '../../client/types.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import type { ApiContext, ApiEnv } from '../http/context.ts';
import type { FieldError, Problem } from '../http/problems.ts';

/** REST v1 as the pages call it: in this process, with the key of a session. Each call throws V1Problem when v1 refuses. */
export interface V1 {
  readonly GET: Call<'get'>;
  readonly POST: Call<'post'>;
  readonly PATCH: Call<'patch'>;
  readonly DELETE: Call<'delete'>;
  /** A list as a file of CSV, to be sent on as it is. */
  csv(path: PathOf<'get'>, query: object, parameters?: object): Promise<Response>;
}

/** The refusal of a call, as v1 answered it. */
export class V1Problem extends Error {
  override readonly name = 'V1Problem';
  readonly status: number;
  readonly code: ErrorCode;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  readonly requestId: string;

  constructor(problem: Problem) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.errors = problem.errors ?? [];
    this.requestId = problem.request_id;
  }
}

/** Any operation's input, for the code that treats all operations alike. */
interface AnyInput extends CallOptions {
  readonly params?: { readonly path?: object; readonly query?: object };
  readonly body?: unknown;
}

/** `/v1/orders/{id}` with its parameters. The host is never looked up: the request does not leave the process. */
function urlOf(path: string, { params = {} }: AnyInput): URL {
  const values = new Map(Object.entries(params.path ?? {}).map(([name, value]) => [name, String(value)]));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values.get(name) ?? ''));
  const url = new URL(filled, 'http://pages.invalid');
  for (const [name, value] of Object.entries(params.query ?? {})) {
    for (const one of [value].flat()) if (one !== undefined) url.searchParams.append(name, String(one));
  }
  return url;
}

function requestOf(method: Method, path: string, input: AnyInput, signal: AbortSignal): Request {
  const { body, idempotencyKey } = input;
  const headers = {
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    ...(body === undefined ? {} : { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' }),
  };
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  return new Request(urlOf(path, input), { method: method.toUpperCase(), headers, signal, ...sent });
}

/** REST v1 for the key of a session. The calls end when the page's own request ends. */
export function v1For(app: Pick<OpenAPIHono<ApiEnv>, 'fetch'>, c: ApiContext, keyId: number): V1 {
  async function answerOf(request: Request): Promise<Response> {
    const response = await app.fetch(request, { ...c.env, keyOfSession: keyId });
    if (!response.ok) throw new V1Problem((await response.json()) as Problem);
    return response;
  }
  async function call(method: Method, path: string, input: AnyInput = {}): Promise<unknown> {
    const response = await answerOf(requestOf(method, path, input, c.req.raw.signal));
    return response.status === 204 ? undefined : response.json();
  }
  const caller =
    <M extends Method>(method: M): Call<M> =>
    async (path, ...[input]) =>
      (await call(method, path, input)) as Answer<M, typeof path>;
  return {
    GET: caller('get'),
    POST: caller('post'),
    PATCH: caller('patch'),
    DELETE: caller('delete'),
    csv: (path, query, parameters = {}) => {
      const request = requestOf('get', path, { params: { query, path: parameters } }, c.req.raw.signal);
      request.headers.set('accept', 'text/csv');
      return answerOf(request);
    },
  };
}
