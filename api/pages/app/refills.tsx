import { randomUUID } from 'node:crypto';
import { type Page, queryOf } from '../page.ts';
import { Empty, Heading, Pager, PostForm } from '../view/parts.tsx';
import { whyNot } from './order-actions.ts';
import { OrderTable } from './order-rows.tsx';
import { offeredServices } from './services-read.ts';

const PAGE_ROWS = 25;

/** Completed orders whose refill window is open, to select and refill. Each order's page has the refills that it had. */
export const refillsPage: Page = {
  path: '/refills',
  get: async (visit) => {
    const cursor = queryOf(visit, 'cursor');
    const query = {
      status: 'Completed',
      archived: 'false',
      limit: PAGE_ROWS,
      ...(cursor === undefined ? {} : { cursor }),
    } as const;
    const [{ data, nextCursor }, services] = await Promise.all([
      visit.v1.GET('/v1/orders', { params: { query } }),
      offeredServices(visit),
    ]);
    const refillable = data.filter((order) => whyNot(order, 'refill') === undefined);
    const body = (
      <>
        <Heading text="Refills" />
        <p>Completed orders whose refill window is open. Select those that have dropped.</p>
        {refillable.length === 0 ? (
          <Empty>
            <p>No Completed order on this page of the list can be refilled now.</p>
            <a href="/app/services">Services with refill</a>
          </Empty>
        ) : (
          <PostForm token={visit.formToken} action="/app/orders">
            <input type="hidden" name="key" value={randomUUID()} />
            <div class="bulk">
              <label data-needs-script>
                <input type="checkbox" data-selects="id" /> All on this page
              </label>
              <button type="submit" name="do" value="refill">
                Refill selected
              </button>
            </div>
            <OrderTable orders={refillable} services={services} isSelectable isLive />
          </PostForm>
        )}
        <Pager here={new URL(visit.c.req.url)} next={nextCursor} />
      </>
    );
    return { title: 'Refills', body };
  },
};
