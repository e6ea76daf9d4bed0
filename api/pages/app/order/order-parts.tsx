import type { FC } from 'hono/jsx';
import type {
  CurrentOrder,
  Delivery,
  Order,
  OrderEvent,
  OrderMoney,
  Refill,
  ReorderCandidates,
  ServiceStats,
} from '../../../../client/openapi.ts';
import type { Scope } from '../../../../db/account/accounts.ts';
import type { RefusedForm } from '../../form-key.ts';
import { count, duration } from '../../view/formats.ts';
import { Due, Progress, Status, StatusSaid, Target, Time } from '../../view/parts.tsx';
import { type Column, Facts, Row, Table } from '../../view/table.tsx';
import { EventList } from '../../view/timeline.tsx';
import { expectedAt } from '../orders/eta.ts';
import { Money } from './money-lines.tsx';
import { Actions } from './order-acts.tsx';
import { chartOf } from './order-chart.ts';
import { RefillTable } from './refill-table.tsx';
import { Runs } from './runs.tsx';

/** What an order's page shows and renews while it is open: each part has an id. */
export interface OrderParts {
  readonly order: CurrentOrder;
  /** Services that take the rest of the order. */
  readonly candidates: ReorderCandidates['data'];
  readonly service: string;
  /** The type of its service; empty when the service is not sold any more. */
  readonly type: string;
  /** What was measured of its service lately; read only while the order runs. */
  readonly measured: ServiceStats | undefined;
  readonly money: OrderMoney;
  readonly delivery: Delivery;
  /** Newest first. */
  readonly events: readonly OrderEvent[];
  /** Where the list of events goes on; null when these are all. */
  readonly olderEvents: string | null;
  readonly refills: readonly Refill[];
  /** For the forms of its actions. */
  readonly token: string;
  /** Whether the key of the session has a scope. */
  readonly may: (scope: Scope) => boolean;
  readonly apiUrl: string;
}

/** What it means that an order needs attention, who acts, and whether the customer's money is safe. */
const MEANINGS: Readonly<Record<Order['attention'], string>> = {
  none: '',
  stalled:
    'The provider has delivered nothing for a while. Nothing is lost: you can wait, or cancel and get back the rest.',
  paused: 'No further run is sent while the order is paused.',
  review: 'Support decides how the order goes on. Its money stays held until then.',
  conflict: 'What the provider says does not fit what was counted. Support decides; the money stays held until then.',
  uncertain:
    'The answer of the provider was lost, so it may have the order or not. Support finds out. Until then nothing is sent again, and the money stays held.',
};

/** The sentence below the status; nothing while all goes well. `events`: newest first. */
export const Meaning: FC<{
  order: Pick<Order, 'attention' | 'settledAt'>;
  events: readonly Pick<OrderEvent, 'type' | 'data'>[];
}> = ({ order, events }) => {
  const answer = events.find(({ type }) => type === 'stop.asked')?.data.answer;
  const isRefused = order.settledAt === null && answer === 'refused';
  const said = [MEANINGS[order.attention], isRefused ? 'The provider refused to stop the order, so it goes on.' : ''];
  const text = said.filter((one) => one !== '').join(' ');
  return text === '' ? '' : <p id="meaning">{text}</p>;
};

/** Leads to the form for another order of the service, or to what it offers. */
const ServiceLink: FC<{ id: number; name: string; canOrder: boolean }> = ({ id, name, canOrder }) => (
  <a href={canOrder ? `/app/new?service=${id}` : `/app/services/${id}`}>{name}</a>
);

const Summary: FC<Pick<OrderParts, 'order' | 'service' | 'measured' | 'events' | 'may'>> = ({
  order,
  service,
  measured,
  events,
  may,
}) => (
  <section id="summary" aria-label="Summary">
    <p class="statuses">
      <Status status={order.status} attention={order.attention} />
      <Progress percent={order.percent} />
      <span class="number">
        {count(order.delivered)} / {count(order.totalQuantity)}
      </span>
      {order.reason === null ? '' : <span class="quiet">reason: {order.reason}</span>}
    </p>
    <Meaning order={order} events={events} />
    <Facts
      of={[
        ['Service', <ServiceLink id={order.service} name={service} canOrder={may('orders:write')} />],
        ['Target', <Target link={order.link} />],
        ['Placed', <Time at={order.createdAt} />],
        ['Started', <Time at={order.startedAt} />],
        ['Elapsed', order.startedAt === null ? '–' : duration(order.elapsedSeconds)],
        ...(order.settledAt === null
          ? [['Expected', <Time at={expectedAt(order, measured, new Date())} />] as const]
          : [
              order.completedAt === null
                ? (['Ended', <Time at={order.settledAt} />] as const)
                : (['Completed', <Time at={order.completedAt} />] as const),
            ]),
        ...(order.scheduledAt === null ? [] : [['Scheduled', <Time at={order.scheduledAt} />] as const]),
        ...(order.runs > 1
          ? [
              [
                'Runs',
                `${count(order.runs)} with ${count(order.quantity)} each, every ${order.intervalMinutes ?? 0} min`,
              ] as const,
              ['Next run', <Due at={order.nextRunAt} />] as const,
            ]
          : []),
        ['Start count', order.startCount === null ? '–' : count(order.startCount)],
        ['Refill until', <Time at={order.refillUntil} />],
        ...(order.reference === null ? [] : [['Reference', order.reference] as const]),
        ...(order.reorderOf === null
          ? []
          : [['Rest of', <a href={`/app/orders/${order.reorderOf}`}>order {order.reorderOf}</a>] as const]),
        ...Object.entries(order.metadata),
      ]}
    />
  </section>
);

const CURVE_COLUMNS: readonly Column[] = [
  { name: 'At' },
  { name: 'Run', kind: 'number' },
  { name: 'Delivered in all', kind: 'number' },
];

const Curve: FC<{ delivery: Delivery }> = ({ delivery }) => (
  <section id="curve" aria-label="Delivery">
    <h2>Delivery</h2>
    {delivery.samples.length === 0 ? <p class="quiet">Nothing was delivered yet.</p> : ''}
    {delivery.samples.length > 0 || delivery.planned.length > 1 ? (
      <div id="chart" class="chart" data-needs-script data-chart={JSON.stringify(chartOf(delivery))} />
    ) : (
      ''
    )}
    {delivery.samples.length === 0 ? (
      ''
    ) : (
      <details>
        <summary>As a table ({delivery.samples.length} points)</summary>
        <Table columns={CURVE_COLUMNS} caption="Delivery curve">
          {delivery.samples.map(({ at, batch, total }) => (
            <Row columns={CURVE_COLUMNS} cells={[<Time at={at} />, count(batch), count(total)]} />
          ))}
        </Table>
      </details>
    )}
  </section>
);

/** The latest events; those before them have a page of their own. */
const Timeline: FC<Pick<OrderParts, 'order' | 'events' | 'olderEvents'>> = ({ order, events, olderEvents }) => (
  <section id="timeline" aria-label="Timeline">
    <h2>Timeline</h2>
    <EventList events={events} />
    {olderEvents === null ? (
      ''
    ) : (
      <a href={`/app/orders/${order.id}/timeline?${new URLSearchParams({ cursor: olderEvents })}`}>Older events</a>
    )}
  </section>
);

/** All parts of an order's page, in order. */
export const PartsOfOrder: FC<OrderParts & { refused?: RefusedForm | undefined }> = ({
  order,
  candidates,
  service,
  type,
  measured,
  money,
  delivery,
  events,
  olderEvents,
  refills,
  token,
  may,
  apiUrl,
  refused,
}) => (
  <>
    <StatusSaid id={order.id} status={order.status} attention={order.attention} />
    <Actions
      order={order}
      candidates={candidates}
      type={type}
      token={token}
      canOrder={may('orders:write')}
      apiUrl={apiUrl}
      refused={refused}
    />
    <Summary order={order} service={service} measured={measured} events={events} may={may} />
    <Money order={order} money={money} hasStatement={may('wallet:read')} />
    <Curve delivery={delivery} />
    <Runs order={order} />
    <section id="refills" aria-label="Refills">
      {refills.length === 0 ? (
        ''
      ) : (
        <>
          <h2>Refills</h2>
          <RefillTable refills={refills} />
        </>
      )}
    </section>
    <Timeline order={order} events={events} olderEvents={olderEvents} />
  </>
);
