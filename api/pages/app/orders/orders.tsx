import { randomUUID } from 'node:crypto';
import type { FC, PropsWithChildren } from 'hono/jsx';
import { LIMITS } from '../../../../domain/limits.ts';
import { may, type Page, queryOf, redirect, textOf, type View, type Visit } from '../../page.ts';
import { count } from '../../view/formats.ts';
import { SEARCH_KEYS } from '../../view/layout.tsx';
import { Empty, Field, Heading, inputOf, Pager, PostForm } from '../../view/parts.tsx';
import { offeredServices } from '../services/services-read.ts';
import { BULK_ACTIONS, bulkAction } from './bulk.tsx';
import { newestEvent } from './new-orders.tsx';
import { FilterForm, type Filters, filtersOf, idsAmong, idsIn, queryFor } from './order-filters.tsx';
import { NoOrderYet, OrderTable } from './order-rows.tsx';
import { findOrder, measuredOf } from './orders-read.ts';
import { changeViews, readViews, SavedViews } from './saved-views.tsx';

const PAGE_ROWS = 25;

function readPage(visit: Visit, filters: Filters) {
  const cursor = queryOf(visit, 'cursor');
  const query = { ...queryFor(filters), limit: PAGE_ROWS, ...(cursor === undefined ? {} : { cursor }) };
  return visit.v1.GET('/v1/orders', { params: { query } });
}

/** A text that was pasted and names no order. */
interface Pasted {
  readonly text: string;
  readonly error: string;
}

/** Ids of a table or a message, however they are separated: an address has no room for many, so they are posted. */
const PasteIds: FC<{ token: string; pasted: Pasted | undefined }> = ({ token, pasted }) => {
  const hint = `Up to ${LIMITS.idsInList}, with anything between them`;
  const field = { name: 'ids', label: 'Ids of orders', hint, error: pasted?.error };
  return (
    <details open={pasted !== undefined}>
      <summary>Paste ids</summary>
      <PostForm token={token} class="stack">
        <input type="hidden" name="do" value="find" />
        <Field {...field}>
          <textarea {...inputOf(field)} rows={4}>
            {pasted?.text ?? ''}
          </textarea>
        </Field>
        <button type="submit">Find</button>
      </PostForm>
    </details>
  );
};

/** Goes to the list of pasted ids; more than one list can have are cut off, and said. */
async function findPasted(visit: Visit, text: string): Promise<View | Response> {
  const ids = idsAmong(text);
  if (ids.length === 0)
    return { ...(await listView(visit, { text, error: 'The text has no id in it.' })), status: 422 };
  const to = `/app/orders?${new URLSearchParams({ find: ids.slice(0, LIMITS.idsInList).join(',') })}`;
  if (ids.length <= LIMITS.idsInList) return redirect(visit, to);
  const sentence = `These are ${count(ids.length)} ids: the list has the first ${LIMITS.idsInList}.`;
  return redirect(visit, to, sentence, 'error');
}

const NoMatch: FC = () => (
  <Empty>
    <p>No order matches on this page of the list.</p>
    <a href="/app/orders">Show all orders</a>
  </Empty>
);

/** What acts on the orders that are marked in the table around which it stands. */
const Bulk: FC<PropsWithChildren<{ token: string }>> = ({ token, children }) => (
  <PostForm token={token}>
    <input type="hidden" name="key" value={randomUUID()} />
    <div class="bulk">
      <label data-needs-script>
        <input type="checkbox" data-selects="id" /> All on this page
      </label>
      {BULK_ACTIONS.map(({ action, text }) => (
        <button type="submit" class="plain" name="do" value={action}>
          {text}
        </button>
      ))}
    </div>
    {children}
  </PostForm>
);

async function listView(visit: Visit, pasted?: Pasted): Promise<View> {
  const filters = filtersOf(visit);
  const liveSince = await newestEvent(visit);
  const [{ data, nextCursor }, services, views] = await Promise.all([
    readPage(visit, filters),
    offeredServices(visit),
    readViews(visit),
  ]);
  const measured = await measuredOf(visit, data);
  const here = new URL(visit.c.req.url);
  const canOrder = may(visit, 'orders:write');
  const table = { orders: data, services, measured, liveSince };
  const body = (
    <>
      <Heading text="Orders">
        <a class="button plain" href={`/app/orders/csv${here.search}`}>
          As CSV
        </a>
        {canOrder ? (
          <>
            <a class="button plain" href="/app/mass">
              Mass order
            </a>
            <a class="button" href="/app/new">
              New order
            </a>
          </>
        ) : (
          ''
        )}
      </Heading>
      <FilterForm filters={filters} />
      <PasteIds token={visit.formToken} pasted={pasted} />
      <SavedViews views={views} filters={filters} token={visit.formToken} canChange={canOrder} />
      {data.length > 0 ? (
        canOrder ? (
          <Bulk token={visit.formToken}>
            <OrderTable {...table} isSelectable />
          </Bulk>
        ) : (
          <OrderTable {...table} />
        )
      ) : Object.keys(filters).length > 0 ? (
        <NoMatch />
      ) : (
        <NoOrderYet canOrder={canOrder} />
      )}
      <Pager here={here} next={nextCursor} />
    </>
  );
  return { title: 'Orders', body, keys: SEARCH_KEYS };
}

export const ordersPage: Page = {
  path: '/orders',
  get: async (visit) => {
    const [id, ...others] = idsIn(filtersOf(visit).find ?? '');
    if (id !== undefined && others.length === 0 && (await findOrder(visit, id)) !== undefined) {
      return redirect(visit, `/app/orders/${id}`);
    }
    return listView(visit);
  },
  post: async (visit, form) => {
    const action = textOf(form, 'do');
    if (action === 'save' || action === 'forget') return changeViews(visit, action, form);
    if (action === 'find') return findPasted(visit, textOf(form, 'ids'));
    return bulkAction(visit, form, `/app/orders${new URL(visit.c.req.url).search}`);
  },
};

/** The whole list with the filters of the page, as a file. */
export const ordersCsv: Page = {
  path: '/orders/csv',
  get: (visit) => visit.v1.csv('/v1/orders', queryFor(filtersOf(visit))),
};
