import { afterAll, describe, expect, it } from 'vitest';
import type { Reason } from '../../domain/order/status.ts';
import { cancelUpdate, pauseUpdate, resolveUpdate } from '../../workflows/contract.ts';
import { answered } from '../support/reads/answered.ts';
import { skippingDesk } from '../support/worlds/skipping-desk.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PRICE = 90_000_000n;
const by = 'ann';

const { world, panel, desk, shop, close } = await skippingDesk();
afterAll(close);

const cancel = (orderId: number) =>
  answered(desk.handle(orderId).executeUpdate(cancelUpdate, { args: [{ by, reason: 'enough' }] }));
const ASKED = 'the provider is asked to stop; what it has not delivered is refunded when it says so';
const stopsAsked = () => panel.calls.filter(({ action }) => action === 'cancel').length;

/** Holds back the provider's answer to the next send. Returns a function that gives the answer. */
function held(): (answer: unknown) => void {
  const usual = panel.onAdd;
  let give: (answer: unknown) => void = () => {};
  panel.onAdd = () => {
    panel.onAdd = usual;
    return new Promise((resolve) => {
      give = resolve;
    });
  };
  return (answer) => give(answer);
}

async function running(service: Record<string, string | number | boolean> = {}): Promise<number> {
  const { claim } = await shop({ service });
  const orderId = await claim();
  await desk.place(orderId);
  await desk.until(orderId, { status: 'In progress' });
  return orderId;
}

/** Expects one stop request, then reports Partial and expects the undelivered items to be refunded and the rest charged. */
async function stopped(orderId: number, asksBefore: number, reason: Reason = 'requested'): Promise<void> {
  await expect.poll(stopsAsked).toBe(asksBefore + 1);
  expect(await desk.books(orderId)).toMatchObject({ refunded: 0n });
  await desk.report(orderId, 'Partial', 700);
  await desk.until(orderId, { status: 'Partial', delivered: 300, reason });
  expect(await desk.books(orderId)).toMatchObject({ charge: 27_000_000n, refunded: 63_000_000n });
}

describe('a cancel', () => {
  it('while the order is being sent is asked of the provider once it has it', async () => {
    const { claim } = await shop();
    const orderId = await claim();
    const [adds, asks] = [panel.adds().length, stopsAsked()];
    const answer = held();
    await desk.place(orderId);
    await expect.poll(() => panel.adds().length).toBe(adds + 1);
    expect(await cancel(orderId)).toEqual({ ok: true, message: ASKED });
    expect(stopsAsked()).toBe(asks);
    answer({ order: 880_001 });
    await stopped(orderId, asks);
  });

  it('while the order is being sent to one that refuses it sends it nowhere else', async () => {
    const { claim } = await shop();
    const orderId = await claim();
    const adds = panel.adds().length;
    const answer = held();
    await desk.place(orderId);
    await expect.poll(() => panel.adds().length).toBe(adds + 1);
    expect((await cancel(orderId)).ok).toBe(true);
    answer({ error: 'neworder.error.link' });
    await desk.until(orderId, { status: 'Canceled', reason: 'requested' });
    expect(await desk.books(orderId)).toMatchObject({ charge: 0n, refunded: PRICE });
    expect(panel.adds().length).toBe(adds + 1);
  });

  it('while nobody knows whether it was placed waits for who knows, and is then not sent again', async () => {
    const { claim } = await shop();
    const orderId = await claim();
    const usual = panel.onAdd;
    panel.onAdd = () => ({ surprise: true });
    await desk.place(orderId);
    await desk.until(orderId, { attention: 'uncertain' });
    panel.onAdd = usual;
    const adds = panel.adds().length;
    expect((await cancel(orderId)).ok).toBe(true);
    await desk.until(orderId, { attention: 'uncertain', status: 'Processing' });
    expect(await desk.books(orderId)).toMatchObject({ refunded: 0n });
    await desk.handle(orderId).executeUpdate(resolveUpdate, { args: [{ by, action: 'notPlaced' }] });
    await desk.until(orderId, { status: 'Canceled', reason: 'requested', attention: 'none' });
    expect(await desk.books(orderId)).toMatchObject({ charge: 0n, refunded: PRICE });
    expect(panel.adds().length).toBe(adds);
  });

  it('of a paused order is asked of the provider all the same', async () => {
    const orderId = await running();
    await desk.handle(orderId).executeUpdate(pauseUpdate, { args: [{ by, reason: 'private' }] });
    await desk.until(orderId, { attention: 'paused' });
    const asks = stopsAsked();
    expect(await cancel(orderId)).toEqual({ ok: true, message: ASKED });
    await stopped(orderId, asks);
  });

  it('of an order that waits for a person is asked of the provider, and needs no person any more', async () => {
    const orderId = await running({ review_after_seconds: 86_400 });
    await world.env.sleep(DAY + HOUR);
    await desk.until(orderId, { attention: 'review' });
    const asks = stopsAsked();
    expect(await cancel(orderId)).toEqual({ ok: true, message: ASKED });
    await stopped(orderId, asks);
    await desk.until(orderId, { attention: 'none' });
  });

  it('of what cannot be stopped is refused once it was sent, and taken before', async () => {
    const orderId = await running({ cancel: false });
    const message = 'this service cannot be canceled once it has been sent';
    expect(await cancel(orderId)).toEqual({ ok: false, message });
    await desk.report(orderId, 'Completed', 0);
    await desk.until(orderId, { status: 'Completed' });
    const { claim } = await shop({ service: { cancel: false } });
    const scheduled = await claim({ scheduledAt: (await world.env.currentTimeMs()) + DAY });
    await desk.place(scheduled);
    expect((await cancel(scheduled)).ok).toBe(true);
    await desk.until(scheduled, { status: 'Canceled' });
  });

  it('of an order that has ended is refused with how it ended, and moves nothing', async () => {
    const orderId = await running({ refill_days: 30 });
    await desk.report(orderId, 'Completed', 0);
    await desk.until(orderId, { status: 'Completed' });
    expect(await cancel(orderId)).toEqual({ ok: false, message: 'the order has ended: Completed' });
    expect(await desk.books(orderId)).toMatchObject({ status: 'Completed', charge: PRICE, refunded: 0n });
  });

  it('that meets the provider’s own Completed loses: what was delivered is charged, whoever came first', async () => {
    for (let round = 0; round < 10; round += 1) {
      const orderId = await running();
      const [answer] = await Promise.all([cancel(orderId), desk.report(orderId, 'Completed', 0)]);
      expect([
        ASKED,
        'the order has ended: Completed',
        'the order has ended, its settlement is being written',
      ]).toContain(answer.message);
      await desk.until(orderId, { status: 'Completed', delivered: 1000 });
      expect(await desk.books(orderId)).toMatchObject({ charge: PRICE, refunded: 0n });
    }
  });
});
