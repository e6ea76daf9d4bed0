import type { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { Refusal } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { authenticate } from './auth.ts';
import type { ApiEnv, Deps } from './deps.ts';
import { asRefusal } from './errors.ts';
import { healthRoutes } from './health.ts';
import { logRequests } from './logging.ts';
import { createMetrics } from './metrics.ts';
import { panelRoutes } from './panel-v2/routes.ts';
import { refuse } from './problems.ts';
import { adminAccountRoutes } from './v1/admin-accounts.ts';
import { adminAlertRoutes } from './v1/admin-alerts.ts';
import { adminCatalogueRoutes } from './v1/admin-catalogue.ts';
import { adminOrderRoutes } from './v1/admin-orders.ts';
import { adminProviderRoutes } from './v1/admin-providers.ts';
import { callbackRoutes } from './v1/callbacks.ts';
import { historyRoutes } from './v1/history.ts';
import { orderActionRoutes } from './v1/order-actions.ts';
import { orderRoutes } from './v1/orders.ts';
import { refillRoutes } from './v1/refills.ts';
import { routes } from './v1/routes.ts';
import { serviceRoutes } from './v1/services.ts';
import { walletRoutes } from './v1/wallet.ts';
import { webhookDeliveryRoutes } from './v1/webhook-deliveries.ts';
import { webhookRoutes } from './v1/webhooks.ts';

/** The whole API, without a port. */
export function createApp(deps: Deps): OpenAPIHono<ApiEnv> {
  const app = routes();
  const metrics = createMetrics(deps);

  app.use(requestId(), metrics.count, logRequests(deps.log), secureHeaders());
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header('Allow', methods.join(', '));
        return refuse(c, new Refusal('method_not_allowed'));
      },
    }),
  );
  const tooLarge = bodyLimit({ maxSize: LIMITS.body, onError: (c) => refuse(c, new Refusal('body_too_large')) });
  app.use('/v1/*', authenticate(deps), tooLarge);

  app.route('/', healthRoutes(deps));
  app.route('/', metrics.routes);
  app.route('/', panelRoutes(deps));
  app.route('/', orderRoutes(deps));
  app.route('/', orderActionRoutes(deps));
  app.route('/', refillRoutes(deps));
  app.route('/', historyRoutes(deps));
  app.route('/', serviceRoutes(deps));
  app.route('/', walletRoutes(deps));
  app.route('/', webhookRoutes(deps));
  app.route('/', webhookDeliveryRoutes(deps));
  app.route('/', callbackRoutes(deps));
  app.route('/', adminAccountRoutes(deps));
  app.route('/', adminCatalogueRoutes(deps));
  app.route('/', adminOrderRoutes(deps));
  app.route('/', adminProviderRoutes(deps));
  app.route('/', adminAlertRoutes(deps));

  app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Holdfast',
      version: '1',
      description: 'Panel orders with exact money. Amounts are decimal strings.',
    },
    security: [{ key: [] }],
  });

  app.notFound((c) => refuse(c, new Refusal('not_found')));
  app.onError((error, c) => refuse(c, asRefusal(error, deps.log, c.get('requestId'))));
  return app;
}
