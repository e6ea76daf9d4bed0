import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dueReports, markReported, recordReports, runningBatches } from '../../db/batches.ts';
import { verifyLedger } from '../../db/ledger.ts';
import { cancelUpdate, pauseUpdate, reportSignal, resumeUpdate } from '../../workflows/messages.ts';
import { Desk } from '../setup/desk.ts';
import { type ScriptedPanel, scriptedPanel } from '../setup/panel.ts';
import { openShop, type Shop, type ShopOptions } from '../setup/shop.ts';
import { type SkippingWorld, skippingWorld } from '../setup/timeskip.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('a drip-feed', () => {
  let world: SkippingWorld;
  let panel: ScriptedPanel;
  let second: ScriptedPanel;
  let desk: Desk;

  beforeAll(async () => {
    world = await skippingWorld();
    [panel, second] = await Promise.all([scriptedPanel(), scriptedPanel()]);
    desk = new Desk(world);
  });
  afterAll(async () => {
    expect(await verifyLedger(world.sql)).toEqual([]);
    await Promise.all([panel.close(), second.close()]);
    await world.close();
  });

  const shop = (options: ShopOptions = {}): Promise<Shop> =>
    openShop(world.sql, {
      balance: '100000',
      providers: [panel.url, second.url],
      masterKey: world.masterKey,
      ...options,
    });
  const by = 'ann';

  /** What `watch` does when a provider says of all running batches that they are done: clean runs end without a word. */
  async function completeRunning({ providers }: Shop, orderId: number): Promise<void> {
    for (const provider of providers) {
      const running = (await runningBatches(world.sql, provider)).filter((batch) => batch.orderId === orderId);
      const said = { status: 'Completed', remains: 0, startCount: 5, charge: '0.05' } as const;
      const reports = running.map((batch) => ({ ...batch, ...said }));
      await recordReports(world.sql, provider, reports, new Date());
      const due = await dueReports(world.sql, provider, 30);
      for (const { orderId: order, ...report } of due) await desk.handle(order).signal(reportSignal, report);
      await markReported(world.sql, due);
    }
  }

  /** Waits until the provider has accepted a batch. */
  const running = (orderId: number, batch: number) =>
    expect
      .poll(async () => (await world.view(orderId)).batches.find((one) => one.batch === batch)?.state, {
        timeout: 10_000,
      })
      .toBe('running');

  /** The same without a query: the test server loses one that meets a continue-as-new, and its clock stands still then. */
  const sent = (orderId: number, runs: number) =>
    expect
      .poll(
        async () => {
          const [row] = await world.sql`select count(*)::integer as runs from batches where order_id = ${orderId}`;
          const { raw } = await desk.handle(orderId).describe();
          return { runs: row?.runs, busy: raw.pendingActivities?.length ?? 0 };
        },
        { timeout: 20_000 },
      )
      .toEqual({ runs, busy: 0 });

  /** Lets the provider complete whatever runs until the order has ended. */
  const ended = (place: Shop, orderId: number, status: string) =>
    expect
      .poll(
        async () => {
          await completeRunning(place, orderId);
          return (await world.view(orderId)).status;
        },
        { timeout: 10_000 },
      )
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
    // The first run is still unfinished: the next is due all the same.
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
      await completeRunning(place, orderId);
      await world.env.sleep(61 * MINUTE);
    }
    await running(orderId, 5);
    await ended(place, orderId, 'Completed');
    const { events } = await desk.handle(orderId).fetchHistory();
    expect(events?.length).toBeLessThanOrEqual(24 + 4 * 12);
  });

  it('of 30 days and 720 runs settles exactly, with a partial run, a refused one and a failover', async () => {
    const place = await shop({ service: { min: 10, rate: 12_345n as unknown as number } });
    const orderId = await place.claim({ quantity: 100, dripFeed: { runs: 720, intervalMinutes: 60 } });
    const sent = panel.adds().length;
    let adds = 0;
    panel.onAdd = (_, number) => {
      adds += 1;
      // The 100th run is refused here and goes to the second provider; the 200th is refused by both.
      return adds === 100 || adds === 200 ? { error: 'neworder.error.link' } : { order: 100_000 + number };
    };
    second.onAdd = (_, number) => (adds === 200 ? { error: 'Incorrect service ID' } : { order: 200_000 + number });
    await desk.place(orderId);
    await begun(orderId, 1);
    for (let day = 1; day <= 30; day += 1) {
      await world.env.sleep(DAY);
      await begun(orderId, Math.min(24 * day + 1, 720));
      if (day === 10) await desk.report(orderId, 'Partial', 40, 230);
      if (day === 10) await desk.until(orderId, { status: 'In progress' });
      await completeRunning(place, orderId);
    }
    panel.onAdd = (_, number) => ({ order: 100_000 + number });
    second.onAdd = (_, number) => ({ order: 200_000 + number });
    await expect.poll(() => panel.adds().length - sent).toBe(720);
    await ended(place, orderId, 'Partial');
    // 718 whole runs, one with 60 of 100, one with nothing.
    const delivered = 718 * 100 + 60;
    const price = 12_345n * 72_000n;
    await desk.until(orderId, { status: 'Partial', delivered });
    expect(await desk.books(orderId)).toMatchObject({
      price,
      charge: 12_345n * BigInt(delivered),
      refunded: price - 12_345n * BigInt(delivered),
    });
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
    await completeRunning(place, orderId);
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
    await completeRunning(place, orderId);
    await desk.until(orderId, { status: 'Completed', delivered: 200 });
  });

  it('of 400 runs passes through continue-as-new and keeps every number', async () => {
    const place = await shop({ balance: '1000000', service: { review_after_seconds: 1_000_000_000 } });
    const orderId = await place.claim({ quantity: 10, dripFeed: { runs: 400, intervalMinutes: 10 } });
    await desk.place(orderId, 400);
    for (let hours = 0; hours < 400 / 6; hours += 6) {
      await world.env.sleep(6 * HOUR);
      await sent(orderId, Math.min(Math.floor((hours + 6) * 6) + 1, 400));
      await completeRunning(place, orderId);
    }
    await ended(place, orderId, 'Completed');
    await desk.until(orderId, { status: 'Completed', delivered: 4000, charge: '3.6' });
    const last = await desk.handle(orderId).fetchHistory();
    expect(last.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId).not.toBe('');
    expect(last.events?.length).toBeLessThan(500);
  });
});
