import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { ERRORS, Refusal } from '../../domain/errors.ts';
import { noteInLog } from '../../net/log-context.ts';
import { bearerKey, callerOf, requireScope } from '../account/auth.ts';
import type { Deps } from '../deps.ts';
import { limitBody } from '../http/body-limit.ts';
import type { ApiContext, ApiEnv } from '../http/context.ts';
import { asRefusal } from '../http/errors.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import { readId } from '../v1/ids.ts';
import { add } from './add.ts';
import { cancel } from './cancel.ts';
import { type OpenCall, openCall } from './fields.ts';
import { balance, services, status } from './reads.ts';
import { refill, refillStatus } from './refills.ts';
import { PANEL_SCOPES, type PanelAction } from './scopes.ts';

/** Both are answered directly: a redirect would lose the body of a POST. */
const PANEL_PATHS = ['/api/v2', '/api/v2/'];

const ALLOWED = 'GET, POST, OPTIONS';

const isAction = (name: string): name is PanelAction => Object.hasOwn(PANEL_SCOPES, name);

/** Panel API v2: one address, always HTTP 200; an error is alone in its object. */
export function panelRoutes(deps: Deps, limits: RateLimits): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const fail = (c: ApiContext, refusal: Refusal) => {
    c.set('refused', refusal.code);
    return c.json({ error: ERRORS[refusal.code].v2 }, 200);
  };

  /** An unreadable request has no known caller, so it counts for its address. */
  const turnAway = (c: ApiContext, refusal: Refusal): Refusal => {
    try {
      limits.stranger(c);
      return refusal;
    } catch (error) {
      return asRefusal(error, deps.log, c.get('requestId'));
    }
  };

  app.use(
    '/api/v2/*',
    limitBody((c, refusal) => fail(c, turnAway(c, refusal))),
  );

  app.on(['GET', 'POST'], PANEL_PATHS, async (c, next) => {
    // Hono serves HEAD as GET.
    if (c.req.method === 'HEAD') return next();
    c.header('Cache-Control', 'no-store');
    let call: OpenCall;
    try {
      call = await openCall(c);
    } catch (error) {
      return fail(c, turnAway(c, asRefusal(error, deps.log, c.get('requestId'))));
    }
    try {
      const answer = await serve(deps, limits, c, call);
      return answer === undefined ? hangUp(c) : c.json(answer, 200);
    } catch (error) {
      const refusal = asRefusal(error, deps.log, c.get('requestId'));
      // The lookup of a repeat failed. The first request may have become an order, and an error would deny that.
      const mayBeOrder = refusal.code === 'unavailable' || refusal.code === 'internal';
      return mayBeOrder && call.peek('request_id') !== undefined ? hangUp(c) : fail(c, refusal);
    }
  });
  // Any other method is refused; a HEAD must not run an action either.
  app.all('/api/v2/*', (c) => {
    c.header('Allow', ALLOWED);
    return c.req.method === 'OPTIONS' ? c.body(null, 204) : c.json({ error: ERRORS.method_not_allowed.v2 }, 405);
  });
  return app;
}

/** The answer of a call; undefined when the outcome is unknown, because any answer could be false. */
async function serve(deps: Deps, limits: RateLimits, c: ApiContext, call: OpenCall): Promise<object | undefined> {
  const caller = await callerOf(deps, limits, c, call.peek('key') ?? bearerKey(c));
  const action = call.peek('action') ?? '';
  if (!isAction(action)) throw new Refusal('incorrect_action');
  c.set('action', action);
  requireScope(caller, PANEL_SCOPES[action]);
  deps.tracing?.note({ 'holdfast.action': action });
  // These two take no fields, so the fields that a client sends with them are not decoded.
  if (action === 'services') return services(deps, c);
  if (action === 'balance') return balance(deps, c, caller);
  const fields = call.fields();
  noteInLog({ order: readId(fields.get('order') ?? '') });
  switch (action) {
    case 'add':
      return add(deps, caller, fields);
    case 'status':
      return status(deps, c, caller, fields);
    case 'cancel':
      return cancel(deps, caller, fields, c.get('requestId'));
    case 'refill':
      return refill(deps, caller, fields, c.get('requestId'));
    case 'refill_status':
      return refillStatus(deps, c, caller, fields);
  }
}

/**
 * Closes the connection in the middle of an answer, so that the client treats the outcome as unknown. Before the first byte, a
 * proxy or an HTTP library may send the call again by itself, and place a second order.
 */
function hangUp(c: ApiContext): Response {
  c.set('refused', 'outcome_unknown');
  const { outgoing } = c.env;
  outgoing.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store', 'content-length': 2 });
  outgoing.write('{', () => outgoing.destroy());
  return RESPONSE_ALREADY_SENT;
}
