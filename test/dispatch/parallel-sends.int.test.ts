import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { placeClaim } from '../support/reads/place.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

// Longer than this test takes on a busy machine: no send may reach its deadline here.
vi.mock('../../domain/limits.ts', async (original) => {
  const limits = await original<typeof import('../../domain/limits.ts')>();
  return { ...limits, DEADLINES: { ...limits.DEADLINES, send: 240_000 } };
});

let world: World;
let [hanging, healthy]: ScriptedPanel[] = [];
beforeAll(async () => {
  world = await realWorld();
  [hanging, healthy] = await Promise.all([scriptedPanel(), scriptedPanel()]);
  await world.startWorkers();
});
afterAll(async () => {
  expect(await verifyLedger(world.sql)).toEqual([]);
  await world.close();
  await Promise.all([hanging?.close(), healthy?.close()]);
});

test('a provider that hangs has no more sends in flight than it may, and takes nothing from another', async () => {
  const [slow, quick] = [hanging as ScriptedPanel, healthy as ScriptedPanel];
  const [stuck, free] = [await world.shop({ providers: [slow.url] }), await world.shop({ providers: [quick.url] })];
  // The slow provider keeps every request open until the test releases it.
  let [inFlight, most] = [0, 0];
  const held: (() => void)[] = [];
  let isSlow = true;
  slow.onAdd = async (_, number) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    if (isSlow) await new Promise<void>((resolve) => held.push(resolve));
    inFlight -= 1;
    return { order: 5000 + number };
  };
  const place = async (shop: typeof stuck, name: string, count: number) => {
    const ids = await Promise.all(
      Array.from({ length: count }, (_, n) => shop.claim({ link: `https://example.com/parallel/${name}/${n}` })),
    );
    await Promise.all(ids.map((id) => placeClaim(world.sql, world.temporal, id)));
    return ids;
  };
  const taken = async (ids: readonly number[]) =>
    (await world.sql`select 1 from orders where id = any(${ids.map(String)}::bigint[]) and status = 'In progress'`)
      .length;

  const waiting = await place(stuck, 'slow', 120);
  await expect.poll(() => inFlight, { timeout: 60_000 }).toBe(20);
  const served = await place(free, 'quick', 40);
  await expect.poll(() => taken(served), { timeout: 60_000 }).toBe(40);
  expect([inFlight, most, await taken(waiting)]).toEqual([20, 20, 0]);
  const [provider] = await world.sql`
    select troubles, pause_reason as reason from providers where id = ${stuck.providers[0] ?? 0}`;
  expect(provider).toEqual({ troubles: 0, reason: null });
  isSlow = false;
  for (const answer of held) answer();
  await expect.poll(() => taken(waiting), { timeout: 150_000, interval: 500 }).toBe(120);
  expect(most).toBe(20);
  expect(slow.adds().length).toBe(120);
}, 240_000);
