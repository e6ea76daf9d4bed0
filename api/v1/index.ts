/** Every route of REST v1, in the order of the OpenAPI document. A route that is not listed here is not served. */
import { adminAccountRoutes } from '../account/admin-accounts.ts';
import { adminAuditRoutes } from '../account/admin-audit.ts';
import { adminKeyRoutes } from '../account/admin-keys.ts';
import { adminPaymentRoutes } from '../account/admin-payments.ts';
import { orderViewRoutes } from '../account/order-views.ts';
import { ownKeyRoutes } from '../account/own-keys.ts';
import { requestRoutes } from '../account/requests.ts';
import { adminImportRoutes } from '../catalogue/admin-imports.ts';
import { adminProviderCatalogueRoutes } from '../catalogue/admin-provider-catalogue.ts';
import { adminServiceRoutes } from '../catalogue/admin-services.ts';
import { favouriteRoutes } from '../catalogue/favourites.ts';
import { serviceStatsRoutes } from '../catalogue/service-stats.ts';
import { serviceTimeRoutes } from '../catalogue/service-times.ts';
import { serviceRoutes } from '../catalogue/services.ts';
import { callbackRoutes } from '../delivery/callbacks.ts';
import { adminAttemptRoutes } from '../dispatch/admin-attempts.ts';
import { adminLedgerRoutes } from '../ledger/admin-ledger.ts';
import { walletRoutes } from '../ledger/wallet.ts';
import { accountEventRoutes } from '../order/account-events.ts';
import { historyRoutes } from '../order/history.ts';
import { listOrderRoutes } from '../order/list-orders.ts';
import { orderActionRoutes } from '../order/order-actions.ts';
import { orderEventRoutes } from '../order/order-events.ts';
import { orderMoneyRoutes } from '../order/order-money.ts';
import { orderRoutes } from '../order/orders.ts';
import { bulkOrderRoutes } from '../placement/bulk-orders.ts';
import { listQuoteRoutes } from '../placement/list-quotes.ts';
import { orderListRoutes } from '../placement/order-lists.ts';
import { quoteRoutes } from '../placement/quotes.ts';
import { reorderRoutes } from '../placement/reorders.ts';
import { providerCallRoutes } from '../provider/admin-provider-calls.ts';
import { adminProviderListRoutes } from '../provider/admin-provider-list.ts';
import { adminProviderRoutes } from '../provider/admin-providers.ts';
import { adminAlertRoutes } from '../reconcile/admin-alerts.ts';
import { adminReconcileRoutes } from '../reconcile/admin-reconcile.ts';
import { refillRoutes } from '../refill/refills.ts';
import { outcomeRoutes } from '../report/outcomes.ts';
import { revenueRoutes } from '../report/revenue.ts';
import { timesRoutes } from '../report/times.ts';
import { adminHeldCorrectionRoutes } from '../review/admin-held-corrections.ts';
import { adminOrderRoutes } from '../review/admin-orders.ts';
import { allOrderRoutes } from '../review/all-orders.ts';
import { batchCountRoutes } from '../review/batch-counts.ts';
import { bulkActionRoutes } from '../review/bulk-actions.ts';
import { bulkResolutionRoutes } from '../review/bulk-resolutions.ts';
import { staffActionRoutes } from '../review/staff-actions.ts';
import { webhookDeliveryRoutes } from '../webhook/webhook-deliveries.ts';
import { webhookSecretRoutes } from '../webhook/webhook-secrets.ts';
import { webhookRoutes } from '../webhook/webhooks.ts';
import { routeTable } from './define-route.ts';

export const V1_ROUTES = routeTable([
  ...orderRoutes,
  ...listOrderRoutes,
  ...orderViewRoutes,
  ...orderListRoutes,
  ...bulkOrderRoutes,
  ...quoteRoutes,
  ...listQuoteRoutes,
  ...reorderRoutes,
  ...orderActionRoutes,
  ...refillRoutes,
  ...historyRoutes,
  ...orderMoneyRoutes,
  ...orderEventRoutes,
  ...accountEventRoutes,
  ...serviceRoutes,
  ...serviceStatsRoutes,
  ...serviceTimeRoutes,
  ...favouriteRoutes,
  ...walletRoutes,
  ...webhookRoutes,
  ...webhookSecretRoutes,
  ...webhookDeliveryRoutes,
  ...ownKeyRoutes,
  ...requestRoutes,
  ...callbackRoutes,
  ...adminAccountRoutes,
  ...adminPaymentRoutes,
  ...adminKeyRoutes,
  ...adminProviderListRoutes,
  ...providerCallRoutes,
  ...allOrderRoutes,
  ...adminOrderRoutes,
  ...staffActionRoutes,
  ...batchCountRoutes,
  ...bulkActionRoutes,
  ...bulkResolutionRoutes,
  ...adminAttemptRoutes,
  ...adminHeldCorrectionRoutes,
  ...adminProviderRoutes,
  ...adminServiceRoutes,
  ...adminProviderCatalogueRoutes,
  ...adminImportRoutes,
  ...adminAlertRoutes,
  ...adminReconcileRoutes,
  ...adminLedgerRoutes,
  ...revenueRoutes,
  ...outcomeRoutes,
  ...timesRoutes,
  ...adminAuditRoutes,
]);
