import { openOrders, resolveAlert, resolveUnplaceable } from '../../db/reconcile/alerts.ts';
import { ordersToRun } from '../../db/reconcile/lost-orders.ts';
import type { Deps } from '../runtime/deps.ts';

/** Parked orders that one run checks. */
const ORDERS = 5_000;

/** Resolves the alerts about unwritable orders and requests once those orders have ended and no such request came lately. */
export async function resolveUnwritable({ sql }: Pick<Deps, 'sql'>): Promise<void> {
  await resolveUnplaceable(sql);
  const ids = await openOrders(sql, 'order_parked', ORDERS);
  const open = new Set((await ordersToRun(sql, ids)).map(({ orderId }) => orderId));
  for (const id of ids) {
    if (!open.has(id)) await resolveAlert(sql, { kind: 'order_parked', subject: `order:${id}` });
  }
}
