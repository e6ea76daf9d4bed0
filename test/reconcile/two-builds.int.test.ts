import { afterAll, beforeAll, expect, it } from 'vitest';
import { becomeCurrent, setCurrentBuild } from '../../activities/runtime/deployment.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import {
  HOUSEKEEPING_TASK_QUEUE,
  HOUSEKEEPING_WORKFLOW,
  orderQuery,
  resolveUpdate,
  resumeSignal,
} from '../../workflows/contract.ts';
import { changedWorkflows } from '../support/engines/changed-workflows.ts';
import { refusing } from '../support/engines/refusing-database.ts';
import { atStep, ORDER_STEPS } from '../support/model/order-steps.ts';
import { goesOn } from '../support/model/step-ends.ts';
import { eventually, type SteppedOrder } from '../support/model/stepped-order.ts';
import { first } from '../support/run/scale.ts';
import { reconcile } from '../support/worlds/reconciling.ts';
import { type RunningWorkers, realWorld, sharedWorkflows, type World } from '../support/worlds/world.ts';

let world: World;

beforeAll(async () => {
  world = await realWorld();
});
afterAll(async () => {
  expect(await verifyLedger(world.sql)).toEqual([]);
  await world.close();
});

/** The workflows of the builds. `next` takes an order's steps in another order, so neither can replay the other's histories. */
const WORKFLOWS = { first: sharedWorkflows, next: () => changedWorkflows(1) };
type BuildName = keyof typeof WORKFLOWS;

async function start(build: BuildName): Promise<RunningWorkers> {
  const workers = await world.startWorkers(WORKFLOWS[build](), build);
  await becomeCurrent(world.temporal, build, world.deps.log);
  return workers;
}

/** The build that an order's workflow is on; `ended` for one that has ended. */
async function whereIs({ handle }: SteppedOrder): Promise<string | undefined> {
  const { raw, status } = await handle.describe();
  if (status.name !== 'RUNNING') return 'ended';
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? undefined;
}

it.each<readonly [BuildName, BuildName]>(
  first(1, [
    ['first', 'next'],
    ['next', 'first'],
  ]),
)(
  'orders at every step of their lives that began on the %s build go on with the workers of the %s one alone',
  async (from, to) => {
    const before = await start(from);
    const orders = await Promise.all(ORDER_STEPS.map(async (step) => ({ step, order: await atStep(world, step) })));
    expect(new Set(await Promise.all(orders.map(({ order }) => whereIs(order))))).toEqual(new Set([from]));

    const after = await start(to);
    // What happens meanwhile to the rows of an order is seen by the build that takes it up.
    for (const { step, order } of orders) await step.meanwhile?.(order);
    // The server knows a build before all its workers have polled, and refuses it until then.
    await eventually(() => setCurrentBuild(world.temporal, to));
    await eventually(async () => {
      await reconcile(world);
      for (const { step, order } of orders) expect([to, 'ended'], step.name).toContain(await whereIs(order));
    });
    await before.stop();
    await Promise.all(orders.map(({ step, order }) => goesOn(order, step)));
    await after.stop();
  },
);

it('an order whose step the database refuses moves too, with what a person has decided', async () => {
  const before = await start('first');
  await eventually(() => setCurrentBuild(world.temporal, 'first'));
  const review = ORDER_STEPS.find(({ name }) => name === 'that waits for a person');
  if (review === undefined) throw new Error('there is no such step');
  const order = await atStep(world, review);
  await eventually(async () => expect(await whereIs(order)).toBe('first'));
  const ends = await refusing(world.sql, 'orders', '23514', `new.id = ${order.id} and new.settled_at is not null`);
  await order.ask(resolveUpdate, { action: 'partial', delivered: 300 });
  const parked = () =>
    eventually(async () => expect((await order.handle.query(orderQuery)).parked).toContain('settleOrder: 23514'));
  await parked();

  const after = await start('next');
  await eventually(() => setCurrentBuild(world.temporal, 'next'));
  await eventually(async () => {
    await reconcile(world);
    expect(await whereIs(order)).toBe('next');
  });
  await before.stop();
  await parked();
  await ends();
  // Its refusal is an event, after which the step is tried again.
  await order.handle.signal(resumeSignal, { by: 'ann' });
  await order.becomes({ status: 'Partial', delivered: 300 });
  await after.stop();
});

it('a housekeeping task that fails on one build goes on with the next one', async () => {
  const before = await start('first');
  await eventually(() => setCurrentBuild(world.temporal, 'first'));
  await world.sql`alter table alerts rename to alerts_away`;
  const run = await world.temporal.workflow.start(HOUSEKEEPING_WORKFLOW, {
    workflowId: 'a-task-of-two-builds',
    taskQueue: HOUSEKEEPING_TASK_QUEUE,
    args: ['cleanAlerts'],
  });
  const tries = async () => (await run.describe()).raw.pendingActivities?.[0]?.attempt ?? 0;
  await eventually(async () => expect(await tries()).toBeGreaterThan(1));

  const after = await start('next');
  await eventually(() => setCurrentBuild(world.temporal, 'next'));
  await before.stop();
  await world.sql`alter table alerts_away rename to alerts`;
  await run.result();
  const { raw } = await run.describe();
  expect(raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId).toBe('next');
  await after.stop();
});
