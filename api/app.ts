import type { OpenAPIHono } from '@hono/zod-openapi';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { secureHeaders } from 'hono/secure-headers';
import { Refusal } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { authenticate } from './auth.ts';
import { limitBody } from './body-limit.ts';
import type { ApiEnv, Deps } from './deps.ts';
import { asRefusal } from './errors.ts';
import { healthRoutes } from './health.ts';
import { boundedBodies } from './json-body.ts';
import { logRequests } from './logging.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { documentRoutes } from './openapi/routes.ts';
import { panelRoutes } from './panel-v2/routes.ts';
import { refuse } from './problems.ts';
import { createRateLimits } from './rate-limits.ts';
import { identifyRequests } from './request-ids.ts';
import { adminAccountRoutes } from './v1/admin-accounts.ts';
import { adminAlertRoutes } from './v1/admin-alerts.ts';
import { adminAttemptRoutes } from './v1/admin-attempts.ts';
import { adminAuditRoutes } from './v1/admin-audit.ts';
import { adminCatalogueRoutes } from './v1/admin-catalogue.ts';
import { adminHeldCorrectionRoutes } from './v1/admin-held-corrections.ts';
import { adminImportRoutes } from './v1/admin-imports.ts';
import { adminKeyRoutes } from './v1/admin-keys.ts';
import { adminOrderRoutes } from './v1/admin-orders.ts';
import { adminProviderCatalogueRoutes } from './v1/admin-provider-catalogue.ts';
import { adminProviderRoutes } from './v1/admin-providers.ts';
import { adminReconcileRoutes } from './v1/admin-reconcile.ts';
import { adminServiceRoutes } from './v1/admin-services.ts';
import { bulkResolutionRoutes } from './v1/bulk-resolutions.ts';
import { callbackRoutes } from './v1/callbacks.ts';
import { historyRoutes } from './v1/history.ts';
import { massRoutes } from './v1/masses.ts';
import { orderActionRoutes } from './v1/order-actions.ts';
import { orderEventRoutes } from './v1/order-events.ts';
import { LIST_PATH, orderListRoutes } from './v1/order-lists.ts';
import { orderRoutes } from './v1/orders.ts';
import { refillRoutes } from './v1/refills.ts';
import { routes } from './v1/routes.ts';
import { serviceStatsRoutes } from './v1/service-stats.ts';
import { serviceRoutes } from './v1/services.ts';
import { walletRoutes } from './v1/wallet.ts';
import { webhookDeliveryRoutes } from './v1/webhook-deliveries.ts';
import { webhookRoutes } from './v1/webhooks.ts';

/** The whole API, without a port; `metrics` counts its requests, and is shown on a port of its own. */
export function createApp(deps: Deps, metrics: Metrics = createMetrics(deps)): OpenAPIHono<ApiEnv> {
  const app = routes();
  const limits = createRateLimits(deps.config, metrics.limited);

  app.use(identifyRequests, metrics.count, logRequests(deps.log), secureHeaders());
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header('Allow', methods.join(', '));
        return refuse(c, new Refusal('method_not_allowed'));
      },
    }),
  );
  const [usual, list] = [limitBody(refuse), limitBody(refuse, LIMITS.listBody)];
  app.use('/v1/*', authenticate(deps, limits), (c, next) => (c.req.path === LIST_PATH ? list : usual)(c, next));
  app.use('/v1/*', boundedBodies);

  // To the router it is an order with an odd id.
  app.use(LIST_PATH, async (c, next) => {
    if (c.req.method === 'POST') return next();
    c.header('Allow', 'POST');
    return refuse(c, new Refusal('method_not_allowed'));
  });

  app.route('/', healthRoutes(deps));
  app.route('/', panelRoutes(deps, limits));
  app.route('/', orderRoutes(deps));
  app.route('/', orderListRoutes(deps));
  app.route('/', massRoutes(deps));
  app.route('/', orderActionRoutes(deps));
  app.route('/', refillRoutes(deps));
  app.route('/', historyRoutes(deps));
  app.route('/', orderEventRoutes(deps));
  app.route('/', serviceRoutes(deps));
  app.route('/', serviceStatsRoutes(deps));
  app.route('/', walletRoutes(deps));
  app.route('/', webhookRoutes(deps));
  app.route('/', webhookDeliveryRoutes(deps));
  app.route('/', callbackRoutes(deps, limits));
  app.route('/', adminAccountRoutes(deps));
  app.route('/', adminKeyRoutes(deps));
  app.route('/', adminCatalogueRoutes(deps));
  app.route('/', adminOrderRoutes(deps));
  app.route('/', bulkResolutionRoutes(deps));
  app.route('/', adminAttemptRoutes(deps));
  app.route('/', adminHeldCorrectionRoutes(deps));
  app.route('/', adminProviderRoutes(deps));
  app.route('/', adminServiceRoutes(deps));
  app.route('/', adminProviderCatalogueRoutes(deps));
  app.route('/', adminImportRoutes(deps));
  app.route('/', adminAlertRoutes(deps));
  app.route('/', adminReconcileRoutes(deps));
  app.route('/', adminAuditRoutes(deps));

  app.route('/', documentRoutes(app, limits));

  app.notFound((c) => refuse(c, new Refusal('not_found')));
  app.onError((error, c) => refuse(c, asRefusal(error, deps.log, c.get('requestId'))));
  return app;
}
