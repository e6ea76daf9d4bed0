import { openSubjects } from '../../db/reconcile/alerts.ts';
import { showOrder, unendedOrders } from '../../db/reconcile/lost-orders.ts';
import { openVersion, orderGetsOn, overdueOrders } from '../../db/reconcile/overdue-orders.ts';
import { FIRST_CURSORS } from '../../db/reconcile/reconciliation.ts';
import { orderQuery, orderWorkflowId } from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';
import { failedTries } from './presence.ts';
import type { Run } from './run.ts';

/** Overdue orders whose workflows one run looks at; the next goes on. */
const ORDERS_A_RUN = 1_000;
/** Further orders whose workflows one run looks at; each costs a call, and most wait rightly. */
const OTHERS_A_RUN = 400;
const PAGE = 200;
const PARALLEL = 10;
/** Orders with an alert that one run looks at. */
const ALERTS = 5_000;
/** A healthy workflow does within seconds what is due. */
const OVERDUE_SECONDS = 120;
/** A task may fail because a worker dies under it; one that has failed so often fails by itself. */
const TRIES = 3;
const QUERY_MS = 5_000;

const WHY =
  'its workflow is stuck: its task fails again and again, by a bug or by a change of its code; it is not reset or ended by itself';

/**
 * Finds workflows that run as far as Temporal can say and do not get on, because their code throws. Nothing is done to them: once
 * the code is mended they go on by themselves.
 */
export function createStuck({ sql, temporal, log }: Pick<Deps, 'sql' | 'temporal' | 'log'>) {
  const isStuck = async (orderId: number) => (await failedTries(temporal, orderWorkflowId(orderId))) >= TRIES;

  /** It was shown to a person meanwhile, of which its workflow knows nothing: what it waits for is what that one says. */
  async function clear(orderId: number): Promise<void> {
    const version = await openVersion(sql, orderId);
    if (version === undefined) return orderGetsOn(sql, orderId);
    const handle = temporal.workflow.getHandle(orderWorkflowId(orderId));
    try {
      const { attention } = await temporal.withDeadline(Date.now() + QUERY_MS, () => handle.query(orderQuery));
      await orderGetsOn(sql, orderId, { attention, version });
    } catch (error) {
      // Nobody may be there to answer; the next run asks again.
      log.warn({ order: orderId, err: error }, 'a workflow that was stuck could not be asked');
    }
  }

  /** Looks at the workflows of these orders, those that are not known yet; a person is called for those that are stuck. */
  async function lookAt(run: Run, ids: readonly number[]): Promise<void> {
    const unknown = ids.filter((id) => !run.stuck.has(id));
    await inParallel(unknown, PARALLEL, async (id) => {
      if (!(await isStuck(id))) return;
      run.stuck.add(id);
      run.found('workflow_stuck', false);
      if (await showOrder(sql, id, 'workflow_stuck', WHY)) log.error({ order: id }, WHY);
    });
  }

  /** Looks at orders page by page, `most` of them, and keeps at `cursor` where the next run goes on; after the last, at the first. */
  async function passOver(
    run: Run,
    cursor: 'overdue' | 'asked',
    most: number,
    read: (after: number) => Promise<number[]>,
  ): Promise<void> {
    for (let passed = 0; passed < most && !run.isOver; passed += PAGE) {
      const ids = await read(run.next[cursor]);
      await lookAt(run, ids);
      run.next = { ...run.next, [cursor]: (ids.length === PAGE && ids.at(-1)) || FIRST_CURSORS[cursor] };
      if (ids.length < PAGE) return;
    }
  }

  return {
    /** Orders with an alert: those that get on have none any more. */
    async alerted(run: Run): Promise<void> {
      const ids = (await openSubjects(sql, 'workflow_stuck', ALERTS)).map((subject) => Number(subject.slice(6)));
      await inParallel(ids, PARALLEL, async (id) => {
        if (!(await isStuck(id))) return clear(id);
        run.stuck.add(id);
        run.found('workflow_stuck', false);
      });
    },

    /** Goes over the orders of which something has been due for too long. */
    overdue: (run: Run): Promise<void> =>
      passOver(run, 'overdue', ORDERS_A_RUN, (after) => overdueOrders(sql, after, OVERDUE_SECONDS, PAGE)),

    /** Goes over all orders that have not ended, a few a run: nothing need be due of one that was asked for something in vain. */
    others: (run: Run): Promise<void> =>
      passOver(run, 'asked', OTHERS_A_RUN, (after) => unendedOrders(sql, after, PAGE)),
  };
}
