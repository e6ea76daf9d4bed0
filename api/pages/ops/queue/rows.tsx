import type { FC } from 'hono/jsx';
import type { Review } from '../../../../client/openapi.ts';
import { count } from '../../view/formats.ts';
import { Amount, Said, Status, Time } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';
import { AccountLink, addressOf, OrderLink, ProviderLink, ServiceLink } from '../links.tsx';
import type { QueueFilter } from './queue.ts';

const COLUMNS: readonly Column[] = [
  { name: 'Select', kind: 'action', isNameHidden: true },
  { name: 'Order' },
  { name: 'Why' },
  { name: 'Provider' },
  { name: 'Delivered', kind: 'number' },
  { name: 'Held', kind: 'number' },
  { name: 'Waits since', kind: 'number' },
  { name: 'Decide', kind: 'number', isNameHidden: true },
];

/** The providers that have the order or may have it, with its ids there. */
const Providers: FC<{ batches: Review['batches'] }> = ({ batches }) => {
  const known = batches.filter(({ provider }) => provider !== null);
  if (known.length === 0) return <span class="quiet">none</span>;
  return (
    <span>
      {known.map(({ batch, provider, providerName, providerOrder }, index) => (
        <>
          {index === 0 ? '' : <br />}
          <ProviderLink id={provider ?? 0} name={providerName} />{' '}
          <span class="quiet">
            {known.length === 1 ? '' : `batch ${batch} `}
            {providerOrder === null ? 'may have it' : `order ${providerOrder}`}
          </span>
        </>
      ))}
    </span>
  );
};

/** The orders that wait, each with what is known about it. */
export const QueueTable: FC<{ reviews: readonly Review[]; filter: QueueFilter }> = ({ reviews, filter }) => (
  <div data-rows>
    <Table columns={COLUMNS} caption="Orders that wait for a person">
      {reviews.map((review) => (
        <Row
          id={`order-${review.order}`}
          columns={COLUMNS}
          cells={[
            <input type="checkbox" name="id" value={String(review.order)} aria-label={`Order ${review.order}`} />,
            <span class="what">
              <OrderLink id={review.order} /> <ServiceLink id={review.service} name={review.serviceName} />
              <br />
              <span class="quiet">
                <AccountLink id={review.account} name={review.accountName} />
              </span>
            </span>,
            <span class="why">
              <Status status={review.status} attention={review.attention} />
              <br />
              <span class="quiet">
                {review.why === null ? 'no reason is known' : <Said text={review.why} />}
                {review.by === null || review.by === 'system' ? '' : `, says ${review.by}`}
              </span>
            </span>,
            <Providers batches={review.batches} />,
            <span class="number">
              {count(review.delivered)} / {count(review.totalQuantity)}
            </span>,
            <Amount of={review.held} />,
            <Time at={review.since} />,
            <a
              class="button plain"
              href={addressOf(`/ops/decide/${review.order}`, { ...filter })}
              aria-label={`Decide about order ${review.order}`}
              data-decide
            >
              Decide
            </a>,
          ]}
        />
      ))}
    </Table>
  </div>
);
