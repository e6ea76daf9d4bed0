import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import { type Caller, findCaller, type Scope } from '../../db/account/accounts.ts';
import { within } from '../../db/client.ts';
import { Refusal } from '../../domain/errors.ts';
import type { ApiContext, ApiEnv, Deps } from '../deps.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import { ROUTE_SCOPES } from './scopes.ts';

/** The route a request goes to, like `GET /v1/orders/:id`; undefined when there is none. */
export function routeOf(c: ApiContext): string | undefined {
  const route = matchedRoutes(c).findLast(({ method }) => method !== 'ALL');
  return route === undefined ? undefined : `${route.method} ${route.path}`;
}

/**
 * Who sends this key, which counts against its limit. The database is asked for every request, so that a revoked key
 * ends at once.
 * @throws Refusal `unauthorized` for a key that is missing, wrong, expired or revoked, `rate_limited` for one too busy.
 */
export async function callerOf(
  { authSql }: Deps,
  limits: RateLimits,
  c: ApiContext,
  key: string | undefined,
): Promise<Caller> {
  const caller = key === undefined ? undefined : await within(QUERY_MS, findCaller(authSql, key));
  if (caller === undefined) {
    // After the look, so that whoever guesses keys never locks out the good ones that come from the same address.
    limits.stranger(c);
    throw new Refusal('unauthorized');
  }
  c.set('caller', caller);
  limits.key(c, caller.keyId);
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
export const authenticate = (deps: Deps, limits: RateLimits) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const route = routeOf(c);
    const needed = route !== undefined && Object.hasOwn(ROUTE_SCOPES, route) ? ROUTE_SCOPES[route] : undefined;
    if (route === undefined) {
      limits.stranger(c);
    } else if (needed !== 'signature') {
      // What is answered to a key is for its owner alone.
      c.header('Cache-Control', 'no-store');
      requireScope(await callerOf(deps, limits, c, bearerKey(c)), needed);
    }
    return next();
  });
