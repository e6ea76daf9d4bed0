import type { FC } from 'hono/jsx';
import type { StaffOrder } from '../../../../client/openapi.ts';
import { type Page, queryOf, type Visit } from '../../page.ts';
import { given, idQuery, oneOf } from '../../queries.ts';
import { Choice, Empty, Field, Heading, inputOf, Pager, Status, Time } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';
import { QUEUE_KEYS } from '../queue/waiting.tsx';
import { Elapsed } from './elapsed.tsx';
import { AtProviders, Delivered, What } from './rows.tsx';

/** Orders that one page reads; those that have gone on meanwhile are left out of it. */
const PAGE_ROWS = 100;

const HOUR_MS = 3_600_000;

/** Hours without progress that a person can ask for. */
const QUIET_HOURS = ['1', '3', '6', '12', '24', '72'] as const;

/** When more was delivered for the last time by any batch; null before the first is accepted. */
export const lastProgress = ({ batches }: Pick<StaffOrder, 'batches'>): string | null =>
  batches.reduce<string | null>(
    (latest, { progressAt }) => (progressAt !== null && (latest === null || progressAt > latest) ? progressAt : latest),
    null,
  );

/** Whether nothing was delivered for these hours. */
export const isQuietFor = (order: Pick<StaffOrder, 'batches' | 'startedAt'>, hours: number, now: number): boolean => {
  const since = lastProgress(order) ?? order.startedAt;
  return since !== null && now - Date.parse(since) >= hours * HOUR_MS;
};

const COLUMNS: readonly Column[] = [
  { name: 'Order' },
  { name: 'State' },
  { name: 'Provider' },
  { name: 'Delivered', kind: 'number' },
  { name: 'Elapsed, of expected', kind: 'number' },
  { name: 'Last progress', kind: 'number' },
];

const Orders: FC<{ orders: readonly StaffOrder[] }> = ({ orders }) => (
  <div data-rows>
    <Table columns={COLUMNS} caption="Orders In progress, the longest first">
      {orders.map((order) => (
        <Row
          id={`order-${order.id}`}
          columns={COLUMNS}
          cells={[
            <What order={order} />,
            <span class="statuses">
              {order.isLate ? <span class="badge is-attention">late</span> : ''}
              <Status status={order.status} attention={order.attention} />
            </span>,
            <AtProviders batches={order.batches} />,
            <Delivered order={order} />,
            <Elapsed order={order} />,
            <Time at={lastProgress(order)} />,
          ]}
        />
      ))}
    </Table>
  </div>
);

interface Filter {
  readonly quiet?: (typeof QUIET_HOURS)[number];
  readonly provider?: number;
  readonly service?: number;
}

const filterOf = (visit: Visit): Filter =>
  given({
    quiet: oneOf(QUIET_HOURS, queryOf(visit, 'quiet')),
    provider: idQuery(visit, 'provider'),
    service: idQuery(visit, 'service'),
  });

const FilterForm: FC<{ filter: Filter }> = ({ filter }) => (
  <search>
    <form method="get" class="filters">
      <Choice
        name="quiet"
        label="Nothing delivered for"
        value={filter.quiet}
        options={[['', 'any time'], ...QUIET_HOURS.map((hours) => [hours, `${hours} h`] as const)]}
      />
      {(['provider', 'service'] as const).map((name) => {
        const field = { name, label: name === 'provider' ? 'Provider' : 'Service' };
        return (
          <Field {...field}>
            <input {...inputOf(field)} inputmode="numeric" size={6} value={String(filter[name] ?? '')} />
          </Field>
        );
      })}
      <button type="submit">Filter</button>
      {Object.keys(filter).length === 0 ? (
        ''
      ) : (
        <a class="button plain" href="/ops/stuck">
          Clear
        </a>
      )}
    </form>
  </search>
);

interface LookedAtProps {
  readonly orders: number;
  readonly quiet: number;
  readonly hours: string;
  /** The address of the next page. */
  readonly next: string;
}

/** How many orders one page looked at for quiet ones: further quiet orders may be on the next page, also when here is none. */
export const LookedAt: FC<LookedAtProps> = ({ orders, quiet, hours, next }) => (
  <p>
    Of the {orders} orders that this page looked at, {quiet} got nothing for {hours} h.{' '}
    <a href={next} rel="next">
      Look at the next {PAGE_ROWS}
    </a>
  </p>
);

/** Orders In progress, the longest first: delivered against elapsed and expected, and since when nothing more came. */
export const stuckPage: Page = {
  path: '/stuck',
  get: async (visit) => {
    const { quiet, ...others } = filterOf(visit);
    const cursor = queryOf(visit, 'cursor');
    const query = { ...others, sort: 'age' as const, limit: PAGE_ROWS, ...(cursor === undefined ? {} : { cursor }) };
    const { data, nextCursor } = await visit.v1.GET('/v1/admin/orders', { params: { query } });
    const now = Date.now();
    const orders = quiet === undefined ? data : data.filter((order) => isQuietFor(order, Number(quiet), now));
    const further = new URL(visit.c.req.url);
    further.searchParams.set('cursor', nextCursor ?? '');
    const body = (
      <>
        <Heading text="Stuck and slow" />
        <FilterForm filter={filterOf(visit)} />
        {quiet === undefined || nextCursor === null ? (
          ''
        ) : (
          <LookedAt orders={data.length} quiet={orders.length} hours={quiet} next={further.pathname + further.search} />
        )}
        {orders.length === 0 ? (
          <Empty>
            <p>
              {quiet === undefined
                ? 'No order is In progress here.'
                : `Of the ${data.length} orders on this page of the list, each has got something in the last ${quiet} h.`}
            </p>
          </Empty>
        ) : (
          <Orders orders={orders} />
        )}
        <Pager here={new URL(visit.c.req.url)} next={nextCursor} />
      </>
    );
    return { title: 'Stuck and slow', body, keys: QUEUE_KEYS.slice(0, 3), assets: ['queue.js'] };
  },
};
