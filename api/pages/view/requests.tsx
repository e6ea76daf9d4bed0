import type { FC } from 'hono/jsx';
import type { RecentRequest } from '../../../client/openapi.ts';
import { LIMITS } from '../../../domain/limits.ts';
import { queryOf, type Visit } from '../page.ts';
import { count } from './formats.ts';
import { Empty, Time } from './parts.tsx';
import { type Column, Row, Table } from './table.tsx';
import { Tabs } from './tabs.tsx';

const COLUMNS: readonly Column[] = [
  { name: 'Request' },
  { name: 'Answer' },
  { name: 'Key' },
  { name: 'Milliseconds', kind: 'number' },
  { name: 'At', kind: 'number' },
];

const Answered: FC<{ of: RecentRequest }> = ({ of: { status, code } }) =>
  code === null ? (
    <span>{status}</span>
  ) : (
    <span>
      {status} <span class="badge is-attention">{code}</span>
    </span>
  );

/** Requests of programs, newest first, as v1 lists them. */
export const Requests: FC<{ requests: readonly RecentRequest[] }> = ({ requests }) =>
  requests.length === 0 ? (
    <Empty>
      <p>
        No request in the last {LIMITS.recentRequestDays} days. A request of a program with one of the keys appears here
        a few seconds after its answer.
      </p>
    </Empty>
  ) : (
    <Table columns={COLUMNS} caption="Recent requests, newest first">
      {requests.map((one) => (
        <Row
          columns={COLUMNS}
          cells={[
            <span class="what">
              <code>{one.request}</code> <span class="quiet">{one.requestId}</span>
            </span>,
            <Answered of={one} />,
            one.key,
            count(one.ms),
            <Time at={one.at} />,
          ]}
        />
      ))}
    </Table>
  );

/** The filter of a page of requests, from its address, as v1 takes it. */
export const refusedQuery = (visit: Visit) =>
  queryOf(visit, 'refused') === 'true' ? { refused: 'true' as const } : {};

/** The choice between all requests and those that were refused. */
const RequestTabs: FC<{ visit: Visit }> = ({ visit }) => {
  const { pathname } = new URL(visit.c.req.url);
  const isRefused = queryOf(visit, 'refused') === 'true';
  return (
    <Tabs
      label="Requests"
      tabs={[
        { href: pathname, text: 'All', isHere: !isRefused },
        { href: `${pathname}?refused=true`, text: 'Refused', isHere: isRefused },
      ]}
    />
  );
};

/** What the list leaves out. */
const AboutRequests: FC = () => (
  <p class="quiet">
    The last {LIMITS.recentRequests} of the last {LIMITS.recentRequestDays} days, without their bodies. Requests without
    a valid key, and those of these pages, are not listed.
  </p>
);

/** A page's list of requests, with the choice of refused ones. */
export const RequestList: FC<{ visit: Visit; requests: readonly RecentRequest[] }> = ({ visit, requests }) => (
  <>
    <RequestTabs visit={visit} />
    <Requests requests={requests} />
    <AboutRequests />
  </>
);
