import { inParallel } from '../../activities/runtime/parallel.ts';
import { lateTasksIn } from '../measure/histories.ts';
import { latenciesOf } from '../measure/latencies.ts';
import { proveOrders, untilAllSettled } from '../measure/proof.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';
import type { Answered } from '../world/customer.ts';
import { openStack } from '../world/stack.ts';
import { liveOrders } from '../world/whole-orders.ts';

/** Far more orders at once than the engines can take: each must be placed, or be refused at once. */
export const overload: Scenario = { name: 'overload', run };

/** Answers, by what they say about the order. */
const GROUPS = ['placed', 'refused', 'unknown'] as const;
type Group = (typeof GROUPS)[number];

async function run(bench: Bench): Promise<Outcome> {
  const { orders, clients } = bench.size.overload;
  const stack = await openStack(bench);
  const { sql, temporal } = stack.world;
  const before = Math.min(orders, 40);
  await liveOrders(stack, before);
  const answers: Record<Group, number[]> = { placed: [], refused: [], unknown: [] };
  await inParallel(Array.from({ length: orders }), clients, async () => {
    const answer = await stack.customer.order();
    answers[groupOf(answer)].push(answer.ms);
  });
  const { placed, unknown } = answers;
  const there = await untilAllSettled(sql);
  const sure = before + placed.length;
  if (there < sure || there > sure + unknown.length) {
    throw new Error(`${there} orders are there, of ${sure} acknowledged and ${unknown.length} unknown ones`);
  }
  const adds = stack.panel.adds().length;
  const proof = await proveOrders(sql, { orders: there, status: 'Completed', batches: there, adds });
  return {
    rows: GROUPS.flatMap((group) => rowsOf(`${orders} orders by ${clients} clients, ${group}`, answers[group])),
    figures: { overloadUnknown: unknown.length },
    proof,
    late: await lateTasksIn(temporal, there),
  };
}

/** @throws Error when the API answers with anything else. */
function groupOf({ status, body }: Answered): Group {
  if (status === 201) return 'placed';
  if (status === 503 && body.code === 'overloaded') return 'refused';
  if (status === 503 && body.code === 'outcome_unknown') return 'unknown';
  throw new Error(`an order was answered with ${status}: ${JSON.stringify(body)}`);
}

function rowsOf(measured: string, waits: readonly number[]): Outcome['rows'] {
  const count = { measured, unit: 'answers', value: waits.length };
  if (waits.length === 0) return [count];
  const { p50, max } = latenciesOf(waits);
  return [
    count,
    { measured: `${measured}: slowest`, against: 'p50', unit: 'ms', value: max, floor: p50, ratio: max / p50 },
  ];
}
