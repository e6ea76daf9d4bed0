import { afterAll, beforeAll, expect, test } from 'vitest';
import { Endings } from '../../bench/endings.ts';
import { createEngines } from '../../bench/engines.ts';
import type { Bench } from '../../bench/scenario.ts';
import { USUAL } from '../../bench/sizes.ts';
import { placeSteadily, restartInTurn } from '../../bench/world/rolling.ts';
import { openStack, type Stack } from '../../bench/world/stack.ts';
import { proveCompleted, untilCompleted } from '../../bench/world/whole-orders.ts';

const PER_SECOND = 10;
const endings = new Endings();
let bench: Bench;
let stack: Stack;

beforeAll(async () => {
  const log = () => undefined;
  bench = { engines: createEngines({ endings, log }), endings, size: USUAL, log };
  stack = await openStack(bench, { copies: 2, apiEnv: { API_DRAIN_SECONDS: '2' } });
});
afterAll(() => endings.close());

test('while two APIs and two workers are replaced one by one, every order is placed, is sent once and completes', async () => {
  const before = await placeSteadily(stack.customer, PER_SECOND, { orders: 3 * PER_SECOND });
  // Throws when an order cannot be placed. On a busy machine an answer may be 503: then the customer repeats the key.
  const meanwhile = await placeSteadily(stack.customer, PER_SECOND, { until: restartInTurn(bench, stack) });
  expect(meanwhile.length).toBeGreaterThan(PER_SECOND);
  const orders = before.length + meanwhile.length;
  await untilCompleted(stack, orders);
  const { proof } = await proveCompleted(stack, orders);
  expect(proof).toBe(`${orders} orders Completed, ${orders} batches sent once each, books exact`);
  expect(await stack.world.sql`select order_id from events where type = 'order.uncertain'`).toEqual([]);
});
