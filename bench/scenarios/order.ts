import type { WorkflowHandle } from '@temporalio/client';
import { placeClaim } from '../test/support/reads/place.ts';
import { orderWorkflowId } from '../workflows/contract.ts';
import type { Benchmark } from './benchmark.ts';
import { type ActivityCounts, FLOOR_TASK_QUEUE, openFloorWorker } from './floor-worker.ts';
import { proveOrders } from './proof.ts';
import { openRealWorld } from './real-world.ts';
import { perSecond } from './rounds.ts';

/** Plain orders from placement to settlement, all at once: the real workflows, activities and watch on a real Temporal server. */
export const life: Benchmark = {
  name: 'life',
  work: 'orders placed, sent, watched, settled',
  floor: 'workflows with as many empty activities',
  unit: 'per second',
  async open(bench) {
    const { endings, size } = bench;
    const { world, shop, panel, temporalAddress: address } = await openRealWorld(bench);
    const { sql, temporal, namespace } = world;
    await world.startWorkers();
    await openFloorWorker(endings, { address }, namespace);

    let placed = 0;
    const liveOne = async (): Promise<WorkflowHandle> => {
      placed += 1;
      const orderId = await shop.claim({ link: `https://example.com/life/${placed}` });
      const placement = await placeClaim(sql, temporal, orderId);
      if (placement.kind !== 'order') throw new Error(`an order was not accepted: ${JSON.stringify(placement)}`);
      const handle = temporal.workflow.getHandle(orderWorkflowId(orderId));
      await handle.result();
      return handle;
    };
    const counts = await activitiesOf(await liveOne());
    let begun = 0;
    const doNothing = () => {
      begun += 1;
      return temporal.workflow.execute('nothing', {
        taskQueue: FLOOR_TASK_QUEUE,
        workflowId: `nothing-${begun}`,
        args: [counts],
      });
    };
    const atOnce = (act: () => Promise<unknown>) =>
      perSecond(size.life.orders, () => Promise.all(Array.from({ length: size.life.orders }, act)));
    return {
      work: () => atOnce(liveOne),
      floor: () => atOnce(doNothing),
      prove: async () => {
        const proved = await proveOrders(sql, {
          orders: placed,
          status: 'Completed',
          batches: placed,
          adds: panel.adds().length,
        });
        return `${proved}; ${counts.queued} queued and ${counts.local} local activities for each`;
      },
    };
  },
};

/** Counts the activities in an order's history, so that the floor runs as many. */
async function activitiesOf(order: WorkflowHandle): Promise<ActivityCounts> {
  const { events = [] } = await order.fetchHistory();
  return {
    local: (events ?? []).filter((event) => event.markerRecordedEventAttributes).length,
    queued: (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes).length,
  };
}
