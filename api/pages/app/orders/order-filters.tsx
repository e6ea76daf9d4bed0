import type { FC } from 'hono/jsx';
import { LIMITS } from '../../../../domain/limits.ts';
import {
  ATTENTIONS,
  type Attention,
  FINAL_STATUSES,
  isFinal,
  ORDER_STATUSES,
} from '../../../../domain/order/status.ts';
import { readId } from '../../../v1/ids.ts';
import { dayStart } from '../../days.ts';
import { queryOf, type Visit } from '../../page.ts';
import { given, oneOf } from '../../queries.ts';
import { Choice, Field, inputOf } from '../../view/parts.tsx';

/** The filters of the list, by their names in the address. */
const FILTERS = [
  'find',
  'status',
  'attention',
  'reference',
  'link',
  'service',
  'dripFeed',
  'archived',
  'from',
  'to',
  'sort',
] as const;
export type Filters = Partial<Record<(typeof FILTERS)[number], string>>;

/** Filters that stay folded until one of them is used. */
const MORE = FILTERS.filter((name) => name !== 'find' && name !== 'status');

/** The filters that `read` has; those that are empty are left out. */
export const filtersIn = (read: (name: string) => string | null | undefined): Filters =>
  Object.fromEntries(
    FILTERS.flatMap((name) => {
      const text = read(name)?.trim() ?? '';
      return text === '' ? [] : [[name, text]];
    }),
  );

export const filtersOf = (visit: Visit): Filters => filtersIn((name) => queryOf(visit, name));

/** The ids in a pasted text, each once, with anything between them. */
export const idsAmong = (text: string): number[] => [
  ...new Set((text.match(/\d+/g) ?? []).flatMap((digits) => readId(digits) ?? [])),
];

/** The ids that a text lists, each once; none when there is anything else in it. */
export function idsIn(text: string): number[] {
  const parts = text.split(/[\s,;|#]+/).filter(Boolean);
  const ids = parts.flatMap((part) => readId(part) ?? []);
  return ids.length === parts.length ? [...new Set(ids)] : [];
}

/** What a search looks for: orders by their ids, an address, or else a reference. Other links and references have fields of their own. */
function foundBy(text: string | undefined) {
  if (text === undefined) return {};
  const ids = idsIn(text);
  if (ids.length > 0) return { ids: ids.slice(0, LIMITS.idsInList).join(',') };
  return /^https?:\/\//i.test(text) ? { link: text } : { reference: text };
}

const OPEN_STATUSES = ORDER_STATUSES.filter((status) => !isFinal(status));

function statusesOf(text: string | undefined) {
  if (text === 'open') return OPEN_STATUSES;
  if (text === 'ended') return [...FINAL_STATUSES];
  return oneOf(ORDER_STATUSES, text);
}

/** The orders that wait for support, whatever it has to decide. */
const WITH_SUPPORT: readonly Attention[] = ['review', 'conflict', 'uncertain'];

const attentionsOf = (text: string | undefined) => (text === 'support' ? [...WITH_SUPPORT] : oneOf(ATTENTIONS, text));

const YES_NO = ['true', 'false'] as const;

/** The query of GET /v1/orders for these filters. A day that is none stays, and v1 says what is wrong with it. */
export function queryFor(filters: Filters) {
  return given({
    ...foundBy(filters.find),
    ...given({ link: filters.link, reference: filters.reference }),
    status: statusesOf(filters.status),
    attention: attentionsOf(filters.attention),
    service: filters.service === undefined ? undefined : readId(filters.service),
    dripFeed: oneOf(YES_NO, filters.dripFeed),
    archived: oneOf(YES_NO, filters.archived),
    from: dayStart(filters.from),
    to: dayStart(filters.to, 1),
    sort: oneOf(['createdAt'], filters.sort),
  });
}

interface TextProps {
  readonly filters: Filters;
  readonly name: 'find' | 'reference' | 'link' | 'service' | 'from' | 'to';
  readonly label: string;
  readonly type?: string;
}

const Text: FC<TextProps> = (props) => {
  const { filters, name, label, type = 'text' } = props;
  const field = { name, label };
  return (
    <Field {...field}>
      <input
        {...inputOf(field)}
        type={type}
        value={filters[name] ?? ''}
        {...(name === 'find' ? { 'data-search': true } : {})}
        {...(name === 'service' ? { inputmode: 'numeric', size: 6 } : {})}
      />
    </Field>
  );
};

export const FilterForm: FC<{ filters: Filters }> = ({ filters }) => (
  <search>
    <form method="get" class="filters">
      <Text filters={filters} name="find" label="Ids, link, or reference that is no number" type="search" />
      <Choice
        name="status"
        label="Status"
        value={filters.status}
        options={[
          ['', 'any'],
          ['open', 'open'],
          ['ended', 'ended'],
          ...ORDER_STATUSES.map((one) => [one, one] as const),
        ]}
      />
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
          <Choice
            name="attention"
            label="Attention"
            value={filters.attention}
            options={[['', 'any'], ['support', 'with support'], ...ATTENTIONS.map((one) => [one, one] as const)]}
          />
          <Text filters={filters} name="reference" label="Reference" />
          <Text filters={filters} name="link" label="Link or user name" />
          <Text filters={filters} name="service" label="Service" />
          <Choice
            name="dripFeed"
            label="Drip-feed"
            value={filters.dripFeed}
            options={[
              ['', 'all'],
              ['true', 'drip-feeds'],
              ['false', 'others'],
            ]}
          />
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
          <Text filters={filters} name="from" label="From" type="date" />
          <Text filters={filters} name="to" label="To" type="date" />
          <Choice
            name="sort"
            label="Sort"
            value={filters.sort}
            options={[
              ['', 'newest first'],
              ['createdAt', 'oldest first'],
            ]}
          />
        </div>
      </details>
    </form>
  </search>
);
