import { createMiddleware } from 'hono/factory';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type JsonBounds, jsonFault } from '../../domain/text/json-text.ts';
import type { RouteTable } from '../v1/define-route.ts';
import { decodeJson } from './charset.ts';
import type { ApiContext, ApiEnv } from './context.ts';
import { routeOf } from './route-of.ts';

/** How much JSON a request of REST v1 may have. */
const REQUEST_BOUNDS: JsonBounds = { depth: LIMITS.jsonDepth, items: LIMITS.jsonItems };

/** The whole body. Hono keeps it, so a later read gets the same bytes. */
export const bodyBytes = async (c: ApiContext): Promise<Uint8Array> => new Uint8Array(await c.req.arrayBuffer());

/**
 * Checks the size and depth of a JSON body before it is parsed.
 * @throws Refusal `malformed_body`, `too_many_fields`, `invalid_encoding` or `unknown_charset`.
 */
export async function checkJson(c: ApiContext): Promise<void> {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return;
  const fault = jsonFault(decodeJson(await bodyBytes(c), c.req.header('content-type') ?? ''), REQUEST_BOUNDS);
  if (fault === 'malformed') throw new Refusal('malformed_body', 'the JSON is nested too deeply');
  if (fault === 'too_many') throw new Refusal('too_many_fields');
}

/** Checks the body of every route, except the routes that read it themselves. It runs once the caller is known. */
export const boundedBodies = (routes: RouteTable) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const route = routes.get(routeOf(c) ?? '');
    if (route !== undefined && !route.readsBodyItself) await checkJson(c);
    return next();
  });
