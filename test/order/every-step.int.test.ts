import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { resolveUpdate } from '../../workflows/contract.ts';
import { atStep, ORDER_STEPS, type OrderStep } from '../support/model/order-steps.ts';
import { ends, goesOn } from '../support/model/step-ends.ts';
import { eventually, type SteppedOrder } from '../support/model/stepped-order.ts';
import { oneWayEach } from '../support/run/scale.ts';
import { alertAbout, reconcile, resetOrder } from '../support/worlds/reconciling.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;

beforeAll(async () => {
  world = await realWorld();
  await world.startWorkers();
});
afterAll(async () => {
  expect(await verifyLedger(world.sql)).toEqual([]);
  await world.close();
});

/** What happens to the workflow of an order at a step, and what must hold then. */
const happenings: readonly [string, (step: OrderStep) => Promise<void>][] = [
  [
    'that is terminated is alerted, taken up again and goes on',
    async (step) => {
      const order = await atStep(world, step);
      const alert = async () => (await alertAbout(world, 'order_lost', `order:${order.id}`)).state;
      await order.handle.terminate('by a person');
      await step.meanwhile?.(order);
      // Temporal's list of workflows lags a moment, and a parallel test's reconciler may have seen the workflow running.
      await eventually(async () => {
        await reconcile(world);
        expect(await alert()).not.toBe('none');
      });
      await goesOn(order, step);
      await reconcile(world);
      expect(await alert()).toBe('resolved');
    },
  ],
  [
    'that is reset goes on',
    async (step) => {
      const order = await atStep(world, step);
      await step.meanwhile?.(order);
      await resetOrder(world, order.id);
      await goesOn(order, step);
    },
  ],
  [
    'that is canceled by the button of the Temporal UI ends with the right money',
    async (step) => {
      const order = await atStep(world, step);
      const { status, delivered, sends } = step.canceled;
      await order.handle.cancel();
      if (status === 'Completed') await step.meanwhile?.(order);
      else await order.heard('cancel.requested by staff (Temporal UI): Request Cancellation');
      // Only a person can end an order with an unknown outcome.
      if (step.name.includes('nobody knows')) await order.ask(resolveUpdate, { action: 'cancel' });
      await ends(order, status, delivered, sends);
      expect((await order.handle.describe()).status.name).not.toBe('CANCELLED');
    },
  ],
];

it.concurrent.each(
  oneWayEach(
    ORDER_STEPS.map((step) => [step.name, step] as const),
    happenings,
  ),
)('an order %s: %s', (_happening, _name, step, happens) => happens(step));

/** Locks the account's wallet until the returned function is called. */
async function holdWallet(orderId: number): Promise<() => Promise<void>> {
  const hold = await world.sql.reserve();
  await hold`begin`;
  await hold`select from wallets where account_id = (select account_id from orders where id = ${orderId}) for update`;
  return async () => {
    await hold`rollback`;
    hold.release();
  };
}

const isSettling = async () => {
  const waiting = await world.sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%end_order(%'`;
  return waiting.length > 0;
};

describe('an order whose settlement is just being written', () => {
  it.each<[string, (order: SteppedOrder) => Promise<unknown>]>([
    ['terminated', (order) => order.handle.terminate('by a person')],
    ['reset', (order) => resetOrder(world, order.id)],
    ['canceled', (order) => order.handle.cancel()],
  ])('and that is %s then is settled once', async (_, act) => {
    const delivering = ORDER_STEPS.find(({ name }) => name === 'that is being delivered') as OrderStep;
    const order = await atStep(world, delivering);
    const letGo = await holdWallet(order.id);
    await order.providerSays({ status: 'Partial', remains: 600 });
    await eventually(async () => expect(await isSettling()).toBe(true));
    await act(order);
    await letGo();
    await eventually(async () => {
      await reconcile(world);
      await order.isNow({ status: 'Partial' });
    });
    await ends(order, 'Partial', 400, 1);
  });
});
