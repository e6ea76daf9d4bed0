import type { FC } from 'hono/jsx';
import type { Attempt, StaffOrderFile } from '../../../../client/openapi.ts';
import { count } from '../../view/formats.ts';
import { Amount, Progress, Said, Target, Time } from '../../view/parts.tsx';
import { type Column, Facts, Row, Table } from '../../view/table.tsx';
import { EventList } from '../../view/timeline.tsx';
import { AccountLink, ProviderLink, ServiceLink } from '../links.tsx';
import { Elapsed } from '../orders/elapsed.tsx';

/** Where the batches are that have not ended, with what their provider said last. */
export const Places: FC<{ order: StaffOrderFile }> = ({ order: { batches } }) => {
  const open = batches.filter(({ provider, providerOrder }) => provider !== null && providerOrder !== null).slice(-3);
  if (open.length === 0) return <span class="quiet">none is known</span>;
  return (
    <>
      {open.map(({ provider, providerName, providerOrder, providerStatus }, index) => (
        <>
          {index === 0 ? '' : <br />}
          <ProviderLink id={provider ?? 0} name={providerName} /> order {providerOrder}
          {providerStatus === null ? '' : <span class="quiet">, says {providerStatus}</span>}
        </>
      ))}
    </>
  );
};

/** What is known about an order, for the person who decides. */
export const Known: FC<{ order: StaffOrderFile }> = ({ order }) => (
  <section aria-label="What is known">
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
        [order.settledAt === null ? 'Held' : 'Charged', <Amount of={order.charge} currency={order.currency} />],
        [
          'Delivered',
          <span class="delivered">
            <span class="number">
              {count(order.delivered)} / {count(order.totalQuantity)}
            </span>{' '}
            <Progress percent={order.percent} />
          </span>,
        ],
        ['Elapsed', <Elapsed order={order} />],
        ['At the provider', <Places order={order} />],
        ['Service', <ServiceLink id={order.service} name={order.serviceName} withId />],
        ['Account', <AccountLink id={order.account} name={order.accountName} withId />],
        ['Target', <Target link={order.link} />],
        ['Placed', <Time at={order.createdAt} />],
      ]}
    />
  </section>
);

const COLUMNS: readonly Column[] = [
  { name: 'Attempt' },
  { name: 'Provider' },
  { name: 'Sent', kind: 'number' },
  { name: 'What is known' },
  { name: 'May be its order' },
];

/** The attempts that may or may not have been placed. */
export const Uncertain: FC<{ attempts: readonly Attempt[] }> = ({ attempts }) => (
  <Table columns={COLUMNS} caption="Attempts that may have been placed">
    {attempts
      .filter(({ state }) => state === 'unknown')
      .map((one) => (
        <Row
          columns={COLUMNS}
          cells={[
            `batch ${one.batch}, attempt ${one.attempt}: ${count(one.quantity)}`,
            <span>
              <ProviderLink id={one.provider} name={one.providerName} />{' '}
              <span class="quiet">service {one.providerService}</span>
            </span>,
            <Time at={one.sentAt} />,
            one.said === null && one.error === null ? (
              <span class="quiet">nothing</span>
            ) : (
              <Said text={one.said ?? one.error ?? ''} />
            ),
            one.candidates.length === 0 ? (
              <span class="quiet">
                {one.isLookedFor ? `not found in ${count(one.looks)} looks` : 'the provider lists no orders'}
              </span>
            ) : (
              one.candidates.map(({ providerOrder, quantity, status }) => (
                <span class="candidate">
                  {providerOrder}{' '}
                  <span class="quiet">{[quantity, status].filter((part) => part !== null).join(', ')}</span>
                </span>
              ))
            ),
          ]}
        />
      ))}
  </Table>
);

/** The last events, newest first. */
export const LastEvents: FC<{ events: StaffOrderFile['events'] }> = ({ events }) => (
  <section aria-label="Timeline">
    <h2>Lately</h2>
    <EventList events={events.slice(-8).reverse()} />
  </section>
);
