import type {
  ClientPathsWithMethod,
  MethodResponse,
  Client as OpenApiClient,
  ParamsOption,
  RequestBodyOption,
} from 'openapi-fetch';
import type { paths } from './openapi.ts';

type Api = OpenApiClient<paths>;

export type Method = 'get' | 'post' | 'patch' | 'delete';

/** The paths of the API that have a method, as its document writes them: `/v1/orders/{id}`. */
export type PathOf<M extends Method> = ClientPathsWithMethod<Api, M>;

export interface CallOptions {
  /**
   * The key by which the API recognises a repeat. By default the client makes a key for the call and uses it for all tries. Give
   * your own key, stored with what you order: then a repeat by another process, or after a crash, does nothing twice either.
   */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** `params.path`, `params.query` and `body`, as far as the operation has them. */
export type Input<M extends Method, P extends PathOf<M>> = ParamsOption<paths[P][M]> &
  RequestBodyOption<paths[P][M]> &
  CallOptions;

/** The input is optional when each of its parts is. */
export type InputArgument<M extends Method, P extends PathOf<M>> =
  Record<never, never> extends Input<M, P> ? [input?: Input<M, P>] : [input: Input<M, P>];

/** The answer of an operation that succeeded. */
export type Answer<M extends Method, P extends PathOf<M>> = MethodResponse<Api, M, P>;

export type Call<M extends Method> = <P extends PathOf<M>>(
  path: P,
  ...input: InputArgument<M, P>
) => Promise<Answer<M, P>>;

/** Paths whose GET answers page by page. */
export type PagedPath = {
  [P in PathOf<'get'>]: Answer<'get', P> extends { data: unknown[]; nextCursor: string | null } ? P : never;
}[PathOf<'get'>];

export type Row<P extends PagedPath> = Answer<'get', P> extends { data: (infer R)[] } ? R : never;
