import type { OpenAPIHono } from '@hono/zod-openapi';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { secureHeaders } from 'hono/secure-headers';
import { Refusal } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { adminAccountRoutes } from './account/admin-accounts.ts';
import { adminAuditRoutes } from './account/admin-audit.ts';
import { adminKeyRoutes } from './account/admin-keys.ts';
import { authenticate } from './account/auth.ts';
import { adminCatalogueRoutes } from './catalogue/admin-catalogue.ts';
import { adminImportRoutes } from './catalogue/admin-imports.ts';
import { adminProviderCatalogueRoutes } from './catalogue/admin-provider-catalogue.ts';
import { adminServiceRoutes } from './catalogue/admin-services.ts';
import { serviceStatsRoutes } from './catalogue/service-stats.ts';
import { serviceRoutes } from './catalogue/services.ts';
import { callbackRoutes } from './delivery/callbacks.ts';
import type { ApiEnv, Deps } from './deps.ts';
import { adminAttemptRoutes } from './dispatch/admin-attempts.ts';
import { limitBody } from './http/body-limit.ts';
import { asRefusal } from './http/errors.ts';
import { healthRoutes } from './http/health.ts';
import { boundedBodies } from './http/json-body.ts';
import { logRequests } from './http/logging.ts';
import { refuse } from './http/problems.ts';
import { identifyRequests } from './http/request-ids.ts';
import { walletRoutes } from './ledger/wallet.ts';
import { createRateLimits } from './limits/rate-limits.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { documentRoutes } from './openapi/routes.ts';
import { historyRoutes } from './order/history.ts';
import { orderActionRoutes } from './order/order-actions.ts';
import { orderEventRoutes } from './order/order-events.ts';
import { orderRoutes } from './order/orders.ts';
import { panelRoutes } from './panel-v2/routes.ts';
import { massRoutes } from './placement/bulk-orders.ts';
import { LIST_PATH, orderListRoutes } from './placement/order-lists.ts';
import { adminProviderRoutes } from './provider/admin-providers.ts';
import { adminAlertRoutes } from './reconcile/admin-alerts.ts';
import { adminReconcileRoutes } from './reconcile/admin-reconcile.ts';
import { refillRoutes } from './refill/refills.ts';
import { adminHeldCorrectionRoutes } from './review/admin-held-corrections.ts';
import { adminOrderRoutes } from './review/admin-orders.ts';
import { bulkResolutionRoutes } from './review/bulk-resolutions.ts';
import { routes } from './v1/routes.ts';
import { webhookDeliveryRoutes } from './webhook/webhook-deliveries.ts';
import { webhookRoutes } from './webhook/webhooks.ts';

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
