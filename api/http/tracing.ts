import { createMiddleware } from 'hono/factory';
import { readTraceparent } from '../../domain/trace-context.ts';
import { logContext } from '../../net/log-context.ts';
import type { Tracing } from '../../net/tracing.ts';
import type { ApiEnv } from './context.ts';
import { routeOf } from './route-of.ts';

/** Asked every few seconds, and about nothing that was done. */
const NOT_TRACED = ['/healthz', '/readyz'];

/**
 * A span for each request, below the caller's `traceparent` or the page that made the request. It has the route and never the
 * address: clients of panel API v2 put their key into the query. Nothing else of the caller's headers is taken on, because
 * `tracestate` and `baggage` may say anything.
 */
export const traceRequests = (tracing: Tracing) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (NOT_TRACED.includes(c.req.path)) return next();
    const { method } = c.req;
    const parent = tracing.present() ?? readTraceparent(c.req.header('traceparent'));
    await tracing.enter(parent, { name: method, kind: 'server' }, async () => {
      await next();
      const route = routeOf(c);
      const caller = c.get('caller') as ApiEnv['Variables']['caller'] | undefined;
      const { status } = c.res;
      tracing.note(
        {
          'http.request.method': method,
          'http.route': route?.slice(route.indexOf(' ') + 1),
          'http.response.status_code': status,
          'error.type': status >= 500 ? String(status) : undefined,
          'holdfast.request_id': logContext().requestId,
          'holdfast.order': logContext().order,
          'holdfast.account': caller?.accountId,
        },
        route,
      );
    });
  });
