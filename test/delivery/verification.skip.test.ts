import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cancelUpdate, resolveSignal, resolveUpdate } from '../../workflows/contract.ts';
import { ANN } from '../support/model/order-terms.ts';
import { type ScriptedCounter, scriptedCounter } from '../support/peers/counter.ts';
import { answered } from '../support/reads/answered.ts';
import { skippingDesk } from '../support/worlds/skipping-desk.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const by = 'ann';

const { world, desk, shop, close } = await skippingDesk();
afterAll(close);

describe('an order of 1000 whose target is counted', () => {
  let counter: ScriptedCounter;

  beforeAll(async () => {
    counter = await scriptedCounter();
  });
  beforeEach(() => {
    counter.count = 5_000;
    counter.asked = 0;
  });
  afterAll(() => counter.close());

  /** An order that a provider accepted while the target showed 5000. */
  async function running(continueAfterEvents?: number): Promise<number> {
    const service = { verify: 'counter', counter_url: counter.url, recheck_seconds: 300 };
    const { claim } = await shop({ service });
    const orderId = await claim();
    await desk.place(orderId, continueAfterEvents);
    await desk.until(orderId, { status: 'In progress' });
    return orderId;
  }

  /** The provider reports everything delivered, the target shows only `gained` more, and the first count is over. */
  async function completed(gained: number | null, continueAfterEvents?: number): Promise<number> {
    const orderId = await running(continueAfterEvents);
    const before = counter.asked;
    counter.count = gained === null ? null : 5_000 + gained;
    await desk.report(orderId, 'Completed', 0);
    await expect.poll(() => counter.asked).toBe(before + 1);
    return orderId;
  }

  async function inConflict(): Promise<number> {
    const orderId = await completed(420);
    await world.env.sleep(3 * HOUR);
    await desk.until(orderId, { attention: 'conflict', status: 'In progress' });
    return orderId;
  }

  const resolve = (orderId: number, message: object) =>
    answered(
      desk.handle(orderId).executeUpdate(resolveUpdate, { args: [{ by, reason: 'looked', ...message } as never] }),
    );

  it('is counted just before it is sent, and settled when the target shows what the provider says', async () => {
    const orderId = await completed(960);
    await desk.until(orderId, { status: 'Completed', delivered: 1000 });
    expect(await desk.books(orderId)).toMatchObject({ charge: 90_000_000n, refunded: 0n });
    const [row] = await world.sql`select counted_start from orders where id = ${orderId}`;
    expect([row, counter.asked]).toEqual([{ counted_start: 5_000n }, 2]);
  });

  it('is settled by a later look, when the target was only slow', async () => {
    const orderId = await completed(100);
    await world.env.sleep(6 * MINUTE);
    await desk.until(orderId, { status: 'In progress', attention: 'none' });
    counter.count = 6_000;
    await world.env.sleep(10 * MINUTE);
    await desk.until(orderId, { status: 'Completed' });
    expect(counter.asked).toBe(4);
  });

  it('is sent although nobody can count it, and then waits for a person with its money held', async () => {
    counter.count = null;
    const orderId = await running();
    await world.sql`update orders set start_count = null where id = ${orderId}`;
    counter.count = 6_000;
    await desk.report(orderId, 'Completed', 0);
    await world.env.sleep(3 * HOUR);
    await desk.until(orderId, { attention: 'conflict' });
    await resolve(orderId, { action: 'complete' });
    await desk.until(orderId, { status: 'Completed' });
  });

  it("that nobody counted before is compared with the provider's own start count", async () => {
    counter.count = null;
    const orderId = await running();
    await world.sql`update orders set start_count = 4900 where id = ${orderId}`;
    counter.count = 5_900;
    await desk.report(orderId, 'Completed', 0);
    await desk.until(orderId, { status: 'Completed' });
  });

  it('is looked at six times in vain, and then a person reads both numbers', async () => {
    const orderId = await completed(420);
    await world.env.sleep(80 * MINUTE);
    await desk.until(orderId, { attention: 'none' });
    await expect.poll(() => counter.asked).toBe(6);
    await world.env.sleep(80 * MINUTE);
    const { events } = await desk.until(orderId, { attention: 'conflict', status: 'In progress' });
    expect(events.at(-1)).toContain('why: the provider says 1000, the target shows 420');
    expect(await desk.books(orderId)).toMatchObject({ status: 'In progress', charge: 90_000_000n, refunded: 0n });
    await world.env.sleep(100 * HOUR);
    expect(counter.asked).toBe(7);
    const [row] = await world.sql`select attention from orders where id = ${orderId}`;
    expect(row).toEqual({ attention: 'conflict' });
    await resolve(orderId, { action: 'complete' });
    await desk.until(orderId, { status: 'Completed', attention: 'none' });
    expect(await desk.timeline(orderId)).toContain(`order.completed by ${ANN}`);
  });

  it('in conflict is settled as a person says', async () => {
    const orderId = await inConflict();
    expect(await resolve(orderId, { action: 'partial', delivered: 420 })).toMatchObject({ ok: true });
    await desk.until(orderId, { status: 'Partial', delivered: 420 });
    expect(await desk.books(orderId)).toMatchObject({ charge: 37_800_000n, refunded: 52_200_000n });
  });

  it('in conflict is looked at again when a person asks for it, and settles once the target agrees', async () => {
    const orderId = await inConflict();
    expect(await resolve(orderId, { action: 'extend', hours: 1 })).toEqual({
      ok: true,
      message: 'the target is counted again, from now on',
    });
    await desk.until(orderId, { attention: 'none' });
    counter.count = 6_000;
    await world.env.sleep(6 * MINUTE);
    await desk.until(orderId, { status: 'Completed', delivered: 1000 });
    expect(await desk.timeline(orderId)).toContain('order.completed by provider');
  });

  it('is verified all the same when somebody cancels it meanwhile', async () => {
    const orderId = await completed(0);
    await desk.handle(orderId).executeUpdate(cancelUpdate, { args: [{ by, reason: 'too slow' }] });
    await desk.until(orderId, { status: 'In progress' });
    expect(await desk.books(orderId)).toMatchObject({ refunded: 0n });
    counter.count = 6_000;
    await world.env.sleep(6 * MINUTE);
    await desk.until(orderId, { status: 'Completed' });
  });

  it('keeps its conflict through a new run of its workflow, until the target agrees', async () => {
    const orderId = await completed(420, 90);
    await world.env.sleep(6 * HOUR);
    await desk.until(orderId, { attention: 'conflict' });
    const { runId } = await desk.handle(orderId).describe();
    for (let times = 0; times < 20; times += 1) {
      await desk.handle(orderId).signal(resolveSignal, { by, action: 'cancel' });
    }
    await expect.poll(async () => (await desk.handle(orderId).describe()).runId).not.toBe(runId);
    await desk.until(orderId, { attention: 'conflict', status: 'In progress' });
    counter.count = 6_000;
    await world.env.sleep(6 * MINUTE);
    await desk.until(orderId, { status: 'Completed', attention: 'none' });
  });
});
