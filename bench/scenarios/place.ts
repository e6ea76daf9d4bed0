import { latenciesOf, timed } from '../measure/latencies.ts';
import { compare, interleaved } from '../measure/rounds.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';
import { CLIENTS } from '../world/customer.ts';
import { createFloors, openFloorWorker } from '../world/floor-worker.ts';
import { openStack } from '../world/stack.ts';
import { placeMany, proveCompleted, untilCompleted } from '../world/whole-orders.ts';

/** How long a customer waits for the answer to an order: alone, and while others place orders too. */
export const place: Scenario = { name: 'place', run };

async function run(bench: Bench): Promise<Outcome> {
  const { rounds } = bench.size;
  const { alone, orders } = bench.size.place;
  const stack = await openStack(bench);
  const { world, temporal } = stack;
  await openFloorWorker(bench.endings, temporal.address, world.namespace);
  const floors = createFloors(world.temporal);

  let placed = 0;
  const p50 = async (waits: Promise<number[]>) => latenciesOf(await waits).p50;
  const oneAtATime = compareAlone(
    await interleaved(
      {
        orders: async () => {
          placed += alone;
          const middle = await p50(placeMany(stack, alone, 1));
          // What is left of these orders must not slow the next side.
          await untilCompleted(stack, placed);
          return middle;
        },
        bare: () => p50(waitsOf(alone, floors.bare)),
      },
      rounds,
    ),
  );
  const together = await timed(() => placeMany(stack, orders));
  placed += orders;
  const { p50: half, p99 } = latenciesOf(together.result);
  await untilCompleted(stack, placed);
  return {
    rows: [
      {
        measured: 'POST /v1/orders, one at a time: p50',
        against: 'a workflow that does nothing',
        unit: 'ms',
        ...oneAtATime,
      },
      {
        measured: `POST /v1/orders by ${CLIENTS} clients: p99`,
        against: 'p50',
        unit: 'ms',
        value: p99,
        floor: half,
        ratio: p99 / half,
      },
      { measured: 'acknowledged to them', unit: 'per second', value: (orders * 1_000) / together.ms },
    ],
    figures: { placeP50ToBare: oneAtATime.ratio, placeP99ToP50At20: p99 / half },
    ...(await proveCompleted(stack, placed)),
  };
}

const compareAlone = (measured: Record<'orders' | 'bare', number[]>) => compare(measured.orders, measured.bare);

/** Does it so many times, one after the other. Returns how many milliseconds each took. */
async function waitsOf(count: number, act: () => Promise<unknown>): Promise<number[]> {
  const waits: number[] = [];
  while (waits.length < count) waits.push((await timed(act)).ms);
  return waits;
}
