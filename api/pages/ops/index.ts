import type { Page } from '../page.ts';
import { sessionsPage } from '../session/sessions-page.tsx';
import type { Place } from '../view/layout.tsx';
import { accountPage } from './accounts/account.ts';
import { accountRequestsPage } from './accounts/account-requests.tsx';
import { accountStatementCsv, accountStatementPage } from './accounts/account-statement.tsx';
import { accountsPage } from './accounts/accounts.tsx';
import { alertsPage } from './alerts/alerts.tsx';
import { auditPage } from './books/audit.tsx';
import { booksPage } from './books/books.tsx';
import { decisionPage, decisionPart } from './many/progress.tsx';
import { actOnManyPage } from './orders/act-on-many.tsx';
import { orderLive, orderPage } from './orders/order.tsx';
import { ordersPage } from './orders/orders.tsx';
import { stuckPage } from './orders/stuck.tsx';
import { heldPage } from './providers/held.tsx';
import { providerPage } from './providers/provider.tsx';
import { providersPage } from './providers/providers.tsx';
import { decidePage } from './queue/decide.tsx';
import { decideManyPage } from './queue/decide-many.tsx';
import { waitingPage } from './queue/waiting.tsx';
import { reportsCsv, reportsPage } from './reports/reports.tsx';
import { newServicePage } from './services/new-service.tsx';
import { servicePage } from './services/service.ts';
import { servicesPage } from './services/services.tsx';

/** The menu of the pages of staff. */
export const STAFF_PLACES: readonly Place[] = [
  { path: '', name: 'Waiting' },
  { path: '/orders', name: 'Orders' },
  { path: '/stuck', name: 'Stuck and slow' },
  { path: '/providers', name: 'Providers' },
  { path: '/services', name: 'Services' },
  { path: '/accounts', name: 'Accounts' },
  { path: '/alerts', name: 'Alerts' },
  { path: '/reports', name: 'Reports' },
  { path: '/books', name: 'Books' },
  { path: '/audit', name: 'Audit' },
];

/** Every page of staff. A page that is not listed here is not served. */
export const STAFF_PAGES: readonly Page[] = [
  waitingPage,
  decideManyPage,
  decidePage,
  decisionPage,
  decisionPart,
  ordersPage,
  actOnManyPage,
  orderPage,
  orderLive,
  stuckPage,
  providersPage,
  providerPage,
  heldPage,
  servicesPage,
  newServicePage,
  servicePage,
  accountsPage,
  accountPage,
  accountStatementPage,
  accountStatementCsv,
  accountRequestsPage,
  alertsPage,
  reportsPage,
  reportsCsv,
  booksPage,
  auditPage,
  sessionsPage('ops'),
];
