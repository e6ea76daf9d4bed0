import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import { type Caller, findCaller, type Scope } from '../db/accounts.ts';
import { within } from '../db/client.ts';
import { Refusal } from '../domain/errors.ts';
import type { ApiContext, ApiEnv, Deps } from './deps.ts';
import { QUERY_MS } from './patience.ts';
import { ROUTE_SCOPES } from './scopes.ts';

/** The route a request goes to, like `GET /v1/orders/:id`; undefined when there is none. */
export function routeOf(c: ApiContext): string | undefined {
  const route = matchedRoutes(c).findLast(({ method }) => method !== 'ALL');
  return route === undefined ? undefined : `${route.method} ${route.path}`;
}

/**
 * Who sends this key. The database is asked for every request, so that a revoked key ends at once.
 * @throws Refusal `unauthorized` for a key that is missing, wrong, expired or revoked.
 */
export async function callerOf({ sql }: Deps, key: string | undefined): Promise<Caller> {
  const caller = key === undefined ? undefined : await within(QUERY_MS, findCaller(sql, key));
  if (caller === undefined) throw new Refusal('unauthorized');
  return caller;
}

/** The key of an `Authorization: Bearer` header. */
export const bearerKey = (c: ApiContext): string | undefined =>
  /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];

/** @throws Refusal `forbidden` when the key may not do this. */
export function requireScope(caller: Caller, scope: Scope | undefined): void {
  if (scope === undefined) throw new Refusal('forbidden', 'the route is open to nobody');
  if (!caller.scopes.includes(scope)) throw new Refusal('forbidden', `the scope is ${scope}`);
}

/** Lets pass who has the scope that the route needs; a route that checks signatures sees to itself. */
export const authenticate = (deps: Deps) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const route = routeOf(c);
    const needed = route !== undefined && Object.hasOwn(ROUTE_SCOPES, route) ? ROUTE_SCOPES[route] : undefined;
    if (route !== undefined && needed !== 'signature') {
      const caller = await callerOf(deps, bearerKey(c));
      c.set('caller', caller);
      requireScope(caller, needed);
    }
    return next();
  });
