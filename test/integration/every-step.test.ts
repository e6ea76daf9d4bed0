import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../db/ledger.ts';
import { resolveUpdate } from '../../workflows/messages.ts';
import { booksOf } from '../setup/books.ts';
import { atStep, eventually, LIFE_STEPS, type LifeStep, type SteppedOrder } from '../setup/life-steps.ts';
import { alertAbout, reconcile, resetOrder } from '../setup/reconciling.ts';
import { realWorld, type World } from '../setup/world.ts';

let world: World;

beforeAll(async () => {
  world = await realWorld();
  await world.startWorkers();
});
afterAll(async () => {
  expect(await verifyLedger(world.sql)).toEqual([]);
  await world.close();
});

/** Its end, with exactly what was delivered charged for, and sent as often as it should be. */
async function ends(order: SteppedOrder, status: string, delivered: number, sends: number): Promise<void> {
  await order.becomes({ status, delivered, attention: 'none' });
  const { price, charge, refunded, escrow } = await booksOf(world.sql, order.id);
  expect({ charge, refunded, escrow }).toEqual({
    charge: 90_000n * BigInt(delivered),
    refunded: price - 90_000n * BigInt(delivered),
    escrow: 0n,
  });
  expect(order.sends).toBe(sends);
}

async function goesOn(order: SteppedOrder, { finish, sends, ...step }: LifeStep): Promise<void> {
  const { status, delivered } = step.ends ?? { status: 'Completed', delivered: 1000 };
  await finish?.(order);
  await ends(order, status, delivered, sends);
}

describe.each(LIFE_STEPS)('an order $name', { concurrent: true }, (step) => {
  it('that is terminated is alerted, taken up again and goes on', async () => {
    const order = await atStep(world, step);
    const alert = async () => (await alertAbout(world, 'order_lost', `order:${order.id}`)).state;
    await order.handle.terminate('by a person');
    await step.meanwhile?.(order);
    // Temporal's list of workflows is a moment behind; and a run of another test may have seen it run already.
    await eventually(async () => {
      await reconcile(world);
      expect(await alert()).not.toBe('none');
    });
    await goesOn(order, step);
    await reconcile(world);
    expect(await alert()).toBe('resolved');
  });

  it('that is reset goes on', async () => {
    const order = await atStep(world, step);
    await step.meanwhile?.(order);
    await resetOrder(world, order.id);
    await goesOn(order, step);
  });

  it('that is canceled by the button of the Temporal UI ends with the right money', async () => {
    const order = await atStep(world, step);
    const { status, delivered, sends } = step.canceled;
    await order.handle.cancel();
    if (status === 'Completed') await step.meanwhile?.(order);
    else await order.heard('cancel.requested by temporal-ui');
    // What nobody knows anything about is decided by a person.
    if (step.name.includes('nobody knows')) await order.ask(resolveUpdate, { action: 'cancel' });
    await ends(order, status, delivered, sends);
    expect((await order.handle.describe()).status.name).not.toBe('CANCELLED');
  });
});
