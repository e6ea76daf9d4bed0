import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import type { CurrentOrder } from '../../../../client/openapi.ts';
import { formatMoney, parseMoney } from '../../../../domain/ledger/money.ts';
import type { Page, View, Visit } from '../../page.ts';
import { count, counted } from '../../view/formats.ts';
import { Amount, PostForm, Status } from '../../view/parts.tsx';
import { type Column, Facts, Row, Table } from '../../view/table.tsx';
import { whyNot } from '../order/order-actions.ts';
import { carryOut, idsAsked, listBehind, ManyHeading, NoneSelected } from './bulk.tsx';
import { findOrders } from './orders-read.ts';

type Held = Pick<CurrentOrder, 'price' | 'charge' | 'remains' | 'totalQuantity'>;

const unitsOf = (amount: string): bigint => parseMoney(amount) ?? 0n;

/** What an order would give back if its provider stopped now: a price is a whole number of units for each item. */
const backOf = ({ price, remains, totalQuantity }: Held): bigint =>
  (unitsOf(price) / BigInt(totalQuantity)) * BigInt(remains);

const sumOf = (orders: readonly Held[], amountOf: (order: Held) => bigint): string =>
  formatMoney(orders.reduce((sum, order) => sum + amountOf(order), 0n));

/** The money that is held for the orders, and what of it comes back if nothing more is delivered. */
export const moneyOf = (orders: readonly Held[]) => ({
  held: sumOf(orders, ({ charge }) => unitsOf(charge)),
  back: sumOf(orders, backOf),
});

const COLUMNS: readonly Column[] = [
  { name: 'Order' },
  { name: 'Status' },
  { name: 'Delivered', kind: 'number' },
  { name: 'Held', kind: 'number' },
  { name: 'Not delivered', kind: 'number' },
  { name: 'Why not' },
];

const NONE = <span class="quiet">–</span>;

const OrdersToCancel: FC<{ orders: readonly CurrentOrder[] }> = ({ orders }) => (
  <Table columns={COLUMNS} caption="Selected orders">
    {orders.map((order) => {
      const why = whyNot(order, 'cancel');
      return (
        <Row
          columns={COLUMNS}
          cells={[
            <a href={`/app/orders/${order.id}`}>{order.id}</a>,
            <Status status={order.status} attention={order.attention} />,
            <span class="number">
              {count(order.delivered)} / {count(order.totalQuantity)}
            </span>,
            why === undefined ? <Amount of={order.charge} /> : NONE,
            why === undefined ? <Amount of={formatMoney(backOf(order))} /> : NONE,
            why === undefined ? '' : <span class="why">{why}</span>,
          ]}
        />
      );
    })}
  </Table>
);

const Confirm: FC<{ orders: readonly CurrentOrder[]; token: string }> = ({ orders, token }) => (
  <PostForm token={token} class="stack">
    <input type="hidden" name="key" value={randomUUID()} />
    {orders.map(({ id }) => (
      <input type="hidden" name="id" value={String(id)} />
    ))}
    <p>
      Each provider is asked to stop. You get back the price of what it has not delivered by then. A provider may
      refuse; then its order goes on.
    </p>
    <button type="submit" class="danger">
      Cancel {counted(orders.length, 'order')}
    </button>
  </PostForm>
);

async function cancelView(visit: Visit): Promise<View> {
  const orders = await findOrders(visit, idsAsked(visit));
  const possible = orders.filter(({ can }) => can.cancel.allowed);
  const [first] = orders;
  const { held, back } = moneyOf(possible);
  const body = (
    <>
      <ManyHeading text="Cancel orders" visit={visit} />
      {first === undefined ? (
        <NoneSelected />
      ) : (
        <>
          <Facts
            of={[
              ['Orders to cancel', count(possible.length)],
              ['Money held for them', <Amount of={held} currency={first.currency} />],
              ['Comes back, as counted now', <Amount of={back} currency={first.currency} />],
              ['Not possible for', counted(orders.length - possible.length, 'order')],
            ]}
          />
          {possible.length === 0 ? (
            <p>None of these orders can be canceled now.</p>
          ) : (
            <Confirm orders={possible} token={visit.formToken} />
          )}
          <OrdersToCancel orders={orders} />
        </>
      )}
    </>
  );
  return { title: 'Cancel orders', body };
}

/** The selected orders with the money that is held for them, before their providers are asked to stop. */
export const cancelManyPage: Page = {
  path: '/orders/cancel',
  get: cancelView,
  post: (visit, form) => carryOut(visit, 'cancel', form, listBehind(visit)),
};
