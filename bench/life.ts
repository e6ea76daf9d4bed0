import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { scriptedPanel } from '../test/setup/panel.ts';
import { placeClaim } from '../test/setup/place.ts';
import { openWorld } from '../test/setup/world.ts';
import { orderWorkflowId } from '../workflows/messages.ts';
import type { Benchmark } from './benchmark.ts';
import { type ActivityCounts, FLOOR_TASK_QUEUE, startFloorWorker } from './floor-worker.ts';
import { proveOrders } from './proof.ts';
import { perSecond } from './rounds.ts';

/** Whole lives of plain orders, all at once, by the real workflows, activities and watch on a real Temporal server. */
export const life: Benchmark = {
  name: 'life',
  work: 'orders placed, sent, watched, settled',
  floor: 'workflows with as many empty activities',
  unit: 'per second',
  async open({ engines, endings, size }) {
    const [postgresUrl, temporalAddress] = await Promise.all([engines.postgres(), engines.temporal()]);
    const panel = await endings.opened('the provider', scriptedPanel, (one) => one.close());
    panel.onStatus = () => ({ status: 'Completed', remains: '0', charge: '0.5', start_count: '10' });
    const { sql, temporal, namespace, shop, startWorkers } = await endings.opened(
      'the workers and their database',
      () => openWorld({ postgresUrl, temporalAddress }),
      (one) => one.close(),
    );
    await startWorkers();
    const { claim } = await shop({ balance: '1000000', providers: [panel.url] });
    const connection = await endings.opened(
      "the floor's connection",
      () => NativeConnection.connect({ address: temporalAddress }),
      (one) => one.close(),
    );
    await endings.opened(
      "the floor's worker",
      () => startFloorWorker(connection, namespace),
      (one) => one.stop(),
    );

    let placed = 0;
    const liveOne = async (): Promise<WorkflowHandle> => {
      placed += 1;
      const orderId = await claim({ link: `https://example.com/life/${placed}` });
      const placement = await placeClaim(sql, temporal, orderId);
      if (placement.kind !== 'order') throw new Error(`an order was not taken: ${JSON.stringify(placement)}`);
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

/** What the floor has to have as many of, as an order's own history has it. */
async function activitiesOf(order: WorkflowHandle): Promise<ActivityCounts> {
  const { events = [] } = await order.fetchHistory();
  return {
    local: (events ?? []).filter((event) => event.markerRecordedEventAttributes).length,
    queued: (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes).length,
  };
}
