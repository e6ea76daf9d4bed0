import type { WorkflowHandle } from '@temporalio/client';
import { inParallel } from '../../activities/runtime/parallel.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import { type CpuSeconds, sumOfCpu, withCpu } from '../measure/cpu.ts';
import { compare, interleaved, perSecond } from '../measure/rounds.ts';
import { tallied } from '../measure/tally.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';
import { CLIENTS } from '../world/customer.ts';
import { type ActivityCounts, createFloors, openFloorWorker } from '../world/floor-worker.ts';
import { openStack, type Stack } from '../world/stack.ts';
import { eventsOfLast, liveOrders, proveCompleted } from '../world/whole-orders.ts';

/** Whole orders, from the request to the settlement and the end of the workflow: how many a second, and what each costs. */
export const order: Scenario = { name: 'order', run };

async function run(bench: Bench): Promise<Outcome> {
  const { rounds } = bench.size;
  const { orders, bare } = bench.size.order;
  const stack = await openStack(bench);
  const { world, temporal } = stack;
  await openFloorWorker(bench.endings, temporal.address, world.namespace);
  const floors = createFloors(world.temporal);
  await liveOrders(stack, 1);
  const counts = await activitiesOfFirst(stack);

  const spent: CpuSeconds[] = [];
  const measured = await interleaved(
    {
      orders: async () => {
        const { result, cpu } = await withCpu(stack.processes, () => liveOrders(stack, orders));
        spent.push(cpu);
        return result;
      },
      bare: () => atOnce(bare, floors.bare),
      empty: () => atOnce(orders, () => floors.empty(counts)),
    },
    rounds,
  );
  const events = await eventsOfLast(stack, orders);
  const tally = await tallied(world.url, () => liveOrders(stack, orders));

  const toBare = compare(measured.orders, measured.bare);
  const toEmpty = compare(measured.orders, measured.empty);
  // The first round warmed up.
  const cpu = cpuOf(stack, sumOfCpu(spent.slice(1)), rounds * orders);
  const { proof, late } = await proveCompleted(stack, 1 + (rounds + 2) * orders);
  const what = `whole orders, placed by ${CLIENTS} clients`;
  return {
    rows: [
      { measured: what, against: 'workflows that do nothing', unit: 'per second', ...toBare },
      { measured: what, against: 'workflows with as many empty activities', unit: 'per second', ...toEmpty },
      ...cpu.rows,
      { measured: 'commits of an order and its webhook', unit: 'commits', value: tally.commits / orders },
      { measured: 'rows updated by them', unit: 'rows', value: tally.updated / orders },
      { measured: 'events in the history of an order', unit: 'events', value: events },
    ],
    figures: {
      bareWorkflowsPerSecond: toBare.floor,
      ordersPerSecond: toBare.value,
      ordersToBare: toBare.ratio,
      ordersToEmptyActivities: toEmpty.ratio,
      commitsPerOrder: tally.commits / orders,
      rowsUpdatedPerOrder: tally.updated / orders,
      ownCpuToTemporal: cpu.ownToTemporal,
      eventsPerOrder: events,
    },
    proof: `${proof}; ${counts.queued} queued and ${counts.local} local activities for each`,
    late,
  };
}

/** Does it so many times by as many clients as place orders. Returns how many were done a second. */
const atOnce = (count: number, act: () => Promise<unknown>): Promise<number> =>
  perSecond(count, () => inParallel(Array.from({ length: count }), CLIENTS, async () => void (await act())));

/** Counts the activities in the history of the first order, so that the floor runs as many. */
async function activitiesOfFirst({ world: { sql, temporal } }: Stack): Promise<ActivityCounts> {
  const [first] = await sql<{ id: number }[]>`select min(id)::float8 as id from orders`;
  const handle: WorkflowHandle = temporal.workflow.getHandle(orderWorkflowId(first?.id ?? 0));
  await handle.result();
  const { events } = await handle.fetchHistory();
  const all = events ?? [];
  return {
    local: all.filter((event) => event.markerRecordedEventAttributes).length,
    queued: all.filter((event) => event.activityTaskScheduledEventAttributes).length,
  };
}

/** What each program spent on an order, and what ours spent together for each second of Temporal's. */
function cpuOf({ temporal, processes }: Stack, cpu: CpuSeconds, orders: number) {
  const theirs = Object.keys(temporal.processes);
  const sum = (names: readonly string[]) => names.reduce((all, name) => all + (cpu[name] ?? 0), 0);
  const own = sum(Object.keys(processes).filter((name) => !theirs.includes(name)));
  const ownToTemporal = own / sum(theirs);
  const ofEach = Object.entries(cpu).map(([name, seconds]) => ({
    measured: `CPU of ${name}`,
    unit: 'ms an order',
    value: (seconds * 1_000) / orders,
  }));
  const together = {
    measured: 'CPU of worker, PostgreSQL and API',
    against: 'CPU of Temporal',
    unit: 'ms an order',
    value: (own * 1_000) / orders,
    floor: (sum(theirs) * 1_000) / orders,
    ratio: ownToTemporal,
  };
  return { rows: [...ofEach, together], ownToTemporal };
}
