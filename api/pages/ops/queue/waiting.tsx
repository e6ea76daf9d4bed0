import type { FC } from 'hono/jsx';
import type { Alert } from '../../../../client/openapi.ts';
import type { Page } from '../../page.ts';
import { Choice, Empty, Field, Heading, inputOf, Pager, Said, Time } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';
import { addressOf } from '../links.tsx';
import { AlertSubject } from '../subject.tsx';
import { type QueueFilter, queueFilter, readQueue, WAITING } from './queue.ts';
import { QueueTable } from './rows.tsx';

const FilterForm: FC<{ filter: QueueFilter }> = ({ filter }) => {
  const id = (name: 'provider' | 'service', label: string) => (
    <Field name={name} label={label}>
      <input {...inputOf({ name, label })} inputmode="numeric" size={6} value={String(filter[name] ?? '')} />
    </Field>
  );
  return (
    <search>
      <form method="get" class="filters" action="/ops">
        <Choice
          name="attention"
          label="Why"
          value={filter.attention}
          options={[['', 'any'], ...WAITING.map((one) => [one, one] as const)]}
        />
        {id('provider', 'Provider')}
        {id('service', 'Service')}
        <button type="submit">Filter</button>
        {Object.keys(filter).length === 0 ? (
          ''
        ) : (
          <a class="button plain" href="/ops">
            Clear
          </a>
        )}
      </form>
    </search>
  );
};

const ALERTS: readonly Column[] = [
  { name: 'Alert' },
  { name: 'About' },
  { name: 'What' },
  { name: 'Since', kind: 'number' },
];

const Alerts: FC<{ alerts: readonly Alert[] }> = ({ alerts }) => (
  <Table columns={ALERTS} caption="Open alerts">
    {alerts.map((alert) => (
      <Row
        columns={ALERTS}
        cells={[
          alert.kind.replaceAll('_', ' '),
          <AlertSubject alert={alert} />,
          <Said text={alert.detail} />,
          <Time at={alert.at} />,
        ]}
      />
    ))}
  </Table>
);

export const QUEUE_KEYS = [
  ['j', 'next row'],
  ['k', 'row before'],
  ['Enter', 'open the order'],
  ['d', 'decide about it'],
  ['x', 'mark it'],
] as const;

/** What waits for a person: one queue of orders, oldest first, and the alerts that are open. */
export const waitingPage: Page = {
  path: '/',
  get: async (visit) => {
    const filter = queueFilter(visit);
    const [reviews, alerts] = await Promise.all([
      readQueue(visit, filter),
      visit.v1.GET('/v1/admin/alerts', { params: { query: { limit: 50, open: 'true' } } }),
    ]);
    const isFiltered = Object.keys(filter).length > 0;
    const body = (
      <>
        <Heading text="Waiting for a person">
          {reviews.data[0] === undefined ? (
            ''
          ) : (
            <a class="button" href={addressOf(`/ops/decide/${reviews.data[0].order}`, { ...filter })} data-next>
              Decide one by one
            </a>
          )}
        </Heading>
        <FilterForm filter={filter} />
        {reviews.data.length === 0 ? (
          <Empty>
            <p>{isFiltered ? 'No order on this page of the queue matches.' : 'No order waits for a person.'}</p>
            {isFiltered ? <a href="/ops">Show the whole queue</a> : <a href="/ops/stuck">Look at slow orders</a>}
          </Empty>
        ) : (
          <form method="get" action="/ops/decide">
            {Object.entries(filter).map(([name, value]) => (
              <input type="hidden" name={name} value={String(value)} />
            ))}
            <div class="bulk">
              <label data-needs-script>
                <input type="checkbox" data-selects="id" /> All on this page
              </label>
              <button type="submit" class="plain" name="of" value="selected">
                Decide about the selected
              </button>
              {isFiltered ? (
                <button type="submit" class="plain" name="of" value="filter">
                  Decide about all that match
                </button>
              ) : (
                ''
              )}
            </div>
            <QueueTable reviews={reviews.data} filter={filter} />
          </form>
        )}
        <Pager here={new URL(visit.c.req.url)} next={reviews.nextCursor} />
        <h2>Alerts</h2>
        {alerts.data.length === 0 ? <Empty>No alert is open.</Empty> : <Alerts alerts={alerts.data} />}
      </>
    );
    return {
      title: 'Waiting',
      body,
      keys: [...QUEUE_KEYS, ['n', 'decide one by one']],
      assets: ['queue.js'],
    };
  },
};
