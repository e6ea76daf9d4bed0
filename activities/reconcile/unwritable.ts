import { openSubjects, resolveAlert, resolveUnplaceable } from '../../db/reconcile/alerts.ts';
import { ordersToRun } from '../../db/reconcile/lost-orders.ts';
import type { Deps } from '../runtime/deps.ts';

/** Parked orders that one run looks at. */
const ORDERS = 5_000;

/** Ends the alerts about what cannot be written down once it is over: orders that have ended, and requests that come no more. */
export const createUnwritable =
  ({ sql }: Pick<Deps, 'sql'>) =>
  async (): Promise<void> => {
    await resolveUnplaceable(sql);
    const subjects = await openSubjects(sql, 'order_parked', ORDERS);
    const ids = subjects.map((subject) => Number(subject.slice(6)));
    const open = new Set((await ordersToRun(sql, ids)).map(({ orderId }) => orderId));
    for (const id of ids) {
      if (!open.has(id)) await resolveAlert(sql, { kind: 'order_parked', subject: `order:${id}` });
    }
  };
