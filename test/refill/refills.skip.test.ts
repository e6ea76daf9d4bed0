import { afterAll, describe, expect, it } from 'vitest';
import { refillsOf } from '../../db/refill/refills.ts';
import { refillSignal, refillUpdate, resolveUpdate } from '../../workflows/contract.ts';
import { ANN } from '../support/model/order-terms.ts';
import { answered } from '../support/reads/answered.ts';
import type { ShopOptions } from '../support/worlds/shop.ts';
import { skippingDesk } from '../support/worlds/skipping-desk.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const open = await skippingDesk();
const { world, panel, desk } = open;
afterAll(open.close);

describe('a refill', () => {
  const shop = (options: ShopOptions = {}) =>
    open.shop({ ...options, service: { refill_days: 30, ...options.service } });
  const by = 'ann';
  const ask = (orderId: number) =>
    answered(desk.handle(orderId).executeUpdate(refillUpdate, { args: [{ by, reason: 'dropped' }] }));
  const refills = async (orderId: number) =>
    (await refillsOf(world.sql, orderId, undefined, 10)).map(({ status }) => status);
  const closed = (orderId: number) =>
    expect.poll(async () => (await desk.handle(orderId).describe()).status.name).toBe('COMPLETED');

  it('is taken on day 29 and refused on day 31, counted from Completed and not from placing', async () => {
    const { claim } = await shop();
    const [early, late] = [await claim(), await claim()];
    for (const orderId of [early, late]) {
      await desk.place(orderId);
      await desk.until(orderId, { status: 'In progress' });
    }
    // Completed five days after placing.
    await world.env.sleep(5 * DAY);
    for (const orderId of [early, late]) {
      await desk.report(orderId, 'Completed', 0);
      await desk.until(orderId, { status: 'Completed' });
    }
    await world.env.sleep(29 * DAY);
    expect(await ask(early)).toMatchObject({ ok: true, refill: expect.any(Number) });
    await desk.until(early, { refill: expect.objectContaining({ status: 'In progress' }) });
    await world.env.sleep(2 * DAY);
    // The window has closed. An order with a running refill stays open until the refill ends; the other has ended.
    await closed(late);
    expect(await ask(early)).toMatchObject({ ok: false, message: expect.stringContaining('window ended') });
    await desk.refillEnded(early, 1);
    await closed(early);
    expect(await refills(early)).toEqual(['Completed']);
    expect(await desk.timeline(early)).toEqual([
      'order.accepted by system',
      'order.processing by system',
      'order.in_progress by provider',
      'order.completed by provider',
      `refill.requested by ${ANN}`,
      'refill.in_progress by provider',
      'refill.completed by provider',
    ]);
  });

  it('costs a plain order at most 30 events when nobody asks for one', async () => {
    const { claim } = await shop();
    const orderId = await claim();
    // No queries: the test server writes them into the history.
    const status = (expected: string) => expect.poll(async () => (await desk.books(orderId)).status).toBe(expected);
    await desk.place(orderId);
    await status('In progress');
    await desk.report(orderId, 'Completed', 0);
    await status('Completed');
    await world.env.sleep(31 * DAY);
    await closed(orderId);
    const { events } = await desk.handle(orderId).fetchHistory();
    expect(events?.length).toBeLessThanOrEqual(30);
  });

  it('is one at a time, with a rest between them and only so many', async () => {
    const { claim } = await shop({ service: { refill_cap: 2, refill_cooldown_seconds: 86_400 } });
    const orderId = await claim();
    await desk.completed(orderId);
    expect(await ask(orderId)).toMatchObject({ ok: true });
    expect(await ask(orderId)).toEqual({ ok: false, message: 'a refill is under way already' });
    await desk.until(orderId, { refill: expect.objectContaining({ status: 'In progress' }) });
    await desk.refillEnded(orderId, 1);
    await desk.until(orderId, { refill: null });
    expect(await ask(orderId)).toMatchObject({ ok: false, message: expect.stringContaining('next refill') });
    await world.env.sleep(DAY + HOUR);
    expect(await ask(orderId)).toMatchObject({ ok: true });
    await desk.until(orderId, { refill: expect.objectContaining({ status: 'In progress' }) });
    await desk.refillEnded(orderId, 2);
    await desk.until(orderId, { refill: null });
    await world.env.sleep(2 * DAY);
    expect(await ask(orderId)).toEqual({ ok: false, message: 'the order has used all its refills (2)' });
    expect(await refills(orderId)).toEqual(['Completed', 'Completed']);
  });

  it('is refused, with the reason, before the order is Completed and where none is sold', async () => {
    const { claim } = await shop();
    const orderId = await claim();
    await desk.place(orderId);
    await desk.until(orderId, { status: 'In progress' });
    expect(await ask(orderId)).toEqual({
      ok: false,
      message: 'only a Completed order is refilled; this one is In progress',
    });
    const { claim: without } = await shop({ service: { refill_days: 0 } });
    const other = await without();
    await desk.place(other);
    await desk.until(other, { status: 'In progress' });
    expect(await ask(other)).toEqual({ ok: false, message: 'this service is sold without refill' });
  });

  it('is taken by the signal of the Temporal UI, whatever else somebody types there', async () => {
    const { claim } = await shop();
    const orderId = await claim();
    await desk.completed(orderId);
    for (const nonsense of [undefined, null, 7, 'please', [], {}, { by: 5 }, { by: ' ' }]) {
      await desk.handle(orderId).signal(refillSignal, nonsense as never);
    }
    await expect.poll(() => desk.timeline(orderId)).toContain('refill.refused by staff (Temporal UI)');
    expect((await desk.until(orderId, { status: 'Completed' })).refill).toBeNull();
    await desk.handle(orderId).signal(refillSignal, { by });
    await desk.until(orderId, { refill: expect.objectContaining({ status: 'In progress' }) });
    await desk.refillEnded(orderId, 1);
    await desk.until(orderId, { refill: null, attention: 'none' });
  });

  describe('that the provider does not make', () => {
    it('waits for a person, who closes it as done', async () => {
      panel.onRefill = () => ({ error: 'Order not eligible for refill.' });
      const { claim } = await shop();
      const orderId = await claim();
      await desk.completed(orderId);
      expect(await ask(orderId)).toMatchObject({ ok: true });
      await desk.until(orderId, { attention: 'review' });
      const resolve = (action: object) =>
        answered(
          desk.handle(orderId).executeUpdate(resolveUpdate, { args: [{ by, reason: 'seen', ...action } as never] }),
        );
      expect(await resolve({ action: 'extend', hours: 4 })).toMatchObject({ ok: false });
      expect(await resolve({ action: 'redispatch' })).toMatchObject({ ok: false });
      expect(await resolve({ action: 'complete' })).toMatchObject({ ok: true });
      await desk.until(orderId, { attention: 'none', refill: null, status: 'Completed' });
      expect(await refills(orderId)).toEqual(['Completed']);
    });

    it('is given back in money where a person says how much counts', async () => {
      panel.onRefill = () => ({ error: 'Order not eligible for refill.' });
      const { claim } = await shop();
      const orderId = await claim();
      await desk.completed(orderId);
      await ask(orderId);
      await desk.until(orderId, { attention: 'review' });
      const answer = await desk
        .handle(orderId)
        .executeUpdate(resolveUpdate, { args: [{ by, reason: 'gone', action: 'partial', delivered: 600 }] });
      expect(answer).toMatchObject({ ok: true });
      await desk.until(orderId, { attention: 'none', refill: null, status: 'Partial', delivered: 600 });
      expect(await desk.books(orderId)).toMatchObject({
        status: 'Partial',
        charge: 54_000_000n,
        refunded: 36_000_000n,
      });
      expect(await refills(orderId)).toEqual(['Rejected']);
    });
  });
});
