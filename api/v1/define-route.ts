import { createRoute, type OpenAPIHono, type RouteConfig, type RouteHandler } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { SCOPES, type Scope } from '../../db/account/accounts.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../deps.ts';
import type { ApiEnv } from '../http/context.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import { idempotencyHeader, optionalIdempotencyHeader, problemAnswer } from './schemas.ts';

/**
 * The access to a route: a key with the scope, or a signature. The route's guard checks the signature before the request is
 * read.
 */
type Access =
  | { readonly scope: Scope; readonly guard?: never }
  | {
      readonly scope: 'signature';
      readonly guard: (deps: Deps, limits: RateLimits) => MiddlewareHandler<ApiEnv>;
    };

interface Options {
  /** Whether the document asks for an Idempotency-Key. The handler calls `once`, `boundKey` or `repeatable`. */
  readonly idempotency?: 'required' | 'optional';
  /** Bytes a body may have; by default LIMITS.body. */
  readonly maxBody?: number;
  /** The handler or the guard reads the body itself, within its own bounds. By default a JSON body is checked before parsing. */
  readonly readsBodyItself?: boolean;
}

type Documented = Omit<RouteConfig, 'path' | 'middleware' | 'security'>;

type Handler<R extends RouteConfig> = (
  c: Parameters<RouteHandler<R, ApiEnv>>[0],
  deps: Deps,
) => ReturnType<RouteHandler<R, ApiEnv>>;

/** A route of REST v1 that can be mounted. */
export interface V1Route {
  /** The router's name for the route, like `GET /v1/orders/:id`. */
  readonly name: string;
  readonly scope: Scope | 'signature';
  readonly maxBody: number;
  readonly readsBodyItself: boolean;
  readonly mount: (app: OpenAPIHono<ApiEnv>, deps: Deps, limits: RateLimits) => void;
}

/** Routes by their name. */
export type RouteTable = ReadonlyMap<string, V1Route>;

/** `get /v1/orders/{id}` as the router names it. */
export const routeName = (method: string, path: string): string =>
  `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;

/**
 * One route of REST v1: its documentation, its access and its handler. Every route may also answer with a problem.
 * @throws Error for a scope that does not exist: such a route must not be served.
 */
export function defineRoute<P extends string, R extends Documented & { readonly path: P }>(
  definition: R & Access & Options,
  handler: Handler<R>,
): V1Route {
  const given: Documented & { readonly path: string } & Access & Options = definition;
  const { scope, guard, idempotency, maxBody = LIMITS.body, readsBodyItself = false, ...documented } = given;
  const name = routeName(documented.method, documented.path);
  if (scope !== 'signature' && !SCOPES.includes(scope)) throw new Error(`${name} has no scope`);
  if (scope === 'signature' && guard === undefined) throw new Error(`${name} checks no signature`);
  const headers = { required: idempotencyHeader, optional: optionalIdempotencyHeader };
  const config = {
    ...documented,
    ...(scope === 'signature' ? { security: [] } : {}),
    ...(idempotency === undefined ? {} : { request: { ...documented.request, headers: headers[idempotency] } }),
    responses: { ...documented.responses, default: problemAnswer },
  };
  const mount: V1Route['mount'] = (app, deps, limits) => {
    const route = createRoute({ ...config, ...(guard === undefined ? {} : { middleware: guard(deps, limits) }) });
    // The handler's types were checked against R. The mounted route has headers and an answer that R lacks.
    app.openapi(route, ((c: Parameters<Handler<R>>[0]) => handler(c, deps)) as never);
  };
  return { name, scope, maxBody, readsBodyItself, mount };
}

/** @throws Error when two routes have the same method and path. */
export function routeTable(routes: readonly V1Route[]): RouteTable {
  const table = new Map(routes.map((route) => [route.name, route]));
  if (table.size < routes.length) throw new Error('two routes have the same method and path');
  return table;
}
