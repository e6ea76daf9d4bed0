import type { FC } from 'hono/jsx';
import type { ActionFilter } from '../../../../client/openapi.ts';
import { ATTENTIONS, ORDER_STATUSES } from '../../../../domain/order/status.ts';
import { readId } from '../../../v1/ids.ts';
import { dayStart } from '../../days.ts';
import { queryOf, type Visit } from '../../page.ts';
import { given, idQuery, oneOf } from '../../queries.ts';
import { Choice, Field, inputOf } from '../../view/parts.tsx';

/** The filters of the list, by their names in the address. */
export const FILTERS = [
  'order',
  'providerOrder',
  'link',
  'status',
  'attention',
  'account',
  'service',
  'provider',
  'from',
  'to',
] as const;
export type FilterName = (typeof FILTERS)[number];
export type Filters = Partial<Record<FilterName, string>>;

export const filtersOf = (visit: Visit): Filters =>
  given(Object.fromEntries(FILTERS.map((name) => [name, queryOf(visit, name)])));

/** The order that a text names, by its id or as `order-10001` or `#10001`; undefined for any other text. */
export const orderIn = (text: string): number | undefined => readId(text.replace(/^(?:order-|#)/i, ''));

/** The filters as both the list and the actions on many orders of v1 take them. */
const commonFilter = (visit: Visit): ActionFilter => ({
  ...given({
    account: idQuery(visit, 'account'),
    service: idQuery(visit, 'service'),
    provider: idQuery(visit, 'provider'),
    link: queryOf(visit, 'link'),
    status: oneOf(ORDER_STATUSES, queryOf(visit, 'status')),
    attention: oneOf(ATTENTIONS, queryOf(visit, 'attention')),
    from: dayStart(queryOf(visit, 'from')),
    to: dayStart(queryOf(visit, 'to'), 1),
  }),
});

/** The query of the list. */
export const listQuery = (visit: Visit) => ({
  ...commonFilter(visit),
  ...given({ providerOrder: queryOf(visit, 'providerOrder'), cursor: queryOf(visit, 'cursor') }),
});

/** The filter of an action on all that match; undefined when the address has none, or one that v1 cannot act by. */
export function actionFilter(visit: Visit): ActionFilter | undefined {
  const filter = commonFilter(visit);
  return queryOf(visit, 'providerOrder') === undefined && Object.keys(filter).length > 0 ? filter : undefined;
}

const options = (words: readonly string[]) => [['', 'any'] as const, ...words.map((word) => [word, word] as const)];

/** Filters that stay folded until one of them is used. */
const MORE: readonly FilterName[] = ['account', 'service', 'provider', 'attention', 'from', 'to'];

export const FilterForm: FC<{ filters: Filters }> = ({ filters }) => {
  const text = (
    name: FilterName,
    label: string,
    more: { readonly type?: string; readonly size?: number; readonly search?: boolean } = {},
  ) => (
    <Field name={name} label={label}>
      <input
        {...inputOf({ name, label })}
        type={more.type ?? 'text'}
        value={filters[name] ?? ''}
        {...(more.size === undefined ? {} : { size: more.size })}
        {...(more.search === true ? { 'data-search': true } : {})}
      />
    </Field>
  );
  return (
    <search>
      <form method="get" class="filters" action="/ops/orders">
        {text('order', 'Order', { size: 8, search: true })}
        {text('providerOrder', "Provider's order", { size: 12 })}
        {text('link', 'Link', { size: 18 })}
        <Choice name="status" label="Status" value={filters.status} options={options(ORDER_STATUSES)} />
        <button type="submit">Filter</button>
        {Object.keys(filters).length === 0 ? (
          ''
        ) : (
          <a class="button plain" href="/ops/orders">
            Clear
          </a>
        )}
        <details open={MORE.some((name) => filters[name] !== undefined)}>
          <summary>More filters</summary>
          <div class="more">
            <Choice name="attention" label="Attention" value={filters.attention} options={options(ATTENTIONS)} />
            {text('account', 'Account', { size: 6 })}
            {text('service', 'Service', { size: 6 })}
            {text('provider', 'Provider', { size: 6 })}
            {text('from', 'From', { type: 'date' })}
            {text('to', 'To', { type: 'date' })}
          </div>
        </details>
      </form>
    </search>
  );
};
