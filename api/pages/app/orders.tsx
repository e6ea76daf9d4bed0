import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import { LIMITS } from '../../../domain/limits.ts';
import { ATTENTIONS, ORDER_STATUSES } from '../../../domain/order/status.ts';
import { readId } from '../../v1/ids.ts';
import { dayStart } from '../days.ts';
import { type Page, queryOf, redirect, textOf, type Visit } from '../page.ts';
import { Choice, Empty, Field, Heading, inputOf, Pager, PostForm } from '../view/parts.tsx';
import { actOnMany, BULK_ACTIONS, BulkResults, isBulkAction } from './bulk.tsx';
import { OrderTable } from './order-rows.tsx';
import { findOrder } from './orders-read.ts';
import { offeredServices } from './services-read.ts';

const PAGE_ROWS = 25;

/** The filters of the list, by their names in the address. */
const FILTERS = ['status', 'attention', 'service', 'reference', 'archived', 'from', 'to'] as const;
type Filters = Partial<Record<(typeof FILTERS)[number], string>>;

const filtersOf = (visit: Visit): Filters =>
  Object.fromEntries(
    FILTERS.flatMap((name) => (queryOf(visit, name) === undefined ? [] : [[name, queryOf(visit, name)]])),
  );

/** The word of a list of words; undefined for any other text. */
const oneOf = <T extends string>(words: readonly T[], text: string | undefined): T | undefined =>
  words.find((word) => word === text);

const readPage = (visit: Visit, filters: Filters) => {
  const query = {
    limit: PAGE_ROWS,
    cursor: queryOf(visit, 'cursor'),
    status: oneOf(ORDER_STATUSES, filters.status),
    attention: oneOf(ATTENTIONS, filters.attention),
    service: filters.service === undefined ? undefined : (readId(filters.service) ?? 0),
    reference: filters.reference,
    archived: oneOf(['true', 'false'], filters.archived),
    from: dayStart(filters.from),
    to: dayStart(filters.to, 1),
  };
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  return visit.v1.GET('/v1/orders', { params: { query: given } });
};

/** Filters that stay folded until one of them is used. */
const MORE = ['attention', 'service', 'archived', 'from', 'to'] as const;

const options = (words: readonly string[]) => [['', 'any'] as const, ...words.map((word) => [word, word] as const)];

const FilterForm: FC<{ filters: Filters }> = ({ filters }) => {
  const text = (name: 'reference' | 'service' | 'from' | 'to', label: string, type = 'text') => {
    const field = { name, label };
    const isSearch = name === 'reference';
    return (
      <Field {...field}>
        <input
          {...inputOf(field)}
          type={type}
          value={filters[name] ?? ''}
          {...(isSearch ? { 'data-search': true, maxlength: LIMITS.reference } : {})}
          {...(name === 'service' ? { inputmode: 'numeric', size: 6 } : {})}
        />
      </Field>
    );
  };
  return (
    <search>
      <form method="get" class="filters">
        {text('reference', 'Order id or reference', 'search')}
        <Choice name="status" label="Status" value={filters.status} options={options(ORDER_STATUSES)} />
        <button type="submit">Filter</button>
        {Object.keys(filters).length === 0 ? (
          ''
        ) : (
          <a class="button plain" href="/app/orders">
            Clear
          </a>
        )}
        <details open={MORE.some((name) => filters[name] !== undefined)}>
          <summary>More filters</summary>
          <div class="more">
            <Choice name="attention" label="Attention" value={filters.attention} options={options(ATTENTIONS)} />
            {text('service', 'Service')}
            <Choice
              name="archived"
              label="Archived"
              value={filters.archived}
              options={[
                ['', 'all'],
                ['false', 'not archived'],
                ['true', 'archived'],
              ]}
            />
            {text('from', 'From', 'date')}
            {text('to', 'To', 'date')}
          </div>
        </details>
      </form>
    </search>
  );
};

const NoOrders: FC<{ isFiltered: boolean }> = ({ isFiltered }) =>
  isFiltered ? (
    <Empty>
      <p>No order matches on this page of the list.</p>
      <a href="/app/orders">Show all orders</a>
    </Empty>
  ) : (
    <Empty>
      <p>No order yet.</p>
      <a class="button" href="/app/new">
        Place the first order
      </a>
    </Empty>
  );

export const ordersPage: Page = {
  path: '/orders',
  get: async (visit) => {
    const filters = filtersOf(visit);
    const id = filters.reference === undefined ? undefined : readId(filters.reference);
    if (id !== undefined && (await findOrder(visit, id)) !== undefined) return redirect(visit, `/app/orders/${id}`);
    const [{ data, nextCursor }, services] = await Promise.all([readPage(visit, filters), offeredServices(visit)]);
    const body = (
      <>
        <Heading text="Orders">
          <a class="button plain" href="/app/mass">
            Mass order
          </a>
          <a class="button" href="/app/new">
            New order
          </a>
        </Heading>
        <FilterForm filters={filters} />
        {data.length === 0 ? (
          <NoOrders isFiltered={Object.keys(filters).length > 0} />
        ) : (
          <PostForm token={visit.formToken}>
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
            <OrderTable orders={data} services={services} isSelectable isLive />
          </PostForm>
        )}
        <Pager here={new URL(visit.c.req.url)} next={nextCursor} />
      </>
    );
    return { title: 'Orders', body };
  },
  post: async (visit, form) => {
    const action = textOf(form, 'do');
    const ids = [
      ...new Set(form.getAll('id').flatMap((value) => (typeof value === 'string' ? (readId(value) ?? []) : []))),
    ];
    if (!isBulkAction(action) || ids.length === 0)
      return redirect(visit, '/app/orders', 'Select orders first.', 'error');
    const results = await actOnMany(visit, action, ids.slice(0, PAGE_ROWS), textOf(form, 'key'));
    return { title: 'Results', body: <BulkResults action={action} results={results} /> };
  },
};
