import type { FC } from 'hono/jsx';
import type { Order } from '../../../../client/openapi.ts';
import { count, duration } from '../../view/formats.ts';
import { Amount, Empty, Progress, Status, Target, Time } from '../../view/parts.tsx';
import { type Column, Row, Table } from '../../view/table.tsx';
import { nameOf, type Services } from '../services/services-read.ts';
import type { Measured } from '../services/stats-read.ts';
import { expectedAt } from './eta.ts';
import { NewOrders } from './new-orders.tsx';

const COLUMNS: readonly Column[] = [
  { name: 'Order' },
  { name: 'Status' },
  { name: 'Delivered', kind: 'number' },
  { name: 'Progress', kind: 'number' },
  { name: 'Charge', kind: 'number' },
  { name: 'Elapsed', kind: 'number' },
  { name: 'Expected', kind: 'number' },
  { name: 'Placed', kind: 'number' },
];

const MARK: Column = { name: 'Select', kind: 'action', isNameHidden: true };

/** How long an order took, or has been running; a script counts on. */
const Elapsed: FC<{ order: Order }> = ({ order: { startedAt, settledAt, elapsedSeconds } }) => {
  if (startedAt === null) return <span class="quiet">–</span>;
  return (
    <span class="number" {...(settledAt === null ? { 'data-since': startedAt } : {})}>
      {duration(elapsedSeconds)}
    </span>
  );
};

interface RowProps {
  readonly order: Order;
  readonly services: Services;
  readonly measured: Measured;
  /** Whether the row can be selected, for a form around the table. */
  readonly isSelectable?: boolean;
}

/** One order in a list; live parts replace it by its id. */
export const OrderRow: FC<RowProps> = ({ order, services, measured, isSelectable = false }) => {
  const { id, status, attention, delivered, totalQuantity, percent, charge, createdAt, link } = order;
  const cells = [
    <span class="what">
      <a href={`/app/orders/${id}`}>
        <span class="number">{id}</span> {nameOf(services, order.service)}
      </a>
      <br />
      <Target link={link} />
    </span>,
    <Status status={status} attention={attention} />,
    <span class="number">
      {count(delivered)} / {count(totalQuantity)}
    </span>,
    <Progress percent={percent} />,
    <Amount of={charge} />,
    <Elapsed order={order} />,
    <Time at={expectedAt(order, measured.get(order.service), new Date())} />,
    <Time at={createdAt} />,
  ];
  const box = <input type="checkbox" name="id" value={String(id)} aria-label={`Order ${id}`} />;
  return (
    <Row
      id={`order-${id}`}
      columns={isSelectable ? [MARK, ...COLUMNS] : COLUMNS}
      cells={isSelectable ? [box, ...cells] : cells}
    />
  );
};

/** The address of the live rows of these orders. */
const liveRows = (orders: readonly Order[], since: number, isSelectable: boolean): string =>
  `/app/orders/live?${new URLSearchParams({
    ids: orders.map(({ id }) => id).join(','),
    since: String(since),
    ...(isSelectable ? { select: '1' } : {}),
  })}`;

/** Instead of a table: the account has no order. */
export const NoOrderYet: FC<{ canOrder: boolean }> = ({ canOrder }) => (
  <Empty>
    <p>No order yet.</p>
    {canOrder ? (
      <a class="button" href="/app/new">
        Place the first order
      </a>
    ) : (
      ''
    )}
  </Empty>
);

interface TableProps {
  readonly orders: readonly Order[];
  readonly services: Services;
  readonly measured: Measured;
  readonly isSelectable?: boolean;
  /** The account's newest event before the orders were read: with it the rows change in place, and new orders are counted. */
  readonly liveSince?: number;
}

export const OrderTable: FC<TableProps> = ({ orders, services, measured, isSelectable = false, liveSince }) => (
  <>
    {liveSince === undefined ? (
      ''
    ) : (
      <div class="news" data-needs-script>
        <p class="live" aria-live="polite" data-live={liveRows(orders, liveSince, isSelectable)}>
          connecting…
        </p>
        <NewOrders count={0} />
      </div>
    )}
    <Table columns={isSelectable ? [MARK, ...COLUMNS] : COLUMNS} caption="Orders">
      {orders.map((order) => (
        <OrderRow order={order} services={services} measured={measured} isSelectable={isSelectable} />
      ))}
    </Table>
  </>
);
