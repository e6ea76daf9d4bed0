import type { Page } from '../page.ts';
import { sessionsPage } from '../session/sessions-page.tsx';
import type { Place } from '../view/layout.tsx';
import { developersPage } from './developers.tsx';
import { keysPage } from './keys.tsx';
import { orderLive, orderPage } from './order/order.tsx';
import { refillsPage } from './order/refills.tsx';
import { timelinePage } from './order/timeline.tsx';
import { cancelManyPage } from './orders/cancel-many.tsx';
import { copyManyPage } from './orders/copy-many.tsx';
import { ordersCsv, ordersPage } from './orders/orders.tsx';
import { ordersLive } from './orders/orders-live.tsx';
import { overviewPage } from './overview.tsx';
import { massPage } from './placing/mass.tsx';
import { massCsv, massLinesPart, massProgressPage } from './placing/mass-progress.tsx';
import { newOrderPage, pricePart } from './placing/new-order.tsx';
import { requestsPage } from './requests.tsx';
import { servicePage, servicesPage } from './services/services.tsx';
import { statementCsv, statementPage } from './statement.tsx';
import { webhookPage } from './webhook.tsx';

/** The menu of the customers' pages. */
export const CUSTOMER_PLACES: readonly Place[] = [
  { path: '', name: 'Overview' },
  { path: '/orders', name: 'Orders' },
  { path: '/new', name: 'New order' },
  { path: '/mass', name: 'Mass order' },
  { path: '/refills', name: 'Refills' },
  { path: '/services', name: 'Services' },
  { path: '/statement', name: 'Statement' },
  { path: '/developers', name: 'Developers', also: ['/keys', '/requests'] },
];

/** Every page of the customers. A page that is not listed here is not served. */
export const CUSTOMER_PAGES: readonly Page[] = [
  overviewPage,
  ordersPage,
  ordersLive,
  ordersCsv,
  cancelManyPage,
  copyManyPage,
  orderPage,
  orderLive,
  timelinePage,
  newOrderPage,
  pricePart,
  servicesPage,
  servicePage,
  statementPage,
  statementCsv,
  refillsPage,
  massPage,
  massProgressPage,
  massLinesPart,
  massCsv,
  developersPage,
  webhookPage,
  keysPage,
  requestsPage,
  sessionsPage('app'),
];
