import type { FC } from 'hono/jsx';
import type { Alert, Review } from '../../../client/openapi.ts';
import { type Page, queryOf } from '../page.ts';
import { count } from '../view/formats.ts';
import { Empty, Heading, Pager, Status, Time } from '../view/parts.tsx';
import { type Column, Row, Table } from '../view/table.tsx';

const ORDERS: readonly Column[] = [
  { name: 'Order' },
  { name: 'Status' },
  { name: 'Why' },
  { name: 'Delivered', kind: 'number' },
  { name: 'Can be decided' },
  { name: 'Waits since', kind: 'number' },
];

const Reviews: FC<{ reviews: readonly Review[] }> = ({ reviews }) => (
  <Table columns={ORDERS} caption="Orders that wait for a person">
    {reviews.map(({ order, account, status, attention, why, delivered, totalQuantity, actions, since }) => (
      <Row
        columns={ORDERS}
        cells={[
          <span class="what">
            <b class="number">{order}</b> <span class="quiet">account {account}</span>
          </span>,
          <Status status={status} attention={attention} />,
          why ?? <span class="quiet">–</span>,
          <span class="number">
            {count(delivered)} / {count(totalQuantity)}
          </span>,
          actions.join(', '),
          <Time at={since} />,
        ]}
      />
    ))}
  </Table>
);

const ALERTS: readonly Column[] = [
  { name: 'Alert' },
  { name: 'About' },
  { name: 'What' },
  { name: 'Since', kind: 'number' },
];

const Alerts: FC<{ alerts: readonly Alert[] }> = ({ alerts }) => (
  <Table columns={ALERTS} caption="Open alerts">
    {alerts.map(({ kind, subject, detail, at }) => (
      <Row columns={ALERTS} cells={[kind.replaceAll('_', ' '), subject, detail, <Time at={at} />]} />
    ))}
  </Table>
);

/** What waits for a person: orders, and alerts that are open. */
export const waitingPage: Page = {
  path: '/',
  get: async (visit) => {
    const cursor = queryOf(visit, 'cursor');
    const query = { limit: 50, ...(cursor === undefined ? {} : { cursor }) };
    const [reviews, alerts] = await Promise.all([
      visit.v1.GET('/v1/admin/reviews', { params: { query } }),
      visit.v1.GET('/v1/admin/alerts', { params: { query: { limit: 50 } } }),
    ]);
    const open = alerts.data.filter(({ resolvedAt }) => resolvedAt === null);
    const body = (
      <>
        <Heading text="Waiting for a person" />
        {reviews.data.length === 0 ? <Empty>No order waits for a person.</Empty> : <Reviews reviews={reviews.data} />}
        <Pager here={new URL(visit.c.req.url)} next={reviews.nextCursor} />
        <h2>Alerts</h2>
        {open.length === 0 ? <Empty>No alert is open.</Empty> : <Alerts alerts={open} />}
      </>
    );
    return { title: 'Waiting', body };
  },
};
