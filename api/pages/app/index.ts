import type { Page } from '../page.ts';
import type { Place } from '../view/layout.tsx';
import { orderLive, orderPage } from './order.tsx';
import { ordersPage } from './orders.tsx';
import { ordersLive } from './orders-live.tsx';
import { overviewPage } from './overview.tsx';

/** The menu of the customers' pages. */
export const CUSTOMER_PLACES: readonly Place[] = [
  { path: '', name: 'Overview' },
  { path: '/orders', name: 'Orders' },
];

/** Every page of the customers. A page that is not listed here is not served. */
export const CUSTOMER_PAGES: readonly Page[] = [overviewPage, ordersPage, ordersLive, orderPage, orderLive];
