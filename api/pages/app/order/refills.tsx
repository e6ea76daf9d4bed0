import { randomUUID } from 'node:crypto';
import { REFILL_STATUSES } from '../../../../domain/refill/rules.ts';
import { may, type Page, queryOf, type Visit } from '../../page.ts';
import { Choice, Empty, Heading, Pager, PostForm } from '../../view/parts.tsx';
import { bulkAction } from '../orders/bulk.tsx';
import { newestEvent } from '../orders/new-orders.tsx';
import { OrderTable } from '../orders/order-rows.tsx';
import { offeredServices } from '../services/services-read.ts';
import { RefillTable } from './refill-table.tsx';

const PAGE_ROWS = 25;

/** Completed orders that are looked through for those that can be refilled now. */
const LOOKED_AT = 100;

/** The latest Completed orders that can be refilled now. */
async function refillable({ v1 }: Visit) {
  const query = { status: 'Completed', archived: 'false', limit: LOOKED_AT } as const;
  const { data } = await v1.GET('/v1/orders', { params: { query } });
  return data.filter(({ can }) => can.refill.allowed).slice(0, PAGE_ROWS);
}

export const refillsPage: Page = {
  path: '/refills',
  get: async (visit) => {
    const [cursor, status] = [
      queryOf(visit, 'cursor'),
      REFILL_STATUSES.find((one) => one === queryOf(visit, 'status')),
    ];
    const query = { limit: PAGE_ROWS, ...(cursor && { cursor }), ...(status && { status }) };
    const canOrder = may(visit, 'orders:write');
    const liveSince = await newestEvent(visit);
    const [{ data, nextCursor }, orders, services] = await Promise.all([
      visit.v1.GET('/v1/refills', { params: { query } }),
      refillable(visit),
      offeredServices(visit),
    ]);
    const table = { orders, services, measured: new Map(), liveSince };
    const body = (
      <>
        <Heading text="Refills" />
        <form method="get" class="filters">
          <Choice
            name="status"
            label="Status"
            value={status}
            options={[['', 'any'], ...REFILL_STATUSES.map((one) => [one, one] as const)]}
          />
          <button type="submit">Filter</button>
        </form>
        {data.length === 0 ? (
          <Empty>
            <p>
              No refill{' '}
              {status === undefined
                ? `yet${canOrder ? '. Ask for one below, or on the page of an order' : ''}`
                : `is ${status}`}
              .
            </p>
          </Empty>
        ) : (
          <RefillTable refills={data} />
        )}
        <Pager here={new URL(visit.c.req.url)} next={nextCursor} />
        <h2>Orders that can be refilled now</h2>
        {orders.length === 0 ? (
          <Empty>
            <p>None of the latest Completed orders can be refilled now.</p>
            <a href="/app/services">Services with refill</a>
          </Empty>
        ) : !canOrder ? (
          <OrderTable {...table} />
        ) : (
          <PostForm token={visit.formToken}>
            <input type="hidden" name="key" value={randomUUID()} />
            <div class="bulk">
              <label data-needs-script>
                <input type="checkbox" data-selects="id" /> All
              </label>
              <button type="submit" name="do" value="refill">
                Refill selected
              </button>
            </div>
            <OrderTable {...table} isSelectable />
          </PostForm>
        )}
      </>
    );
    return { title: 'Refills', body };
  },
  post: (visit, form) => bulkAction(visit, form, `/app/refills${new URL(visit.c.req.url).search}`),
};
