import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { cancelUpdate, pauseUpdate, resolveUpdate, resumeUpdate } from '../../workflows/contract.ts';
import type { ScriptedPanel } from '../support/peers/panel.ts';
import { answered } from '../support/reads/answered.ts';
import { skippingDesk } from '../support/worlds/skipping-desk.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const by = 'ann';

const { world, panel, second, desk, shop, close } = await skippingDesk();
afterAll(close);

describe('an order that waits', () => {
  /** Usual answer of both providers: accepts, with ids that count up. */
  const takes = (_: unknown, number: number) => ({ order: 5_000 + number });
  const noFunds = () => ({ error: 'neworder.error.not_enough_funds' });

  beforeEach(() => {
    for (const one of [panel, second]) one.onAdd = takes;
  });
  const addsOf = async (one: ScriptedPanel, orderId: number) => {
    const [row] = await world.sql<{ link: string }[]>`select link from orders where id = ${orderId}`;
    return one.adds().filter(({ link }) => link === row?.link).length;
  };
  const openAlerts = async (provider: number | undefined) =>
    (
      await world.sql`select detail from alerts where subject = ${`provider:${provider ?? 0}`} and resolved_at is null`
    ).map(({ detail }) => detail);
  const link = (name: string) => `https://example.com/waits/${name}`;

  it('through a pause of its only provider is sent when the provider works again', async () => {
    const { claim, providers } = await shop();
    panel.onAdd = noFunds;
    const orderId = await claim({ link: link('funds') });
    await desk.place(orderId);
    await desk.until(orderId, { status: 'Processing', attention: 'none' });
    await world.env.sleep(HOUR);
    // Retries after 30 s, 1, 2, 4, 8 and then every 15 minutes, each a little later.
    const tries = await addsOf(panel, orderId);
    expect(tries).toBeGreaterThanOrEqual(6);
    expect(tries).toBeLessThanOrEqual(9);
    expect(await openAlerts(providers[0])).toEqual(['funds']);
    panel.onAdd = takes;
    await world.env.sleep(16 * MINUTE);
    await desk.until(orderId, { status: 'In progress' });
    expect(await openAlerts(providers[0])).toEqual([]);
    await desk.report(orderId, 'Completed', 0);
    await desk.until(orderId, { status: 'Completed' });
  });

  it('costs a provider that is paused for others nothing, and stays Pending', async () => {
    const { claim, providers } = await shop();
    await world.sql`update providers set paused_until = ${new Date((await world.env.currentTimeMs()) + 40 * MINUTE)},
      pause_reason = 'staff' where id = ${providers[0] ?? 0}`;
    const orderId = await claim({ link: link('never-tried') });
    await desk.place(orderId);
    await world.env.sleep(39 * MINUTE);
    await desk.until(orderId, { status: 'Pending', batches: [expect.objectContaining({ attempt: 1 })] as never });
    expect(await addsOf(panel, orderId)).toBe(0);
    await world.env.sleep(3 * MINUTE);
    await desk.until(orderId, { status: 'In progress' });
    expect(await addsOf(panel, orderId)).toBe(1);
  });

  it('for nothing moves to the second route at once', async () => {
    const { claim, providers } = await shop({ providers: [panel.url, second.url] });
    panel.onAdd = () => ({ error: 'Invalid API key' });
    const [first, next] = [await claim({ link: link('second') }), await claim({ link: link('second-too') })];
    await desk.place(first);
    await desk.until(first, {
      status: 'In progress',
      batches: [expect.objectContaining({ provider: providers[1] })] as never,
    });
    await desk.place(next);
    await desk.until(next, {
      status: 'In progress',
      batches: [expect.objectContaining({ provider: providers[1] })] as never,
    });
    expect([await addsOf(panel, first), await addsOf(panel, next)]).toEqual([1, 0]);
    expect(await openAlerts(providers[0])).toEqual(['key']);
  });

  it('for as long as its service allows is shown to a person, and extended or given back', async () => {
    const { claim } = await shop({ service: { review_after_seconds: (2 * HOUR) / 1_000 } });
    panel.onAdd = noFunds;
    const orderId = await claim({ link: link('review') });
    await desk.place(orderId);
    await world.env.sleep(HOUR);
    await desk.until(orderId, { attention: 'none' });
    await world.env.sleep(HOUR + MINUTE);
    await desk.until(orderId, { attention: 'review', status: 'Processing' });
    const [event] = await world.sql`select data from events where order_id = ${orderId} and type = 'order.review'`;
    expect(event).toEqual({ data: { why: 'no provider takes the order' } });
    const decide = (action: object) =>
      answered(
        desk.handle(orderId).executeUpdate(resolveUpdate, { args: [{ by, reason: 'looked', ...action } as never] }),
      );
    expect(await decide({ action: 'redispatch' })).toEqual({
      ok: false,
      message: 'redispatch is not possible: no provider has the order',
    });
    expect(await decide({ action: 'extend', hours: 1 })).toMatchObject({ ok: true });
    await world.env.sleep(HOUR / 2);
    await desk.until(orderId, { attention: 'none' });
    await world.env.sleep(HOUR / 2 + MINUTE);
    await desk.until(orderId, { attention: 'review' });
    expect(await decide({ action: 'cancel' })).toMatchObject({ ok: true });
    await desk.until(orderId, { status: 'Canceled' });
    expect(await desk.books(orderId)).toMatchObject({ charge: 0n, refunded: 90_000_000n });
  });

  describe('behind another for its link', () => {
    const queue = async (name: string) => {
      const { claim } = await shop({ service: { duplicate_link: 'queue' } });
      const ids: number[] = [];
      for (let number = 0; number < 3; number += 1) {
        const id = await claim({ link: link(name) });
        await desk.place(id);
        ids.push(id);
      }
      const [one = 0, two = 0, three = 0] = ids;
      await desk.until(one, { status: 'In progress' });
      for (const id of [two, three]) await desk.until(id, { status: 'Pending', queued: true });
      return { one, two, three };
    };

    it('is sent as soon as that has ended, one after the other', async () => {
      const { one, two, three } = await queue('queue');
      // The waiting orders check every quarter of an hour. No skip may end at such a time, see SkippingWorld.
      await world.env.sleep(5 * HOUR + 7 * MINUTE);
      expect(await addsOf(panel, one)).toBe(1);
      await desk.report(one, 'Completed', 0);
      await desk.until(two, { status: 'In progress', queued: false });
      await desk.until(three, { status: 'Pending', queued: true });
      await desk.report(two, 'Partial', 400);
      await desk.until(three, { status: 'In progress' });
      await desk.report(three, 'Completed', 0);
      await desk.until(three, { status: 'Completed' });
      expect(await addsOf(panel, one)).toBe(3);
      expect(await desk.timeline(three)).toEqual([
        'order.accepted by system',
        'order.queued by system',
        'order.processing by system',
        'order.in_progress by provider',
        'order.completed by provider',
      ]);
    });

    it('is canceled at once, and who stands behind it moves up', async () => {
      const { one, two, three } = await queue('left');
      const answer = await desk.handle(two).executeUpdate(cancelUpdate, { args: [{ by, reason: 'enough' }] });
      expect(answer.message).toContain('refunded in full');
      await desk.until(two, { status: 'Canceled' });
      await desk.until(three, { status: 'Pending', queued: true });
      await desk.report(one, 'Completed', 0);
      await desk.until(three, { status: 'In progress' });
      expect(await desk.books(two)).toMatchObject({ charge: 0n, refunded: 90_000_000n, reason: 'requested' });
    });

    it('is sent when it is resumed, if its turn came while it was paused', async () => {
      const { one, two, three } = await queue('paused');
      await desk.handle(two).executeUpdate(pauseUpdate, { args: [{ by, reason: 'private' }] });
      await desk.until(two, { attention: 'paused' });
      await desk.report(one, 'Completed', 0);
      await desk.until(three, { status: 'In progress' });
      await desk.report(three, 'Completed', 0);
      await desk.until(three, { status: 'Completed' });
      await desk.handle(two).executeUpdate(resumeUpdate, { args: [{ by }] });
      await desk.until(two, { status: 'In progress', queued: false });
    });

    it('finds out by itself when nobody told it', async () => {
      const { one, two } = await queue('untold');
      await desk.handle(one).terminate('lost');
      await world.sql`select settle_order(${one}, 'Canceled', 0, 'unknown', 'system', clock_timestamp(), '[]', '[]', true)`;
      await desk.until(two, { status: 'Pending', queued: true });
      await world.env.sleep(HOUR + 7 * MINUTE);
      await desk.until(two, { status: 'In progress' });
    });
  });
});
