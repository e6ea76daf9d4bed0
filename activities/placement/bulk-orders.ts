import { Context } from '@temporalio/activity';
import { isPermanent, nameOfError } from '../../db/errors.ts';
import {
  accountOfList,
  cancelBulkOrders,
  endBulkOrders,
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
import { expected } from '../runtime/expected.ts';
import { inParallel } from '../runtime/parallel.ts';
import { Places } from '../runtime/places.ts';
import { sleep } from '../runtime/sleep.ts';
import { startOrder } from './start-order.ts';

/** Lines that one activity places. */
const LINES = 50;
/** Lines that it places at the same time: few, because other orders need Temporal, the worker and PostgreSQL too. */
const AT_ONCE = 3;

/** How long a line waits for its order to begin before the next line comes: not for ever, an order may wait for its link or provider. */
const BEGUN_MS = 1_000;
/** The first pause until it is asked whether the order has begun; each further one is twice as long. */
const FIRST_PAUSE_MS = 50;

/**
 * How long a list waits for another of its account in one activity. Then its workflow has a turn, which sees whether the list was
 * canceled.
 */
const PATIENCE_MS = 60_000;
/** The longest pause until a waiting list looks again, in seconds. */
const LONGEST_WAIT = 30;

export function createBulkOrderActivities(deps: Deps) {
  const { sql, log } = deps;
  /** An account's lists are placed one at a time in a process: many lists must not get more done at once than one. */
  const turns = new Places(1);

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
    for (let ms = FIRST_PAUSE_MS; Date.now() < deadline && (await waitsToBegin(sql, order)); ms *= 2) await sleep(ms);
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

  /** The next lines to place. Ends the list when there are none. */
  async function nextLines(list: number, most: number): Promise<number[]> {
    const lines = await waitingLines(sql, list, most);
    if (lines.length === 0) await endBulkOrders(sql, list);
    return lines;
  }

  /** Places the next lines; returns whether there were any. A transient error is thrown after all lines were tried. */
  async function placeNext(list: number): Promise<boolean> {
    const lines = await nextLines(list, LINES);
    const failures: unknown[] = [];
    await inParallel(lines, AT_ONCE, async (line) => {
      const failure = await tryLine(list, line);
      if (failure !== undefined) failures.push(failure);
    });
    if (failures.length > 0) throw failures[0];
    return lines.length > 0;
  }

  return {
    /**
     * Places the next lines of a list; returns whether it may have more. While another list of the account has its turn, Temporal
     * retries the activity, which holds no slot meanwhile.
     */
    async placeLines(list: number): Promise<boolean> {
      const turn = turns.take(`${await accountOfList(sql, list)}`, list);
      if ('waiting' in turn) {
        // A list that was canceled meanwhile needs no turn.
        if ((await nextLines(list, 1)).length === 0) return false;
        if (Date.now() - Context.current().info.scheduledTimestampMs > PATIENCE_MS) return true;
        throw expected('another list of the account has its turn', `${Math.min(turn.waiting, LONGEST_WAIT)}s`);
      }
      try {
        return await placeNext(list);
      } finally {
        turn.giveBack();
      }
    },

    /** Cancels the waiting lines; returns how many. */
    cancelLines: (list: number): Promise<number> => cancelBulkOrders(sql, list),
  };
}

function refusalOf(decision: Awaited<ReturnType<typeof decideClaim>>): StoredRefusal | null {
  if (decision.state === 'refused') return { code: decision.code, detail: decision.detail };
  return decision.state === 'order' ? null : { code: 'claim_withdrawn' };
}
