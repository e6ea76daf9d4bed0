import { isPermanent, nameOfError } from '../../db/errors.ts';
import {
  cancelMass,
  endLine,
  openLine,
  refuseLine,
  type StoredRefusal,
  waitingLines,
} from '../../db/placement/bulk-orders.ts';
import { decideClaim } from '../../db/placement/decide-claim.ts';
import { ordersToRun } from '../../db/reconcile/lost-orders.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';
import { startOrder } from './start-order.ts';

/** Lines that one activity places, and at the same time: the others of the worker's orders want their turn too. */
const LINES = 50;
const AT_ONCE = 5;

export function createMassActivities({ sql, temporal, log }: Deps) {
  /** An order that is there already, and its workflow too, is found as it is: a line can be placed again at any moment. */
  async function placeLine(mass: number, line: number): Promise<void> {
    const order = await openLine(sql, mass, line);
    if (order === undefined) return;
    const decision = await decideClaim(sql, order);
    if (decision.state === 'refused' && decision.cause !== undefined)
      log.error({ mass, line, order, err: decision.cause }, 'an order can never be written down: refused');
    if (decision.state === 'order') await begin(order);
    await endLine(sql, mass, line, refusalOf(decision));
  }

  /** What is wrong with one line stops no other: one that can never be placed is refused. Undefined, or the error of another. */
  async function tryLine(mass: number, line: number): Promise<unknown> {
    try {
      await placeLine(mass, line);
    } catch (error) {
      if (!isPermanent(error)) return error;
      log.error({ mass, line, err: error }, 'a line of a list can never be placed');
      const code: ErrorCode = 'cannot_be_placed';
      return refuseLine(sql, mass, line, { code }, nameOfError(error)).catch((failed: unknown) => failed);
    }
    return undefined;
  }

  async function begin(orderId: number): Promise<void> {
    const [order] = await ordersToRun(sql, [orderId]);
    if (order !== undefined) await startOrder(temporal, order, 'REJECT_DUPLICATE');
  }

  return {
    /** Places the next lines of a list; whether there were any. Those that could not be placed now fail it once all were tried. */
    async placeLines(mass: number): Promise<boolean> {
      const lines = await waitingLines(sql, mass, LINES);
      const failures: unknown[] = [];
      await inParallel(lines, AT_ONCE, async (line) => {
        const failure = await tryLine(mass, line);
        if (failure !== undefined) failures.push(failure);
      });
      if (failures.length > 0) throw failures[0];
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
