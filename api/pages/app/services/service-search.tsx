import type { FC } from 'hono/jsx';
import type { Service, ServiceStats } from '../../../../client/openapi.ts';
import { may, queryOf, type Visit } from '../../page.ts';
import { count, duration, money, share } from '../../view/formats.ts';
import { Empty, Field, Heading, inputOf } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';
import { favouritesFirst, readFavourites, Star, type StarPlace } from './favourites.tsx';
import { offeredServices } from './services-read.ts';
import { type Measured, measuredServices } from './stats-read.ts';
import { readTimes, type Times, TimesCurve } from './times-read.tsx';

/** Services that one page shows. */
const SHOWN = 50;

interface Search {
  readonly query: string;
  readonly found: readonly Service[];
  readonly total: number;
  readonly stats: Measured;
  readonly times: Times;
  readonly favourites: ReadonlySet<number>;
  /** For the forms of the stars. */
  readonly token: string;
  readonly canOrder: boolean;
}

/** Services whose id, name, category or type has every word of the query; all of them without a query. */
export function matching(services: Iterable<Service>, query: string): Service[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return [...services].filter(({ id, name, category, type }) => {
    const text = `${id} ${name} ${category} ${type}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The search that the page's address asks for. */
export async function searchOf(visit: Visit): Promise<Search> {
  const query = queryOf(visit, 'q') ?? '';
  const [services, favourites] = await Promise.all([offeredServices(visit), readFavourites(visit)]);
  const found = favouritesFirst(matching(services.values(), query), favourites);
  const shown = found.slice(0, SHOWN);
  const ids = shown.map(({ id }) => id);
  const [stats, times] = await Promise.all([measuredServices(visit, ids), readTimes(visit, ids)]);
  return {
    query,
    found: shown,
    total: found.length,
    stats,
    times,
    favourites,
    token: visit.formToken,
    canOrder: may(visit, 'orders:write'),
  };
}

const COLUMNS: readonly Column[] = [
  { name: 'Service' },
  { name: 'Type' },
  { name: 'Price', kind: 'number' },
  { name: 'From', kind: 'number' },
  { name: 'To', kind: 'number' },
  { name: 'Refill', kind: 'number' },
  { name: 'Average', kind: 'number' },
  { name: 'Partial', kind: 'number' },
];

/** A figure, or a dash when nothing was measured. */
export const orDash = (value: number | null | undefined, write: (value: number) => string): string =>
  value === null || value === undefined ? '–' : write(value);

/** What a price is for. */
export const perOf = (type: string): string => (type.endsWith('Package') ? 'each' : 'per 1,000');

/** In which time half of a service's orders and nearly all of them were Completed; nothing when that was not measured. */
const Spread: FC<{ of: ServiceStats | undefined }> = ({ of }) => {
  const { p50 = null, p95 = null } = of?.completedSeconds ?? {};
  if (p50 === null || p95 === null) return null;
  return <span class="spread quiet">{` half in ${duration(p50)}, 95 % in ${duration(p95)} `}</span>;
};

/** The services that are sold, with a search; favourites first. Each leads to the form for its order. */
export const ServiceSearch: FC<Search & { title: string; place: StarPlace }> = (props) => {
  const { query, found, total, stats, times, favourites, token, canOrder, title, place } = props;
  const field = { name: 'q', label: 'Search services' };
  return (
    <>
      <Heading text={title} />
      <search>
        <form method="get" class="filters">
          <Field {...field}>
            <input {...inputOf(field)} type="search" value={query} data-search />
          </Field>
          <button type="submit">Search</button>
        </form>
      </search>
      <p class="quiet" aria-live="polite">
        {total === found.length
          ? `${count(total)} services`
          : `The first ${found.length} of ${count(total)} services: search for more`}
      </p>
      {found.length === 0 ? (
        <Empty>
          <p>No service has these words.</p>
          <a href="?">Show all services</a>
        </Empty>
      ) : (
        <Table columns={COLUMNS} caption="Services">
          {found.map(({ id, name, category, type, rate, currency, min, max, refillDays, cancel, dripFeed }) => (
            <Row
              columns={COLUMNS}
              cells={[
                <div class="starred">
                  {canOrder ? (
                    <Star service={{ id, name }} isFavourite={favourites.has(id)} {...{ token, place, query }} />
                  ) : (
                    ''
                  )}
                  <span class="what">
                    <a href={canOrder ? `/app/new?service=${id}` : `/app/services/${id}`}>
                      <span class="number">{id}</span> {name}
                    </a>
                    <br />
                    <span class="quiet">
                      {category}
                      {cancel ? ' · can be canceled' : ''}
                      {dripFeed ? ' · drip-feed' : ''}
                    </span>
                  </span>
                </div>,
                type,
                <span class="amount">
                  {money(rate)} <span class="quiet">{`${currency} ${perOf(type)}`}</span>
                </span>,
                count(min),
                count(max),
                refillDays === 0 ? <span class="quiet">–</span> : `${refillDays} days`,
                <a href={`/app/services/${id}`}>
                  {orDash(stats.get(id)?.completedSeconds.average, duration)}
                  <span class="unseen"> to Completed on average: all figures of {name}</span>
                  <Spread of={stats.get(id)} />
                  <TimesCurve times={times} service={id} />
                </a>,
                orDash(stats.get(id)?.partialShare, share),
              ]}
            />
          ))}
        </Table>
      )}
    </>
  );
};
