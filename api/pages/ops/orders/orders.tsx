import type { FC } from 'hono/jsx';
import { ORDER_ACTIONS } from '../../../../domain/review/order-actions.ts';
import { type Page, redirect, type Visit } from '../../page.ts';
import { V1Problem } from '../../v1.ts';
import { SEARCH_KEYS } from '../../view/layout.tsx';
import { Empty, Heading, Notice, Pager } from '../../view/parts.tsx';
import { CarriedFields } from '../many/effect.tsx';
import { QUEUE_KEYS } from '../queue/waiting.tsx';
import { ACTION_NAMES } from './actions.ts';
import { actionFilter, FilterForm, type Filters, filtersOf, listQuery, orderIn } from './filters.tsx';
import { OrderTable } from './rows.tsx';

const PAGE_ROWS = 50;

const BulkBar: FC<{ canTakeAll: boolean }> = ({ canTakeAll }) => (
  <div class="bulk">
    <label data-needs-script>
      <input type="checkbox" data-selects="id" /> All on this page
    </label>
    <label for="action" class="unseen">
      Action
    </label>
    <select id="action" name="action">
      {ORDER_ACTIONS.map((action) => (
        <option value={action}>{ACTION_NAMES[action]}</option>
      ))}
    </select>
    <button type="submit" class="plain" name="of" value="selected">
      Act on the selected
    </button>
    {canTakeAll ? (
      <button type="submit" class="plain" name="of" value="filter">
        Act on all that match
      </button>
    ) : (
      ''
    )}
  </div>
);

const NoOrders: FC<{ filters: Filters }> = ({ filters }) => (
  <Empty>
    {Object.keys(filters).length === 0 ? (
      <p>No order was placed yet.</p>
    ) : (
      <>
        <p>No order matches on this page of the list.</p>
        <a href="/ops/orders">Show all orders</a>
      </>
    )}
  </Empty>
);

const NO_ROWS = { data: [], nextCursor: null, error: undefined };

/** A page of the list, or why v1 refuses its filters. */
async function readPage(visit: Visit) {
  try {
    const query = { ...listQuery(visit), limit: PAGE_ROWS };
    return { ...(await visit.v1.GET('/v1/admin/orders', { params: { query } })), error: undefined };
  } catch (refused) {
    if (!(refused instanceof V1Problem) || refused.status !== 422) throw refused;
    return { ...NO_ROWS, error: refused.detail };
  }
}

/** The orders of all accounts, by the filters in the address. */
export const ordersPage: Page = {
  path: '/orders',
  get: async (visit) => {
    const filters = filtersOf(visit);
    const id = orderIn(filters.order ?? '');
    if (id !== undefined) return redirect(visit, `/ops/orders/${id}`);
    const { data, nextCursor, error } = filters.order === undefined ? await readPage(visit) : NO_ROWS;
    const { order: _, ...carried } = filters;
    const body = (
      <>
        <Heading text="Orders" />
        <FilterForm filters={filters} />
        {error === undefined ? '' : <Notice kind="error">{error}</Notice>}
        {data.length === 0 ? (
          <NoOrders filters={filters} />
        ) : (
          <form method="get" action="/ops/orders/act">
            <CarriedFields of={carried} />
            <BulkBar canTakeAll={actionFilter(visit) !== undefined} />
            <OrderTable orders={data} />
          </form>
        )}
        <Pager here={new URL(visit.c.req.url)} next={nextCursor} />
      </>
    );
    return { title: 'Orders', body, keys: [...QUEUE_KEYS, ...SEARCH_KEYS], assets: ['queue.js'] };
  },
};
