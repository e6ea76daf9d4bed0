import { OpenAPIHono } from '@hono/zod-openapi';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { secureHeaders } from 'hono/secure-headers';
import { Refusal } from '../domain/errors.ts';
import { authenticate } from './account/auth.ts';
import { noteRequests } from './account/request-log.ts';
import type { Deps } from './deps.ts';
import { limitRouteBody } from './http/body-limit.ts';
import type { ApiContext, ApiEnv } from './http/context.ts';
import { closeWhenStopping } from './http/drain.ts';
import { asRefusal } from './http/errors.ts';
import { fieldErrors } from './http/field-errors.ts';
import { healthRoutes } from './http/health.ts';
import { boundedBodies } from './http/json-body.ts';
import { logRequests } from './http/logging.ts';
import { InvalidRequest, refuse } from './http/problems.ts';
import { identifyRequests } from './http/request-ids.ts';
import { traceRequests } from './http/tracing.ts';
import { createRateLimits } from './limits/rate-limits.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { documentRoutes } from './openapi/routes.ts';
import { pageRoutes } from './pages/index.ts';
import { panelRoutes } from './panel-v2/routes.ts';
import type { RouteTable } from './v1/define-route.ts';
import { V1_ROUTES } from './v1/index.ts';

/** The whole API, without a port. `metrics` counts its requests; another port serves the metrics. */
export function createApp(deps: Deps, metrics: Metrics = createMetrics(deps)): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw new InvalidRequest(fieldErrors(result.error));
    },
  });
  const limits = createRateLimits(deps.config, metrics.limited);

  app.use(identifyRequests);
  if (deps.tracing !== undefined) app.use(traceRequests(deps.tracing));
  app.use(metrics.count, logRequests(deps.log), secureHeaders(), closeWhenStopping(deps.closing));
  if (deps.requests !== undefined)
    for (const path of ['/v1/*', '/api/v2/*']) app.use(path, noteRequests(deps.requests));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: refuseMethod }));
  app.use('/v1/*', authenticate(deps, limits, V1_ROUTES), limitRouteBody(V1_ROUTES), boundedBodies(V1_ROUTES));
  for (const [path, methods] of pathsBesideOrders(V1_ROUTES)) {
    app.use(path, (c, next) => (methods.includes(c.req.method) ? next() : Promise.resolve(refuseMethod(c, methods))));
  }

  app.route('/', healthRoutes(deps));
  app.route('/', panelRoutes(deps, limits));
  for (const route of V1_ROUTES.values()) route.mount(app, deps, limits);
  app.route('/', documentRoutes(app, V1_ROUTES, limits));
  app.route('/', pageRoutes(app, deps, limits));

  app.notFound((c) => refuse(c, new Refusal('not_found')));
  app.onError((error, c) => refuse(c, asRefusal(error, deps.log, c.get('requestId'))));
  return app;
}

/**
 * The paths beside `/v1/orders/{id}` and `/v1/admin/orders/{id}` that name no order, and their methods. Otherwise the router would match another method of
 * `/v1/orders/cancel` as one of the order with the id `cancel`.
 */
function pathsBesideOrders(routes: RouteTable): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>();
  for (const name of routes.keys()) {
    const [, method, path] = /^([A-Z]+) (\/v1\/(?:admin\/)?orders\/\w+)$/.exec(name) ?? [];
    if (method === undefined || path === undefined) continue;
    paths.set(path, [...(paths.get(path) ?? []), ...(method === 'GET' ? ['GET', 'HEAD'] : [method])]);
  }
  return paths;
}

function refuseMethod(c: ApiContext, allowed: readonly string[]): Response {
  c.header('Allow', allowed.join(', '));
  return refuse(c, new Refusal('method_not_allowed'));
}
