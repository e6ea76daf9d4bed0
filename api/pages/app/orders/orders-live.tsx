import { readEventId } from '../../../order/event-stream.ts';
import { readId } from '../../../v1/ids.ts';
import { streamParts } from '../../live/parts-stream.ts';
import { type Page, queryOf } from '../../page.ts';
import { markupOf } from '../../view/document.ts';
import { offeredServices } from '../services/services-read.ts';
import { NewOrders, newestEvent, newOrderCounter } from './new-orders.tsx';
import { OrderRow } from './order-rows.tsx';
import { findOrders, measuredOf } from './orders-read.ts';

/** Orders that one page shows at most. */
const MOST = 100;

/** The rows of a list, live. */
export const ordersLive: Page = {
  path: '/orders/live',
  get: async (visit) => {
    const ids = (queryOf(visit, 'ids') ?? '').split(',').flatMap((text) => readId(text) ?? []);
    const isSelectable = queryOf(visit, 'select') === '1';
    const orders = [...new Set(ids)].slice(0, MOST);
    const since = readEventId('since', queryOf(visit, 'since')) ?? (await newestEvent(visit));
    const countNew = newOrderCounter(visit, since, new Set(orders));
    return streamParts(visit, { orders, account: visit.session.accountId }, async (news) => {
      const services = await offeredServices(visit);
      const count = await countNew(news);
      const changed = await findOrders(
        visit,
        news.orders.map((order) => order.id),
      );
      const measured = await measuredOf(visit, changed);
      return markupOf(
        <>
          {changed.map((order) => (
            <OrderRow order={order} services={services} measured={measured} isSelectable={isSelectable} />
          ))}
          <NewOrders count={count} />
        </>,
      );
    });
  },
};
