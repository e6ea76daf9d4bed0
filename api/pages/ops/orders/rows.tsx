import type { Child, FC } from 'hono/jsx';
import type { StaffOrder } from '../../../../client/openapi.ts';
import { count } from '../../view/formats.ts';
import { Amount, Progress, Status, Target, Time } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';
import { AccountLink, OrderLink, ProviderLink, ServiceLink } from '../links.tsx';
import { Elapsed } from './elapsed.tsx';

/** The providers that have or had the order, with its ids there; the last ones of many. */
export const AtProviders: FC<{ batches: StaffOrder['batches'] }> = ({ batches }) => {
  const sent = batches.filter(({ provider }) => provider !== null);
  if (sent.length === 0) return <span class="quiet">–</span>;
  return (
    <span>
      {sent.length > 2 ? <span class="quiet">… </span> : ''}
      {sent.slice(-2).map(({ provider, providerName, providerOrder }, index) => (
        <>
          {index === 0 ? '' : ', '}
          <ProviderLink id={provider ?? 0} name={providerName} /> <span class="quiet">{providerOrder ?? ''}</span>
        </>
      ))}
    </span>
  );
};

const MARK: Column = { name: 'Select', kind: 'action', isNameHidden: true };

const COLUMNS: readonly Column[] = [
  { name: 'Order' },
  { name: 'Status' },
  { name: 'Provider' },
  { name: 'Delivered', kind: 'number' },
  { name: 'Elapsed', kind: 'number' },
  { name: 'Charge', kind: 'number' },
  { name: 'Placed', kind: 'number' },
];

/** What an order is: its id, service, account and target. */
export const What: FC<{ order: StaffOrder }> = ({
  order: { id, service, serviceName, account, accountName, link },
}) => (
  <span class="what">
    <OrderLink id={id} />{' '}
    <span class="quiet">
      <ServiceLink id={service} name={serviceName} />, <AccountLink id={account} name={accountName} />
    </span>
    <br />
    <Target link={link} />
  </span>
);

/** Delivered of all, with a bar. */
export const Delivered: FC<{ order: StaffOrder }> = ({ order: { delivered, totalQuantity, percent } }) => (
  <span class="delivered">
    <span class="number">
      {count(delivered)} / {count(totalQuantity)}
    </span>
    <Progress percent={percent} />
  </span>
);

/** Orders of all accounts, each with a box to mark it. */
export const OrderTable: FC<{ orders: readonly StaffOrder[] }> = ({ orders }) => (
  <div data-rows>
    <Table columns={[MARK, ...COLUMNS]} caption="Orders">
      {orders.map((order) => {
        const cells: readonly Child[] = [
          <input type="checkbox" name="id" value={String(order.id)} aria-label={`Order ${order.id}`} />,
          <What order={order} />,
          <Status status={order.status} attention={order.attention} />,
          <AtProviders batches={order.batches} />,
          <Delivered order={order} />,
          <Elapsed order={order} />,
          <Amount of={order.charge} />,
          <Time at={order.createdAt} />,
        ];
        return <Row id={`order-${order.id}`} columns={[MARK, ...COLUMNS]} cells={cells} />;
      })}
    </Table>
  </div>
);
