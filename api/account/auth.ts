import { createMiddleware } from 'hono/factory';
import { type Caller, findCaller, findCallerByKeyId, type Scope } from '../../db/account/accounts.ts';
import { type Sql, withTimeout } from '../../db/client.ts';
import { Refusal } from '../../domain/errors.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext, ApiEnv } from '../http/context.ts';
import { routeOf } from '../http/route-of.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import type { RouteTable } from '../v1/define-route.ts';

/** The text of a key, or the id of the key that a session acts with. */
export type Credential = string | { readonly keyId: number };

/**
 * Finds the account and the key of a caller, and counts the request against the key's limit. Every request reads PostgreSQL, so
 * that a revoked key stops working at once.
 * @throws Refusal `unauthorized` for a key that is missing, wrong, expired or revoked, `rate_limited` for a key above its limit.
 */
export async function callerOf(
  { authSql }: Deps,
  limits: RateLimits,
  c: ApiContext,
  credential: Credential | undefined,
): Promise<Caller> {
  const caller = credential === undefined ? undefined : await withTimeout(QUERY_MS, callerWith(authSql, credential));
  if (caller === undefined) {
    // Counted only after the look-up: guessed keys must not lock out valid keys from the same address.
    limits.stranger(c);
    throw new Refusal('unauthorized');
  }
  c.set('caller', caller);
  limits.key(c, caller.limitedAs);
  return caller;
}

const callerWith = (sql: Sql, credential: Credential): Promise<Caller | undefined> =>
  typeof credential === 'string' ? findCaller(sql, credential) : findCallerByKeyId(sql, credential.keyId);

/** The credential of a request of REST v1. */
export function credentialOf(c: ApiContext): Credential | undefined {
  // A request without bindings comes from a unit test.
  const keyId = (c.env as Partial<ApiContext['env']> | undefined)?.keyOfSession;
  return keyId === undefined ? bearerKey(c) : { keyId };
}

/** The key of an `Authorization: Bearer` header. */
export const bearerKey = (c: ApiContext): string | undefined =>
  /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];

/** @throws Refusal `forbidden` when the key lacks the scope, or the route has none. */
export function requireScope(caller: Caller, scope: Scope | undefined): void {
  if (scope === undefined) throw new Refusal('forbidden', 'this route has no scope, so no key can call it');
  if (!caller.scopes.includes(scope)) throw new Refusal('forbidden', `the key needs the scope ${scope}`);
}

/** Admits callers that have the scope of the route. A route with the scope `signature` has a guard of its own. */
export const authenticate = (deps: Deps, limits: RateLimits, routes: RouteTable) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const name = routeOf(c);
    const scope = name === undefined ? undefined : routes.get(name)?.scope;
    if (name === undefined) {
      limits.stranger(c);
    } else if (scope !== 'signature') {
      // No cache may keep an answer that is for the key's owner alone.
      c.header('Cache-Control', 'no-store');
      requireScope(await callerOf(deps, limits, c, credentialOf(c)), scope);
    }
    return next();
  });
