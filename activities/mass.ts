import { ordersToRun } from '../db/lost-orders.ts';
import { cancelMass, endLine, openLine, type StoredRefusal, waitingLines } from '../db/masses.ts';
import { decideClaim } from '../db/placement.ts';
import type { Deps } from './deps.ts';
import { startOrder } from './order-start.ts';
import { inParallel } from './parallel.ts';

/** Lines that one activity places, and at the same time: the others of the worker's orders want their turn too. */
const LINES = 50;
const AT_ONCE = 5;

export function createMassActivities({ sql, temporal }: Deps) {
  /** An order that is there already, and its workflow too, is found as it is: a line can be placed again at any moment. */
  async function placeLine(mass: number, line: number): Promise<void> {
    const order = await openLine(sql, mass, line);
    if (order === undefined) return;
    const decision = await decideClaim(sql, order);
    if (decision.state === 'order') await begin(order);
    await endLine(sql, mass, line, refusalOf(decision));
  }

  async function begin(orderId: number): Promise<void> {
    const [order] = await ordersToRun(sql, [orderId]);
    if (order !== undefined) await startOrder(temporal, order, 'REJECT_DUPLICATE');
  }

  return {
    /** Places the next lines of a list; whether there were any. */
    async placeLines(mass: number): Promise<boolean> {
      const lines = await waitingLines(sql, mass, LINES);
      await inParallel(lines, AT_ONCE, (line) => placeLine(mass, line));
      return lines.length > 0;
    },

    /** Cancels what waits; how many lines that were. */
    cancelLines: (mass: number): Promise<number> => cancelMass(sql, mass),
  };
}

function refusalOf(decision: Awaited<ReturnType<typeof decideClaim>>): StoredRefusal | null {
  if (decision.state === 'refused') return { code: decision.code, detail: decision.detail };
  return decision.state === 'order' ? null : { code: 'claim_withdrawn' };
}
