import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, describe, expect, it } from 'vitest';
import type { BatchReport } from '../../db/delivery/reports.ts';
import type { ScriptedPanel } from '../support/peers/panel.ts';
import { scaled } from '../support/run/scale.ts';
import type { Shop, ShopOptions } from '../support/worlds/shop.ts';
import { skippingDesk } from '../support/worlds/skipping-desk.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/**
 * Time between two watch rounds. The test server drops a connection that waits for more than a minute; the client then repeats its
 * request, and the time is skipped twice. So one skip has at most 144 runs.
 */
const LOOK_EVERY = DAY;

/** One run every hour. */
const DAYS = scaled({ gate: 5, release: 30 });
const HOURLY = DAYS * 24;

/** Thousands of runs take minutes, and far more on a busy machine. */
const LIMIT_MS = scaled({ gate: 180_000, release: 1_800_000 });

/** One run every ten minutes. The short form continues as new after fewer events, so that it does so as often. */
const MANY = scaled<{ runs: number; continueAfterEvents?: number }>({
  gate: { runs: 240, continueAfterEvents: 300 },
  release: { runs: 5000 },
});
/** Numbers of the runs that do not complete. */
const ODD = {
  refused: Math.round(MANY.runs * 0.2),
  partial: Math.round(MANY.runs * 0.4),
  canceled: Math.round(MANY.runs * 0.7),
};

/**
 * These tests do not query orders. The test server loses a query that meets a continue-as-new, and its clock then stands still. A
 * query of an ended order also replays its whole history.
 */
type Events = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>;

const open = await skippingDesk();
const { world, panel, second, desk } = open;
afterAll(open.close);

describe('a long drip-feed', () => {
  const shop = (options: ShopOptions = {}) =>
    open.shop({ balance: '1000000', providers: [panel.url, second.url], ...options });

  /** Waits until `runs` runs have been sent and no activity is pending. */
  const begun = (orderId: number, runs: number) =>
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

  /** Lets time pass until the last run has begun. Completes the running batches every LOOK_EVERY. */
  async function begunToTheLast(
    place: Shop,
    orderId: number,
    { runs, every }: { runs: number; every: number },
    said: (batch: number) => Partial<BatchReport>,
  ): Promise<void> {
    await begun(orderId, 1);
    // From here on, every skip ends halfway between two runs, see SkippingWorld.
    await world.env.sleep(every / 2);
    let runsBegun = 1;
    while (runsBegun < runs) {
      // The last run begins after all others have completed: once every run has begun, the watch signals each end.
      const next = Math.min(Math.floor(LOOK_EVERY / every), Math.max(runs - 1 - runsBegun, 1));
      await world.env.sleep(next * every);
      runsBegun += next;
      await begun(orderId, runsBegun);
      await desk.completeRunning(place, orderId, said);
    }
  }

  const ended = (place: Shop, orderId: number, status: string) =>
    expect
      .poll(
        async () => {
          await desk.completeRunning(place, orderId);
          return (await desk.books(orderId)).status;
        },
        { timeout: 20_000 },
      )
      .toBe(status);

  const batches = (orderId: number) => world.sql<
    { batch: number; delivered: number; provider: number | null; acceptedAt: Date; sends: number }[]
  >`
    select batch, delivered::integer as delivered, provider_id as provider, accepted_at as "acceptedAt",
           (select coalesce(sum(sends), 0)::integer from attempts a where a.order_id = b.order_id and a.batch = b.batch) as sends
      from batches b where order_id = ${orderId} order by batch`;

  /** The histories of an order's workflow, across its continue-as-new, the last one first. */
  async function histories(orderId: number): Promise<Events[]> {
    const chain: Events[] = [];
    let runId: string | null | undefined;
    do {
      const handle = world.env.client.workflow.getHandle(desk.handle(orderId).workflowId, runId ?? undefined);
      const events = (await handle.fetchHistory()).events ?? [];
      chain.push(events);
      runId = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
    } while (runId);
    return chain;
  }

  it('of days and hourly runs settles exactly, with a partial run, a refused one and a failover', async () => {
    const place = await shop({ service: { min: 10, rate: 12_345n as unknown as number } });
    const orderId = await place.claim({ quantity: 100, dripFeed: { runs: HOURLY, intervalMinutes: 60 } });
    let adds = 0;
    panel.onAdd = (_, number) => {
      adds += 1;
      // The first provider refuses the 30th run, which goes to the second. Both refuse the 60th.
      return adds === 30 || adds === 60 ? { error: 'neworder.error.link' } : { order: 100_000 + number };
    };
    second.onAdd = (_, number) => (adds === 60 ? { error: 'Incorrect service ID' } : { order: 200_000 + number });
    await desk.place(orderId);
    await begunToTheLast(place, orderId, { runs: HOURLY, every: HOUR }, (batch) =>
      batch === 90 ? { status: 'Partial', remains: 40 } : {},
    );
    expect(adds).toBe(HOURLY);
    await ended(place, orderId, 'Partial');
    // One run delivered 60 of 100, one nothing.
    const delivered = (HOURLY - 2) * 100 + 60;
    const price = 12_345n * BigInt(HOURLY * 100);
    expect(await desk.books(orderId)).toMatchObject({
      price,
      charge: 12_345n * BigInt(delivered),
      refunded: price - 12_345n * BigInt(delivered),
    });
    const runs = await batches(orderId);
    expect(runs.filter((run) => run.delivered !== 100)).toMatchObject([
      { batch: 60, delivered: 0, provider: null },
      { batch: 90, delivered: 60 },
    ]);
    expect(runs.filter(({ provider }) => provider === place.providers[1])).toMatchObject([{ batch: 30 }]);
  });

  it(
    'of thousands of runs passes through continue-as-new again and again and keeps every number',
    async () => {
      const link = 'https://example.com/thousands-of-runs';
      const { runs: count, continueAfterEvents } = MANY;
      const place = await shop({});
      const every = 10 * MINUTE;
      const orderId = await place.claim({ link, quantity: 10, dripFeed: { runs: count, intervalMinutes: 10 } });
      const addsOf = (one: ScriptedPanel) => one.adds().filter((add) => add.link === link).length;
      panel.onAdd = (_, number) =>
        addsOf(panel) === ODD.refused ? { error: 'neworder.error.link' } : { order: 1_000_000 + number };
      second.onAdd = () => ({ error: 'Incorrect service ID' });
      await desk.place(orderId, continueAfterEvents);
      await begunToTheLast(place, orderId, { runs: count, every }, (batch) => {
        if (batch === ODD.partial) return { status: 'Partial', remains: 4 };
        return batch === ODD.canceled ? { status: 'Canceled', remains: 10 } : {};
      });
      await ended(place, orderId, 'Partial');
      expect([addsOf(panel), addsOf(second)]).toEqual([count, 1]);
      // One run delivered 6 of 10, two nothing. One item costs 0.0009.
      expect(await desk.books(orderId)).toMatchObject({
        price: BigInt(count) * 10n * 90_000n,
        charge: (BigInt(count) * 10n - 24n) * 90_000n,
        refunded: 24n * 90_000n,
      });
      const runs = await batches(orderId);
      expect(runs.map(({ batch }) => batch)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
      expect(runs.filter((run) => run.delivered !== 10 || run.sends !== 1)).toMatchObject([
        { batch: ODD.refused, delivered: 0, sends: 2, provider: null },
        { batch: ODD.partial, delivered: 6, sends: 1 },
        { batch: ODD.canceled, delivered: 0, sends: 1 },
      ]);
      // The last run is still on the planned schedule.
      const [first, last] = [runs[0], runs.at(-1)];
      const elapsed = (last?.acceptedAt.getTime() ?? 0) - (first?.acceptedAt.getTime() ?? 0);
      expect(Math.round(elapsed / every)).toBe(count - 1);
      const lives = await histories(orderId);
      expect(lives.length).toBeGreaterThan(5);
      for (const events of lives) {
        const sends = events.filter((event) => event.activityTaskScheduledEventAttributes).length;
        expect(events.length).toBeLessThanOrEqual(24 + 12 * sends);
        expect(sends).toBeLessThan(1000);
      }
    },
    LIMIT_MS,
  );
});
