import { verifyLedger } from '../../../db/ledger/ledger.ts';
import { type Evidence, groupedBy } from './evidence.ts';
import { counted, type Figure, never } from './figure.ts';

/** The books must add up, and each customer must have paid exactly for what the provider delivered. */
export async function judgeMoney({ sql, orders, attempts, providerOrders }: Evidence): Promise<Figure[]> {
  const settled = orders.filter((order) => order.settled);
  const drift = await verifyLedger(sql);
  const delivered = new Map(providerOrders.map((one) => [String(one.order), one.delivered]));
  const attemptsOf = groupedBy(attempts, ({ order }) => order);
  const deliveredOf = (order: number): number =>
    (attemptsOf.get(order) ?? []).reduce(
      (sum, { providerOrder }) => sum + (delivered.get(providerOrder ?? '') ?? 0),
      0,
    );
  return [
    counted('orders settled', settled.length),
    ...['Completed', 'Partial', 'Canceled'].map((status) =>
      counted(`  ${status}`, settled.filter((order) => order.status === status).length),
    ),
    counted('orders that wait for a person', orders.length - settled.length),
    never(
      'ledger drift',
      drift.map(({ check, subject, detail }) => `${check}, ${subject}: ${detail}`),
    ),
    never(
      'settled orders whose charge and refund are not their price',
      settled
        .filter(({ price, charge, refunded }) => charge + refunded !== price)
        .map(({ id, price, charge, refunded }) => `order ${id}: ${charge} + ${refunded} ≠ ${price}`),
    ),
    never(
      'settled orders charged for other than was delivered',
      settled
        .filter(({ id, unitPrice, charge }) => charge !== unitPrice * BigInt(deliveredOf(id)))
        .map(({ id, charge, unitPrice }) => `order ${id}: ${charge}, delivered ${deliveredOf(id)} at ${unitPrice}`),
    ),
  ];
}
