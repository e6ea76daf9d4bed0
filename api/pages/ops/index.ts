import type { Page } from '../page.ts';
import { sessionsPage } from '../session/sessions-page.tsx';
import type { Place } from '../view/layout.tsx';
import { accountPage } from './accounts/account.ts';
import { accountsPage } from './accounts/accounts.tsx';
import { alertsPage } from './alerts/alerts.tsx';
import { auditPage } from './books/audit.tsx';
import { booksPage } from './books/books.tsx';
import { reportsPage } from './reports/reports.tsx';
import { newServicePage } from './services/new-service.tsx';
import { servicePage } from './services/service.ts';
import { servicesPage } from './services/services.tsx';
import { waitingPage } from './waiting.tsx';

/** The menu of the pages of staff. */
export const STAFF_PLACES: readonly Place[] = [
  { path: '', name: 'Waiting' },
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
  servicesPage,
  newServicePage,
  servicePage,
  accountsPage,
  accountPage,
  alertsPage,
  reportsPage,
  booksPage,
  auditPage,
  sessionsPage('ops'),
];
