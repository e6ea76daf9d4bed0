import { createMiddleware } from 'hono/factory';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type JsonBounds, jsonFault } from '../../domain/text/json-text.ts';
import { routeOf } from '../account/auth.ts';
import { ROUTE_SCOPES } from '../account/scopes.ts';
import type { ApiContext, ApiEnv } from '../deps.ts';
import { decodeJson } from './charset.ts';

const LIST_ROUTE = 'POST /v1/orders/batch';

/** How much JSON a request of REST v1 may have. */
const REQUEST_BOUNDS: JsonBounds = { depth: LIMITS.jsonDepth, items: LIMITS.jsonItems };

/** The whole body; hono keeps it, so that whoever reads it later gets the same. */
export const bodyBytes = async (c: ApiContext): Promise<Uint8Array> => new Uint8Array(await c.req.arrayBuffer());

/**
 * Looks a JSON body over before it is parsed, once it is known who sends it.
 * @throws Refusal `malformed_body`, `too_many_fields`, `invalid_encoding` or `unknown_charset`.
 */
async function checkJson(c: ApiContext, bounds: JsonBounds): Promise<void> {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return;
  const fault = jsonFault(decodeJson(await bodyBytes(c), c.req.header('content-type') ?? ''), bounds);
  if (fault === 'malformed') throw new Refusal('malformed_body', 'JSON nested deeper than any request is');
  if (fault === 'too_many') throw new Refusal('too_many_fields');
}

/** Looks over what the routes after it read. */
export const boundedJson = createMiddleware<ApiEnv>(async (c, next) => {
  await checkJson(c, REQUEST_BOUNDS);
  await next();
});

/** The same for all routes, but those that see to it themselves: a signature is of bytes, and comes first; a list has bounds of its own. */
export const boundedBodies = createMiddleware<ApiEnv>(async (c, next) => {
  const route = routeOf(c);
  if (route === undefined || route === LIST_ROUTE || ROUTE_SCOPES[route] === 'signature') return next();
  await checkJson(c, REQUEST_BOUNDS);
  return next();
});
