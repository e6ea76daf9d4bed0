import type { FC } from 'hono/jsx';
import type { AuditEntry } from '../../../../client/openapi.ts';
import { readSmallId } from '../../../v1/ids.ts';
import { dayStart } from '../../days.ts';
import { type Page, queryOf, type Visit } from '../../page.ts';
import { SEARCH_KEYS } from '../../view/layout.tsx';
import { Empty, Field, Heading, inputOf, Pager, Time } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';
import { Subject } from '../subject.tsx';

const ROWS = 50;

const COLUMNS: readonly Column[] = [
  { name: 'At' },
  { name: 'Who' },
  { name: 'Did' },
  { name: 'With' },
  { name: 'Asked for' },
];

/** Characters of a request that are shown at once. */
const SHORT = 80;

/** The filters by their names in the address. */
const FILTERS = [
  { name: 'key', label: 'Id of a staff key', type: 'text' },
  { name: 'subject', label: 'Object, like accounts/1001', type: 'search' },
  { name: 'action', label: 'Route, like POST /v1/admin/accounts', type: 'text' },
  { name: 'from', label: 'From', type: 'date' },
  { name: 'to', label: 'To, included', type: 'date' },
] as const;

type Filters = Readonly<Partial<Record<(typeof FILTERS)[number]['name'], string>>>;

const filtersOf = (visit: Visit): Filters =>
  Object.fromEntries(
    FILTERS.flatMap(({ name }) => (queryOf(visit, name) === undefined ? [] : [[name, queryOf(visit, name)]])),
  );

/** No entry has key 0, so text that is no id finds nothing. */
const NO_KEY = 2_147_483_647;

function queryFor({ key, subject, action, from, to }: Filters, cursor: string | undefined) {
  const query = {
    limit: ROWS,
    cursor,
    key: key === undefined ? undefined : readSmallId(key) || NO_KEY,
    subject,
    action,
    from: dayStart(from),
    to: dayStart(to, 1),
  };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}

/** A value in words: a list of objects by how many there are. */
const wordsOfValue = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const isLong = Array.isArray(value) && value.some((one) => typeof one === 'object');
  return isLong ? `(${value.length})` : JSON.stringify(value);
};

/** What was asked for in words: `amount 12.5, reference bank-1`. */
const wordsOf = (detail: unknown): string =>
  typeof detail !== 'object' || detail === null
    ? ''
    : Object.entries(detail)
        .map(([name, value]) => `${name} ${wordsOfValue(value)}`)
        .join(', ');

/** What was asked for, whole on request when it is long. */
const Detail: FC<{ detail: unknown }> = ({ detail }) => {
  const words = wordsOf(detail);
  if (words === '') return <span class="quiet">–</span>;
  const isWhole = words.length <= SHORT && !JSON.stringify(detail).includes('[{');
  if (isWhole) return <span class="broken">{words}</span>;
  return (
    <details>
      <summary class="broken">
        {[...words].slice(0, SHORT).join('')}
        {words.length > SHORT ? '…' : ''}
      </summary>
      <pre>{JSON.stringify(detail, null, 2)}</pre>
    </details>
  );
};

/** A route, which may be broken after its slashes. */
const RouteText: FC<{ of: string }> = ({ of }) => (
  <code>
    {of.split(/(?<=\/)/).map((part) => (
      <>
        {part}
        <wbr />
      </>
    ))}
  </code>
);

/** What the request made or changed; a decision about many orders leads to its page. */
const ObjectOf: FC<{ subject: string; object: number }> = ({ subject, object }) =>
  subject === 'reviews/resolve' || subject === 'orders/actions' ? (
    <a href={`/ops/decisions/${object}`}> decision {object}</a>
  ) : (
    <span class="quiet"> {object}</span>
  );

const Entries: FC<{ entries: readonly AuditEntry[] }> = ({ entries }) => (
  <Table columns={COLUMNS} caption="What staff did, newest first">
    {entries.map(({ at, key, actor, action, subject, object, detail }) => (
      <Row
        columns={COLUMNS}
        cells={[
          <Time at={at} />,
          key === null ? (
            actor
          ) : (
            <span class="whole">
              <a href={`/ops/audit?key=${key}`}>{actor}</a> <span class="quiet">key {key}</span>
            </span>
          ),
          <RouteText of={action} />,
          <span>
            <Subject of={subject} />
            {object === null ? '' : <ObjectOf subject={subject} object={object} />}
          </span>,
          <Detail detail={detail} />,
        ]}
      />
    ))}
  </Table>
);

/** The audit log: who of staff did what, with which key, and what the request was. */
export const auditPage: Page = {
  path: '/audit',
  get: async (visit) => {
    const filters = filtersOf(visit);
    const query = queryFor(filters, queryOf(visit, 'cursor'));
    const { data, nextCursor } = await visit.v1.GET('/v1/admin/audit', { params: { query } });
    const isFiltered = Object.keys(filters).length > 0;
    const body = (
      <>
        <Heading text="Audit log" />
        <search>
          <form method="get" class="filters">
            {FILTERS.map(({ name, label, type }) => {
              const field = { name, label };
              return (
                <Field {...field}>
                  <input
                    {...inputOf(field)}
                    type={type}
                    value={filters[name] ?? ''}
                    {...(type === 'search' ? { 'data-search': true } : {})}
                    {...(name === 'key' ? { inputmode: 'numeric', size: 6 } : {})}
                  />
                </Field>
              );
            })}
            <button type="submit">Filter</button>
            {isFiltered ? (
              <a class="button plain" href="/ops/audit">
                Clear
              </a>
            ) : (
              ''
            )}
          </form>
        </search>
        {data.length === 0 ? (
          <Empty>
            <p>{isFiltered ? 'No entry matches on this page of the log.' : 'Staff have changed nothing yet.'}</p>
            {isFiltered ? <a href="/ops/audit">Show the whole log</a> : ''}
          </Empty>
        ) : (
          <Entries entries={data} />
        )}
        <Pager here={new URL(visit.c.req.url)} next={nextCursor} />
      </>
    );
    return { title: 'Audit log', body, keys: SEARCH_KEYS };
  },
};
