import { afterAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../domain/order/asks.ts';
import {
  cancelSignal,
  cancelUpdate,
  pauseUpdate,
  reportSignal,
  resolveSignal,
  resolveUpdate,
  resumeUpdate,
} from '../../workflows/contract.ts';
import { ANN } from '../support/model/order-terms.ts';
import { answered } from '../support/reads/answered.ts';
import { skippingDesk } from '../support/worlds/skipping-desk.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const { world, panel, desk, shop, close } = await skippingDesk();
afterAll(close);

describe('what people do to an order', () => {
  const by = 'ann';

  it('a scheduled order waits, is canceled until it starts, and starts on time', async () => {
    const { claim } = await shop();
    const start = (await world.env.currentTimeMs()) + 3 * DAY;
    const canceled = await claim({ scheduledAt: start });
    const kept = await claim({ scheduledAt: start, link: 'https://example.com/p/2' });
    await desk.place(canceled);
    await desk.place(kept);
    await world.env.sleep(2 * DAY);
    await desk.until(kept, { status: 'Pending' });
    const answer = await desk.handle(canceled).executeUpdate(cancelUpdate, { args: [{ by, reason: 'mistake' }] });
    expect(answer).toEqual({ ok: true, message: 'the order is canceled and refunded in full' });
    await desk.until(canceled, { status: 'Canceled' });
    expect(await desk.books(canceled)).toMatchObject({ status: 'Canceled', charge: 0n, reason: 'requested' });
    const sent = panel.adds().length;
    await world.env.sleep(DAY + HOUR);
    await desk.until(kept, { status: 'In progress' });
    expect(panel.adds().length).toBe(sent + 1);
    await desk.report(kept, 'Completed', 0);
    await desk.until(kept, { status: 'Completed' });
  });

  it('a scheduled order whose service is no longer sold is given back at its start', async () => {
    const { claim, service } = await shop();
    const orderId = await claim({ scheduledAt: (await world.env.currentTimeMs()) + DAY });
    await desk.place(orderId);
    await world.sql`update services set active = false where id = ${service}`;
    await world.env.sleep(DAY + HOUR);
    await desk.until(orderId, { status: 'Canceled', reason: 'refused' });
    expect(await desk.books(orderId)).toMatchObject({ charge: 0n, refunded: 90_000_000n });
  });

  it('a cancel while delivering asks the provider, and money returns only on its word', async () => {
    const { claim } = await shop();
    const orderId = await claim();
    await desk.place(orderId);
    await desk.until(orderId, { status: 'In progress' });
    await desk.handle(orderId).signal(cancelSignal, { by, reason: 'customer asked' });
    await expect.poll(() => panel.calls.some(({ action }) => action === 'cancel')).toBe(true);
    expect(await desk.books(orderId)).toMatchObject({ status: 'In progress', refunded: 0n });
    await desk.report(orderId, 'Partial', 250);
    await desk.until(orderId, { status: 'Partial', delivered: 750 });
    expect(await desk.books(orderId)).toMatchObject({
      charge: 67_500_000n,
      refunded: 22_500_000n,
      reason: 'requested',
    });
    expect(await desk.timeline(orderId)).toEqual(
      expect.arrayContaining([`cancel.requested by ${ANN}`, 'stop.asked by provider', `order.partial by ${ANN}`]),
    );
  });

  it('the Cancel button of the Temporal UI is read as the wish to cancel', async () => {
    const { claim } = await shop();
    const orderId = await claim();
    await desk.place(orderId);
    await desk.until(orderId, { status: 'In progress' });
    await desk.handle(orderId).cancel();
    await expect
      .poll(() => desk.timeline(orderId))
      .toContain('cancel.requested by staff (Temporal UI): Request Cancellation');
    await desk.report(orderId, 'Canceled', null);
    await desk.until(orderId, { status: 'Canceled' });
  });

  it('a pause stops the cap, and the cap goes on where it stopped', async () => {
    const { claim } = await shop({ service: { review_after_seconds: 10 * 86_400 } });
    const orderId = await claim();
    await desk.place(orderId);
    await desk.until(orderId, { status: 'In progress' });
    await world.env.sleep(8 * DAY);
    await desk.handle(orderId).executeUpdate(pauseUpdate, { args: [{ by, reason: 'private' }] });
    await desk.until(orderId, { attention: 'paused', reason: 'private', status: 'In progress' });
    await world.env.sleep(30 * DAY);
    await desk.until(orderId, { attention: 'paused' });
    await desk.handle(orderId).executeUpdate(resumeUpdate, { args: [{ by, reason: 'public again' }] });
    await world.env.sleep(DAY);
    await desk.until(orderId, { attention: 'none' });
    await world.env.sleep(DAY + HOUR);
    await desk.until(orderId, { attention: 'review' });
  });

  it('a review is extended, comes back, and is settled as a person says', async () => {
    const { claim } = await shop({ service: { review_after_seconds: 86_400 } });
    const orderId = await claim();
    await desk.place(orderId);
    await desk.until(orderId, { status: 'In progress' });
    await world.env.sleep(DAY + HOUR);
    await desk.until(orderId, { attention: 'review' });
    const wrong = await answered(
      desk.handle(orderId).executeUpdate(resolveUpdate, { args: [{ by, action: 'notPlaced' }] }),
    );
    expect(wrong.ok).toBe(false);
    const longer = await desk
      .handle(orderId)
      .executeUpdate(resolveUpdate, { args: [{ by, action: 'extend', hours: 48 }] });
    expect(longer.ok).toBe(true);
    await world.env.sleep(DAY);
    await desk.until(orderId, { attention: 'none' });
    await world.env.sleep(DAY + HOUR);
    await desk.until(orderId, { attention: 'review' });
    await desk.handle(orderId).signal(resolveSignal, { by, reason: 'stuck', action: 'partial', delivered: 400 });
    await desk.until(orderId, { status: 'Partial', delivered: 400, attention: 'none' });
    expect(await desk.books(orderId)).toMatchObject({ charge: 36_000_000n, refunded: 54_000_000n });
    expect(await desk.timeline(orderId)).toContain(`order.partial by ${ANN}`);
  });

  it('what a person types wrongly does no harm and is answered', async () => {
    const { claim } = await shop();
    const orderId = await claim();
    await desk.place(orderId);
    await desk.until(orderId, { status: 'In progress' });
    const handle = desk.handle(orderId);
    for (const junk of [undefined, null, 7, 'x', [], {}, { by: 5 }, { by: '' }, { action: 'explode', by }]) {
      await handle.signal('resolve', junk);
      await handle.signal('cancel', ...(junk === undefined ? [] : [junk]));
      await handle.signal('no-such-signal', junk);
    }
    expect(await answered(handle.executeUpdate<Answer, [unknown]>('pause', { args: [{}] }))).toEqual({
      ok: false,
      message: 'by is missing: say who you are',
    });
    await handle.signal(reportSignal, {
      ...{
        batch: 1,
        version: 99_999_999_999,
        status: 'Pending',
        remains: null,
        startCount: null,
        charge: null,
        stalledSince: 1,
      },
    });
    await handle.signal('report', { batch: 1, version: 'x', status: {}, remains: Number.NaN });
    await desk.until(orderId, { attention: 'stalled' });
    for (const reason of ['a\u0000b', '\ud83d', 'x'.repeat(199).concat('😀'), '\u202e']) {
      await handle.executeUpdate(pauseUpdate, { args: [{ by, reason }] });
      await handle.executeUpdate(resumeUpdate, { args: [{ by: `${by}\u0007`, reason }] });
    }
    await desk.until(orderId, { status: 'In progress', attention: 'stalled' });
    await handle.executeUpdate(resolveUpdate, { args: [{ by, action: 'complete' }] });
    await desk.until(orderId, { status: 'Completed' });
  });

  describe('an order nobody knows the fate of', () => {
    const uncertain = async () => {
      const { claim, providers } = await shop();
      panel.onAdd = () => ({ surprise: true });
      const orderId = await claim();
      await desk.place(orderId);
      await desk.until(orderId, { attention: 'uncertain', status: 'Processing' });
      panel.onAdd = (_, number) => ({ order: 900_000 + number });
      return { orderId, providers };
    };

    it('is attached by a person and goes on', async () => {
      const { orderId } = await uncertain();
      const adds = panel.adds().length;
      await desk
        .handle(orderId)
        .executeUpdate(resolveUpdate, { args: [{ by, action: 'attach', providerOrder: '777001' }] });
      await desk.until(orderId, { status: 'In progress', attention: 'none' });
      await desk.report(orderId, 'Completed', 0);
      await desk.until(orderId, { status: 'Completed' });
      expect(panel.adds().length).toBe(adds);
    });

    it('is sent again once a person knows that it was not placed', async () => {
      const { orderId } = await uncertain();
      const adds = panel.adds().length;
      await desk.handle(orderId).executeUpdate(resolveUpdate, { args: [{ by, action: 'notPlaced' }] });
      await desk.until(orderId, { status: 'In progress', attention: 'none' });
      expect(panel.adds().length).toBe(adds + 1);
      await desk.report(orderId, 'Completed', 0);
      await desk.until(orderId, { status: 'Completed' });
    });

    it('is refunded when a person gives it up', async () => {
      const { orderId } = await uncertain();
      await desk.handle(orderId).executeUpdate(resolveUpdate, { args: [{ by, action: 'cancel' }] });
      await desk.until(orderId, { status: 'Canceled' });
      expect(await desk.books(orderId)).toMatchObject({ charge: 0n, refunded: 90_000_000n });
    });
  });
});
