import { latenciesOf } from '../measure/latencies.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';
import type { Persistent } from '../world/customer.ts';
import { placeSteadily, restartInTurn } from '../world/rolling.ts';
import { openStack } from '../world/stack.ts';
import { proveCompleted, untilCompleted } from '../world/whole-orders.ts';

/** How long a customer waits for the answer to an order while two APIs and two workers are replaced one by one. */
export const rolling: Scenario = { name: 'rolling', run };

async function run(bench: Bench): Promise<Outcome> {
  const { perSecond, seconds } = bench.size.rolling;
  const stack = await openStack(bench, { copies: 2, apiEnv: { API_DRAIN_SECONDS: '2' } });
  const usual = await placeSteadily(stack.customer, perSecond, { orders: perSecond * seconds });
  const meanwhile = await placeSteadily(stack.customer, perSecond, { until: restartInTurn(bench, stack) });
  const orders = usual.length + meanwhile.length;
  await untilCompleted(stack, orders);
  const [before, during] = [waitsOf(usual), waitsOf(meanwhile)];
  const ratio = during.p99 / before.p99;
  return {
    rows: [
      {
        measured: `POST /v1/orders, ${perSecond} a second, while all restart: p99`,
        against: 'without restarts',
        unit: 'ms',
        value: during.p99,
        floor: before.p99,
        ratio,
      },
      {
        measured: 'the slowest of them',
        against: 'without restarts',
        unit: 'ms',
        value: during.max,
        floor: before.max,
      },
      { measured: 'orders placed while all restarted, none failed', unit: 'orders', value: during.count },
      {
        measured: 'requests repeated on 503',
        against: 'without restarts',
        unit: 'requests',
        value: repeatsOf(meanwhile),
        floor: repeatsOf(usual),
      },
    ],
    figures: { rollingP99ToUsual: ratio },
    ...(await proveCompleted(stack, orders)),
  };
}

const waitsOf = (placed: readonly Persistent[]) => latenciesOf(placed.map(({ ms }) => ms));
const repeatsOf = (placed: readonly Persistent[]) => placed.reduce((sum, { repeats }) => sum + repeats, 0);
