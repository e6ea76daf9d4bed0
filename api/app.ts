import { OpenAPIHono } from '@hono/zod-openapi';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { secureHeaders } from 'hono/secure-headers';
import { Refusal } from '../domain/errors.ts';
import { authenticate } from './account/auth.ts';
import type { Deps } from './deps.ts';
import { limitRouteBody } from './http/body-limit.ts';
import type { ApiContext, ApiEnv } from './http/context.ts';
import { asRefusal } from './http/errors.ts';
import { fieldErrors } from './http/field-errors.ts';
import { healthRoutes } from './http/health.ts';
import { boundedBodies } from './http/json-body.ts';
import { logRequests } from './http/logging.ts';
import { InvalidRequest, refuse } from './http/problems.ts';
import { identifyRequests } from './http/request-ids.ts';
import { createRateLimits } from './limits/rate-limits.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { documentRoutes } from './openapi/routes.ts';
import { panelRoutes } from './panel-v2/routes.ts';
import { LIST_PATH } from './placement/order-lists.ts';
import { ACTIONS_PATH } from './review/bulk-actions.ts';
import { V1_ROUTES } from './v1/index.ts';

/** The whole API, without a port. `metrics` counts its requests; another port serves the metrics. */
export function createApp(deps: Deps, metrics: Metrics = createMetrics(deps)): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw new InvalidRequest(fieldErrors(result.error));
    },
  });
  const limits = createRateLimits(deps.config, metrics.limited);

  app.use(identifyRequests, metrics.count, logRequests(deps.log), secureHeaders());
  app.use(methodNotAllowed({ app, onMethodNotAllowed: refuseMethod }));
  app.use('/v1/*', authenticate(deps, limits, V1_ROUTES), limitRouteBody(V1_ROUTES), boundedBodies(V1_ROUTES));
  // Otherwise the router would match these paths as the orders with the ids `batch` and `actions`.
  for (const path of [LIST_PATH, ACTIONS_PATH])
    app.use(path, (c, next) => (c.req.method === 'POST' ? next() : Promise.resolve(refuseMethod(c, ['POST']))));

  app.route('/', healthRoutes(deps));
  app.route('/', panelRoutes(deps, limits));
  for (const route of V1_ROUTES.values()) route.mount(app, deps, limits);
  app.route('/', documentRoutes(app, V1_ROUTES, limits));

  app.notFound((c) => refuse(c, new Refusal('not_found')));
  app.onError((error, c) => refuse(c, asRefusal(error, deps.log, c.get('requestId'))));
  return app;
}

function refuseMethod(c: ApiContext, allowed: readonly string[]): Response {
  c.header('Allow', allowed.join(', '));
  return refuse(c, new Refusal('method_not_allowed'));
}
