import type { ServiceWithRoutes } from '../../../../client/openapi.ts';
import { readId } from '../../../v1/ids.ts';
import { type Page, queryOf, redirect } from '../../page.ts';
import { count } from '../../view/formats.ts';
import { SEARCH_KEYS } from '../../view/layout.tsx';
import { Amount, Empty, Field, Heading, inputOf, Pager } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';
import { MarginText } from './route-rows.tsx';
import { ServiceState } from './service-view.tsx';

const ROWS = 50;

const COLUMNS: readonly Column[] = [
  { name: 'Service' },
  { name: 'Type' },
  { name: 'Routing' },
  { name: 'State' },
  { name: 'Rate', kind: 'number' },
  { name: 'Margin', kind: 'number' },
  { name: 'Quantity', kind: 'number' },
  { name: 'Routes', kind: 'number' },
];

const firstInUse = ({ routes }: ServiceWithRoutes) => routes.find(({ active, held }) => active && held === null);

const SEARCH = { name: 'search', label: 'Id, name or category' };

/** The services with what is earned by each, newest first. */
export const servicesPage: Page = {
  path: '/services',
  get: async (visit) => {
    const search = queryOf(visit, 'search');
    if (search !== undefined && readId(search) !== undefined) return redirect(visit, `/ops/services/${search}`);
    const cursor = queryOf(visit, 'cursor');
    const query = {
      limit: ROWS,
      ...(search === undefined ? {} : { search }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const { data, nextCursor } = await visit.v1.GET('/v1/admin/services', { params: { query } });
    const body = (
      <>
        <Heading text="Services">
          <a class="button" href="/ops/services/new">
            New service
          </a>
        </Heading>
        <search>
          <form method="get" class="filters">
            <Field {...SEARCH}>
              <input {...inputOf(SEARCH)} type="search" value={search ?? ''} data-search />
            </Field>
            <button type="submit">Search</button>
          </form>
        </search>
        {data.length === 0 ? (
          <Empty>
            <p>{search === undefined ? 'No service yet.' : 'No service matches on this page of the list.'}</p>
            {search === undefined ? '' : <a href="/ops/services">Show all services</a>}
          </Empty>
        ) : (
          <Table columns={COLUMNS} caption="Services, newest first">
            {data.map((service) => (
              <Row
                columns={COLUMNS}
                cells={[
                  <span class="what">
                    <a href={`/ops/services/${service.id}`}>{service.name}</a>{' '}
                    <span class="quiet">
                      {service.id} · {service.category}
                    </span>
                  </span>,
                  service.type,
                  service.routing,
                  <ServiceState service={service} />,
                  <Amount of={service.rate} />,
                  <MarginText sold={service.rate} cost={firstInUse(service)?.rate} />,
                  `${count(service.min)} to ${count(service.max)}`,
                  <a href={`/ops/services/${service.id}#routes`}>{count(service.routes.length)}</a>,
                ]}
              />
            ))}
          </Table>
        )}
        <Pager here={new URL(visit.c.req.url)} next={nextCursor} />
      </>
    );
    return { title: 'Services', body, keys: SEARCH_KEYS };
  },
};
