import { inParallel } from '../../activities/runtime/parallel.ts';
import { lateTasksIn } from '../measure/histories.ts';
import { latenciesOf } from '../measure/latencies.ts';
import { proveOrders, untilAllSettled } from '../measure/proof.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';
import { openCustomer, openStack, type Stack } from '../world/stack.ts';

/** The single orders of a customer, alone and beside the long list of another. */
export const beside: Scenario = { name: 'beside', run };

/** Clients of the customer who places single orders. */
const SINGLE = 2;

async function run(bench: Bench): Promise<Outcome> {
  const { lines, singles } = bench.size.beside;
  const stack = await openStack(bench);
  const { world, panel, customer } = stack;
  const shop = await world.shop({ balance: '1000000', providers: [panel.url] });
  const other = await openCustomer(world.sql, shop, stack.apis);
  const placeSingles = async () => {
    const waits: number[] = [];
    await inParallel(Array.from({ length: singles }), SINGLE, async () => void waits.push(await other.mustOrder()));
    return latenciesOf(waits);
  };

  await placeSingles();
  await untilAllSettled(world.sql);
  const alone = await placeSingles();
  await untilAllSettled(world.sql);
  const list = await customer.mustOrderList(lines);
  const together = await placeSingles();
  const waiting = await waitingLines(stack);
  if (waiting === 0) throw new Error('the list was placed before the single orders were');
  await customer.mustCancelList(list);
  const orders = await untilAllSettled(world.sql);

  const adds = panel.adds().length;
  const measured = `POST /v1/orders beside a list of ${lines} lines of another account`;
  const row = (name: 'p50' | 'p99') => ({
    measured: `${measured}: ${name}`,
    against: 'without the list',
    unit: 'ms',
    value: together[name],
    floor: alone[name],
    ratio: together[name] / alone[name],
  });
  return {
    rows: [row('p50'), row('p99')],
    figures: { placeP99BesideListToAlone: together.p99 / alone.p99 },
    proof: await proveOrders(world.sql, { orders, status: 'Completed', batches: orders, adds }),
    late: await lateTasksIn(world.temporal, orders),
  };
}

async function waitingLines({ world: { sql } }: Stack): Promise<number> {
  const [row] = await sql<{ waiting: number }[]>`
    select count(*)::integer as waiting from mass_lines where status = 'waiting'`;
  return row?.waiting ?? 0;
}
