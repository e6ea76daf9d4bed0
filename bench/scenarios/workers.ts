import { setTimeout as delay } from 'node:timers/promises';
import { inParallel } from '../../activities/runtime/parallel.ts';
import { lateTasksIn } from '../measure/histories.ts';
import { proveOrders, untilAllSettled } from '../measure/proof.ts';
import { perSecond } from '../measure/rounds.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';
import { CLIENTS } from '../world/customer.ts';
import { openRealWorld } from '../world/real-world.ts';
import { openApi, openCustomer, openWorker } from '../world/stack.ts';

/** What a second worker adds when the slots of one are the limit: a slow provider holds each slot for long. */
export const workers: Scenario = { name: 'workers', run };

const SLOTS = 2;
const ANSWER_MS = 400;

async function run(bench: Bench): Promise<Outcome> {
  const { orders } = bench.size.workers;
  const base = await openRealWorld(bench);
  const { world, panel, shop } = base;
  panel.onAdd = (_, number) => delay(ANSWER_MS, { order: 5_000 + number });
  const customer = await openCustomer(world.sql, shop, [await openApi(bench, base, world)]);
  const openLimited = () => openWorker(bench, base, { WORKER_ACTIVITY_SLOTS: String(SLOTS) });
  const live = () =>
    perSecond(orders, async () => {
      await inParallel(Array.from({ length: orders }), CLIENTS, async () => void (await customer.mustOrder()));
      await untilAllSettled(world.sql);
    });

  await openLimited();
  await customer.mustOrder();
  await untilAllSettled(world.sql);
  const one = await live();
  await openLimited();
  const two = await live();

  const all = 1 + 2 * orders;
  const sent = { orders: all, batches: all, adds: panel.adds().length };
  return {
    rows: [
      {
        measured: `whole orders by two workers with ${SLOTS} activity slots each`,
        against: 'by one',
        unit: 'per second',
        value: two,
        floor: one,
        ratio: two / one,
      },
    ],
    figures: { twoWorkersToOne: two / one },
    proof: await proveOrders(world.sql, { ...sent, status: 'Completed' }),
    // The slots are the limit here, so activities wait for them.
    late: { ...(await lateTasksIn(world.temporal, all)), activitiesThatWaited: 0 },
  };
}
