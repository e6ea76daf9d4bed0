import { afterAll, describe, expect, it } from 'vitest';
import { cancelUpdate, pauseUpdate, resumeUpdate } from '../../workflows/contract.ts';
import type { Shop, ShopOptions } from '../support/worlds/shop.ts';
import { skippingDesk } from '../support/worlds/skipping-desk.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const open = await skippingDesk();
const { world, panel, second, desk } = open;
afterAll(open.close);

describe('a drip-feed', () => {
  const shop = (options: ShopOptions = {}) =>
    open.shop({ balance: '100000', providers: [panel.url, second.url], ...options });
  const by = 'ann';

  /** Waits until a batch runs at the provider. */
  const running = (orderId: number, batch: number) =>
    expect
      .poll(async () => (await world.view(orderId)).batches.find((one) => one.batch === batch)?.state)
      .toBe('running');

  /** Completes running batches again and again until the order has ended. */
  const ended = (place: Shop, orderId: number, status: string) =>
    expect
      .poll(async () => {
        await desk.completeRunning(place, orderId);
        return (await world.view(orderId)).status;
      })
      .toBe(status);

  const begun = (orderId: number, runs: number) => desk.until(orderId, { runsBegun: runs });

  it('sends each run when it is due and completes with the last one', async () => {
    const place = await shop();
    const orderId = await place.claim({ quantity: 100, dripFeed: { runs: 3, intervalMinutes: 60 } });
    await desk.place(orderId);
    await begun(orderId, 1);
    await desk.until(orderId, { status: 'In progress' });
    await world.env.sleep(59 * MINUTE);
    await begun(orderId, 1);
    await world.env.sleep(2 * MINUTE);
    await begun(orderId, 2);
    // The next run is sent when due, although the first is unfinished.
    await world.env.sleep(HOUR);
    await begun(orderId, 3);
    await desk.report(orderId, 'Completed', 0, 1);
    await desk.report(orderId, 'Completed', 0, 3);
    await desk.until(orderId, { status: 'In progress' });
    await desk.report(orderId, 'Completed', 0, 2);
    await desk.until(orderId, { status: 'Completed', delivered: 300, charge: '0.27', refunded: '0' });
  });

  it('costs at most twelve events for each further run that simply completes', async () => {
    const place = await shop();
    const orderId = await place.claim({ quantity: 100, dripFeed: { runs: 5, intervalMinutes: 60 } });
    await desk.place(orderId);
    for (let run = 1; run < 5; run += 1) {
      await running(orderId, run);
      await desk.completeRunning(place, orderId);
      await world.env.sleep(61 * MINUTE);
    }
    await running(orderId, 5);
    await ended(place, orderId, 'Completed');
    const { events } = await desk.handle(orderId).fetchHistory();
    expect(events?.length).toBeLessThanOrEqual(24 + 4 * 12);
  });

  it('never bursts after a pause: what was missed is sent once, and the rest shifts', async () => {
    const place = await shop();
    const orderId = await place.claim({ quantity: 100, dripFeed: { runs: 5, intervalMinutes: 60 } });
    await desk.place(orderId);
    await begun(orderId, 1);
    await desk.until(orderId, { status: 'In progress' });
    await desk.handle(orderId).executeUpdate(pauseUpdate, { args: [{ by, reason: 'private' }] });
    await world.env.sleep(10 * HOUR);
    await begun(orderId, 1);
    await desk.handle(orderId).executeUpdate(resumeUpdate, { args: [{ by }] });
    await begun(orderId, 2);
    await world.env.sleep(59 * MINUTE);
    await begun(orderId, 2);
    await world.env.sleep(2 * MINUTE);
    await begun(orderId, 3);
  });

  it('canceled in the middle, stops what runs, never sends the rest and pays for what was delivered', async () => {
    const place = await shop();
    const link = 'https://example.com/canceled-in-the-middle';
    const adds = () => [...panel.adds(), ...second.adds()].filter((add) => add.link === link).length;
    const orderId = await place.claim({ link, quantity: 100, dripFeed: { runs: 10, intervalMinutes: 60 } });
    await desk.place(orderId);
    await begun(orderId, 1);
    await desk.until(orderId, { status: 'In progress' });
    await desk.completeRunning(place, orderId);
    await world.env.sleep(61 * MINUTE);
    await running(orderId, 2);
    await desk.handle(orderId).executeUpdate(cancelUpdate, { args: [{ by, reason: 'enough' }] });
    await world.env.sleep(DAY);
    expect(adds()).toBe(2);
    await desk.report(orderId, 'Canceled', 70, 2);
    await desk.until(orderId, { status: 'Partial', delivered: 130, reason: 'requested' });
  });

  it('sends the missing part of a run again where the service says so', async () => {
    const place = await shop({ service: { after_failed_run: 'retry' } });
    const orderId = await place.claim({ quantity: 100, dripFeed: { runs: 2, intervalMinutes: 60 } });
    await desk.place(orderId);
    await desk.until(orderId, { status: 'In progress' });
    await desk.report(orderId, 'Partial', 30, 1);
    await expect
      .poll(() =>
        panel
          .adds()
          .concat(second.adds())
          .some(({ quantity }) => quantity === '30'),
      )
      .toBe(true);
    await world.env.sleep(61 * MINUTE);
    await begun(orderId, 2);
    await running(orderId, 3);
    await desk.completeRunning(place, orderId);
    await desk.until(orderId, { status: 'Completed', delivered: 200 });
  });
});
