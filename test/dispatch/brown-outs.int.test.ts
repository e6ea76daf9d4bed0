import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { type RunningProvider, startProvider } from '../../dev/provider/provider.ts';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { placeClaim } from '../support/reads/place.ts';
import { first } from '../support/run/scale.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

// A short deadline for sends, so that a hanging provider is noticed soon.
vi.mock('../../domain/limits.ts', async (original) => {
  const limits = await original<typeof import('../../domain/limits.ts')>();
  return { ...limits, DEADLINES: { ...limits.DEADLINES, send: 8_000 } };
});

describe('a brown-out of a provider, on real engines', () => {
  let world: World;
  let second: RunningProvider;
  beforeAll(async () => {
    world = await realWorld();
    second = await startProvider({ key: 'upstream-key', firstOrder: 700_001 });
    await world.startWorkers();
  });
  beforeEach(() => world.provider.disarm());
  afterAll(async () => {
    expect(await verifyLedger(world.sql)).toEqual([]);
    await world.close();
    await second.stop();
  });

  const link = (name: string, n: number) =>
    `https://example.com/brown-outs/${encodeURIComponent(name)}/${n}?sim=seconds:1`;
  const orderOf = async (id: number) =>
    (
      await world.sql<{ status: string; attention: string }[]>`select status, attention from orders where id = ${id}`
    )[0];
  /** Waits until an order has been sent. Returns whether the outcome is certain. */
  const sent = async (id: number) => {
    await expect
      .poll(async () => {
        const order = await orderOf(id);
        return order?.attention === 'uncertain' || !['Pending', 'Processing'].includes(order?.status ?? 'Pending');
      }, LONG)
      .toBe(true);
    return (await orderOf(id))?.attention === 'uncertain' ? 'uncertain' : 'taken';
  };
  /** How many of these orders are uncertain. Waits until all others complete. */
  const uncertainOf = async (ids: readonly number[]) => {
    const outcomes = await Promise.all(ids.map(sent));
    const taken = ids.filter((_, n) => outcomes[n] === 'taken');
    for (const id of taken) await expect.poll(async () => (await orderOf(id))?.status, LONG).toBe('Completed');
    return ids.length - taken.length;
  };
  const alertsOf = async (provider: number) =>
    world.sql`select kind, detail, resolved_at is null as open from alerts where subject = ${`provider:${provider}`}`;
  const pauseOver = (provider: number) =>
    world.sql`update providers set paused_until = clock_timestamp() where id = ${provider}`;
  const reasonOf = async (provider: number) =>
    (await world.sql`select pause_reason as reason from providers where id = ${provider}`)[0]?.reason;
  const LONG = { timeout: 45_000, interval: 100 };

  it.each(first(2, ['http:502', 'hang', 'accept-drop', 'error:Sorry, we had a hiccup']))(
    'of the kind %s costs 4 uncertain orders at most: the next route completes the rest, with one alert, and it ends by itself',
    async (fault) => {
      const { claim, providers } = await world.shop({ providers: [world.provider.apiUrl, second.apiUrl] });
      const [provider = 0] = providers;
      world.provider.arm({ fault, action: 'add', times: 1_000 });
      const ids: number[] = [];
      for (let n = 1; n <= 14; n += 1) {
        const id = await claim({ link: link(fault, n) });
        await placeClaim(world.sql, world.temporal, id);
        await sent(id);
        ids.push(id);
      }
      const uncertain = await uncertainOf(ids);
      expect([3, 4]).toContain(uncertain);
      expect(await alertsOf(provider)).toEqual([{ kind: 'provider_paused', detail: 'trouble', open: true }]);
      expect(
        world.provider.adds().filter(({ fields }) => fields.link?.includes(encodeURIComponent(fault))).length,
      ).toBe(uncertain);

      world.provider.disarm();
      await pauseOver(provider);
      const probe = await claim({ link: link(fault, 15) });
      await placeClaim(world.sql, world.temporal, probe);
      expect(await uncertainOf([probe])).toBe(0);
      expect(world.provider.orders(link(fault, 15)).length).toBe(1);
      expect(await alertsOf(provider)).toEqual([{ kind: 'provider_paused', detail: 'trouble', open: false }]);
    },
  );

  it('costs orders that are placed at once no more than its bound of sends, and two', async () => {
    const { claim, providers } = await world.shop({ providers: [world.provider.apiUrl, second.apiUrl] });
    const [provider = 0] = providers;
    await world.sql`update providers set profile = '{"maxParallelSends": 5}' where id = ${provider}`;
    world.provider.arm({ fault: 'http:502', action: 'add', times: 1_000 });
    const ids = await Promise.all(Array.from({ length: 30 }, (_, n) => claim({ link: link('at once', n) })));
    await Promise.all(ids.map((id) => placeClaim(world.sql, world.temporal, id)));
    const uncertain = await uncertainOf(ids);
    expect(uncertain).toBeGreaterThanOrEqual(3);
    expect(uncertain).toBeLessThanOrEqual(3 - 1 + 5);
    expect((await alertsOf(provider)).length).toBe(1);
  });

  describe('that is the only route', () => {
    let panel: ScriptedPanel;
    beforeAll(async () => {
      panel = await scriptedPanel();
    });
    afterAll(() => panel.close());

    it('lets the orders that come later wait, is probed by one of them, and takes all once it works', async () => {
      const { claim, providers } = await world.shop({ providers: [panel.url] });
      const [provider = 0] = providers;
      panel.onAdd = () => ({ error: 'internal hiccup' });
      for (let n = 1; n <= 3; n += 1) {
        const id = await claim({ link: link('only', n) });
        await placeClaim(world.sql, world.temporal, id);
        expect(await sent(id)).toBe('uncertain');
      }
      // Shorten the pause.
      await world.sql`update providers set paused_until = clock_timestamp() + interval '20 seconds' where id = ${provider}`;
      const waiting = await Promise.all([4, 5, 6, 7].map((n) => claim({ link: link('only', n) })));
      await Promise.all(waiting.map((id) => placeClaim(world.sql, world.temporal, id)));
      const whole = { ids: waiting.map(String) };
      const waits = () => world.sql`
        select status, attention, (select count(*)::integer from attempts where order_id = orders.id) as attempts
          from orders where id = any(${whole.ids}::bigint[])`;
      await expect
        .poll(
          async () =>
            (
              await world.sql`
        select 1 from batches where order_id = any(${whole.ids}::bigint[]) and review_at is not null`
            ).length,
          LONG,
        )
        .toBe(4);
      expect(await waits()).toEqual(waiting.map(() => ({ status: 'Pending', attention: 'none', attempts: 0 })));

      // The provider works again. Until it has accepted an order, only one order may probe it.
      let answer = (_: { order: number }): void => {};
      let held = 0;
      panel.onAdd = (_, number) => {
        held += 1;
        if (held > 1) return { order: 5000 + number };
        return new Promise((resolve) => {
          answer = () => resolve({ order: 5000 + number });
        });
      };
      await pauseOver(provider);
      await expect.poll(() => held, { timeout: 60_000 }).toBe(1);
      expect((await waits()).filter(({ attempts }) => attempts === 1).length).toBe(1);
      expect(await reasonOf(provider)).toBe('trouble');
      answer({ order: 0 });
      await expect
        .poll(async () => (await waits()).map(({ status }) => status), { timeout: 90_000 })
        .toEqual(waiting.map(() => 'In progress'));
      expect(await alertsOf(provider)).toEqual([{ kind: 'provider_paused', detail: 'trouble', open: false }]);
      expect(panel.adds().length).toBe(3 + 4);
    });
  });
});
