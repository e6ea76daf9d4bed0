import type { FC } from 'hono/jsx';
import type { StaffOrderFile } from '../../../../client/openapi.ts';
import { LIMITS } from '../../../../domain/limits.ts';
import type { RefusedForm } from '../../form-key.ts';
import { count } from '../../view/formats.ts';
import { Amount, Due, Progress, Said, Status, StatusSaid, Target, Time } from '../../view/parts.tsx';
import { Facts } from '../../view/table.tsx';
import { EventList } from '../../view/timeline.tsx';
import { AccountLink, ServiceLink } from '../links.tsx';
import { Acts, CountsForm } from './acts.tsx';
import { Elapsed } from './elapsed.tsx';
import { Attempts, Batches, MayBeMore, Money } from './tables.tsx';

const Summary: FC<{ order: StaffOrderFile }> = ({ order }) => (
  <section id="summary" aria-label="Summary">
    <p class="statuses">
      <Status status={order.status} attention={order.attention} />
      <Progress percent={order.percent} />
      <span class="number">
        {count(order.delivered)} / {count(order.totalQuantity)}
      </span>
      {order.reason === null ? '' : <span class="quiet">reason: {order.reason}</span>}
    </p>
    {order.review === null ? (
      ''
    ) : (
      <p class="why">
        {order.review.why === null ? 'No reason is known' : <Said text={order.review.why} />}{' '}
        <span class="quiet">
          (since <Time at={order.review.since} />
          {order.review.by === null ? '' : `, by ${order.review.by}`})
        </span>
      </p>
    )}
    <Facts
      of={[
        ['Account', <AccountLink id={order.account} name={order.accountName} withId />],
        ['Service', <ServiceLink id={order.service} name={order.serviceName} withId />],
        ['Target', <Target link={order.link} />],
        ['Price', <Amount of={order.price} currency={order.currency} />],
        [order.settledAt === null ? 'Held' : 'Charged', <Amount of={order.charge} currency={order.currency} />],
        ['Refunded', <Amount of={order.refunded} currency={order.currency} />],
        ['Elapsed, of expected', <Elapsed order={order} />],
        ['Placed', <Time at={order.createdAt} />],
        ['Started', <Time at={order.startedAt} />],
        ['Settled', <Time at={order.settledAt} />],
        ['Refill until', <Time at={order.refillUntil} />],
        ...(order.scheduledAt === null ? [] : [['Scheduled', <Time at={order.scheduledAt} />] as const]),
        ...(order.runs > 1
          ? [
              [
                'Runs',
                `${count(order.runs)} of ${count(order.quantity)}, every ${order.intervalMinutes ?? 0} min`,
              ] as const,
              ['Next run', <Due at={order.nextRunAt} />] as const,
            ]
          : []),
        ...(order.pausedBy === null ? [] : [['Paused by', order.pausedBy] as const]),
        ...(order.canceledBy === null ? [] : [['Cancel asked by', order.canceledBy] as const]),
        ...(order.reference === null ? [] : [['Reference', order.reference] as const]),
        ...(order.reorderOf === null
          ? []
          : [['Orders again', <a href={`/ops/orders/${order.reorderOf}`}>order {order.reorderOf}</a>] as const]),
      ]}
    />
  </section>
);

/** All parts of an order's page, in order; each has an id, by which live parts replace it. */
export const OrderFile: FC<{ order: StaffOrderFile; token: string; refused?: RefusedForm | undefined }> = ({
  order,
  token,
  refused,
}) => (
  <>
    <StatusSaid id={order.id} status={order.status} attention={order.attention} />
    <Acts order={order} token={token} refused={refused} />
    <Summary order={order} />
    <section id="batches" aria-label="Batches">
      <h2>Batches</h2>
      <Batches order={order} />
      <CountsForm order={order} token={token} refused={refused} />
    </section>
    <section id="attempts" aria-label="Attempts">
      <h2>Attempts</h2>
      <Attempts attempts={order.attempts} />
    </section>
    <section id="money" aria-label="Money">
      <h2>Money</h2>
      <Money order={order} />
    </section>
    <section id="timeline" aria-label="Timeline">
      <h2>Timeline</h2>
      <MayBeMore rows={order.events.length} most={LIMITS.eventsShown} what="events" />
      <EventList events={[...order.events].reverse()} />
    </section>
  </>
);
