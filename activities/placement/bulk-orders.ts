import { isPermanent, nameOfError } from '../../db/errors.ts';
import {
  cancelBulkOrders,
  endLine,
  openLine,
  refuseLine,
  type StoredRefusal,
  waitingLines,
  waitsToBegin,
} from '../../db/placement/bulk-orders.ts';
import { decideClaim } from '../../db/placement/decide-claim.ts';
import { ordersToRun } from '../../db/reconcile/lost-orders.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';
import { pause } from '../runtime/sleep.ts';
import { startOrder } from './start-order.ts';

/** Lines that one activity places. */
const LINES = 50;
/** Lines that it places at the same time: few, because other orders need Temporal, the worker and PostgreSQL too. */
const AT_ONCE = 3;

/** How long a line waits for its order to begin before the next line comes: not for ever, an order may wait for its link or provider. */
const BEGUN_MS = 1_000;
const POLL_MS = 50;

export function createBulkOrderActivities(deps: Deps) {
  const { sql, log } = deps;
  /** Safe to repeat: an existing order or workflow stays as it is. */
  async function placeLine(list: number, line: number): Promise<void> {
    const order = await openLine(sql, list, line);
    if (order === undefined) return;
    const decision = await decideClaim(sql, order);
    if (decision.state === 'refused' && decision.cause !== undefined)
      log.error({ list, line, order, err: decision.cause }, 'refused an order that the database can never store');
    if (decision.state === 'order') await begin(order);
    await endLine(sql, list, line, refusalOf(decision));
    if (decision.state === 'order') await untilBegun(order);
  }

  /**
   * Waits until the order has had its turn. Otherwise a list would start thousands of workflows faster than they are run, and each
   * later order of another customer would wait behind them.
   */
  async function untilBegun(order: number): Promise<void> {
    const deadline = Date.now() + BEGUN_MS;
    while (Date.now() < deadline && (await waitsToBegin(sql, order))) await pause(POLL_MS);
  }

  /** Places a line, or refuses it when it can never be placed, so that it does not stop the others. Returns a transient error. */
  async function tryLine(list: number, line: number): Promise<unknown> {
    try {
      await placeLine(list, line);
    } catch (error) {
      if (!isPermanent(error)) return error;
      log.error({ list, line, err: error }, 'refused a line of a list that can never be placed');
      const code: ErrorCode = 'cannot_be_placed';
      return refuseLine(sql, list, line, { code }, nameOfError(error)).catch((failed: unknown) => failed);
    }
    return undefined;
  }

  async function begin(orderId: number): Promise<void> {
    const [order] = await ordersToRun(sql, [orderId]);
    if (order !== undefined) await startOrder(deps, order, 'REJECT_DUPLICATE', 'line');
  }

  return {
    /**
     * Places the next lines of a list; returns whether there were any. A transient error is thrown after all lines were tried.
     */
    async placeLines(list: number): Promise<boolean> {
      const lines = await waitingLines(sql, list, LINES);
      const failures: unknown[] = [];
      await inParallel(lines, AT_ONCE, async (line) => {
        const failure = await tryLine(list, line);
        if (failure !== undefined) failures.push(failure);
      });
      if (failures.length > 0) throw failures[0];
      return lines.length > 0;
    },

    /** Cancels the waiting lines; returns how many. */
    cancelLines: (list: number): Promise<number> => cancelBulkOrders(sql, list),
  };
}

function refusalOf(decision: Awaited<ReturnType<typeof decideClaim>>): StoredRefusal | null {
  if (decision.state === 'refused') return { code: decision.code, detail: decision.detail };
  return decision.state === 'order' ? null : { code: 'claim_withdrawn' };
}
