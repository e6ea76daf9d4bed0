import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { type RunningProvider, startProvider } from '../../dev/provider/provider.ts';
import { orderQuery, refillSignal } from '../../workflows/contract.ts';
import { oneWayEach } from '../support/run/scale.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { alertAbout, reconcile, resetOrder, taskOf } from '../support/worlds/reconciling.ts';
import { RefillCustomer, refillCalls } from '../support/worlds/refills.ts';
import { type RunningWorkers, realWorld, type World } from '../support/worlds/world.ts';

let world: World;
let workers: RunningWorkers;
let api: ServedApi;
let other: RunningProvider;
let customer: RefillCustomer;

beforeAll(async () => {
  world = await realWorld();
  workers = await world.startWorkers();
  api = await serveApi(world);
  other = await startProvider({ key: 'upstream-key' });
  customer = await RefillCustomer.open(world, api, {
    providers: [world.provider.apiUrl, other.apiUrl],
    service: { counter_url: `${world.provider.url}/counter`, refill_fallback: 'resend' },
  });
});
beforeEach(() => world.provider.disarm());
afterAll(async () => {
  expect(await verifyLedger(world.sql)).toEqual([]);
  await api.close();
  await world.close();
  await other.stop();
});

/** Replaces the workers, so that everything in their memory is lost. */
async function restart(): Promise<void> {
  await workers.stop();
  workers = await world.startWorkers();
}

/** Resets the workflow; its signals and updates are delivered again. */
const reset = (id: number) => resetOrder(world, id);

async function dropped(onrefill: string, elsewhere = 'seconds:2'): Promise<{ id: number; link: string }> {
  const link = customer.newLink(`seconds:1,drop:400:after:0,onrefill:${onrefill}`);
  await other.script(link, elsewhere);
  return { id: await customer.completed('', link), link };
}

async function terminate(id: number): Promise<void> {
  await customer.handle(id).terminate('by a person');
  const alert = async () => {
    await reconcile(world);
    return (await alertAbout(world, 'order_lost', `order:${id}`)).state;
  };
  await expect.poll(alert, { timeout: 20_000 }).toBe('open');
}

type Way = (id: number) => Promise<void>;
const takes: readonly [string, Way][] = [
  ['restarted', restart],
  ['reset', reset],
  ['terminated and taken up again', terminate],
];

/** What a refill is at when its workflow is lost, and what must hold then. */
const situations: readonly [string, (again: Way) => Promise<void>][] = [
  [
    'while its provider is asked is asked for until there is an answer',
    async (again) => {
      const { id, link } = await dropped('1');
      world.provider.arm({ fault: 'http:503', action: 'refill', link });
      const calls = refillCalls(world.provider);
      await customer.ask(id);
      await expect.poll(() => refillCalls(world.provider), { timeout: 20_000 }).toBeGreaterThan(calls);
      await again(id);
      world.provider.disarm();
      await customer.refillBecomes(id, { status: 'Completed' });
      expect(await customer.refills(id)).toHaveLength(1);
    },
  ],
  [
    'while its provider is at it ends once',
    async (again) => {
      const { id } = await dropped('10');
      const calls = refillCalls(world.provider);
      await customer.ask(id);
      await customer.refillBecomes(id, { status: 'In progress' });
      await again(id);
      await customer.refillBecomes(id, { status: 'Completed' });
      expect(refillCalls(world.provider)).toBe(calls + 1);
      expect((await customer.timeline(id)).filter((line) => line.startsWith('refill.'))).toEqual([
        `refill.requested by account ${customer.shop.account}`,
        'refill.in_progress by provider',
        ...(again === reset ? [`refill.refused by account ${customer.shop.account}`] : []),
        'refill.completed by provider',
      ]);
    },
  ],
  [
    'while what is missing is sent again sends it once',
    async (again) => {
      const { id, link } = await dropped('refuse', 'seconds:4');
      await customer.ask(id);
      await expect.poll(() => other.orders(link).length, { timeout: 20_000 }).toBe(1);
      await again(id);
      await customer.refillBecomes(id, { status: 'Completed' });
      expect(other.adds(link)).toHaveLength(1);
      expect(await customer.costs(id)).toEqual({ 1: 90_000_000n, 2: 36_000_000n });
      expect((await customer.handle(id).query(orderQuery)).batches.filter(({ batch }) => batch === 2)).toEqual([]);
    },
  ],
  [
    'while it waits for a person still waits, and is decided',
    async (again) => {
      const { id, link } = await dropped('refuse', 'seconds:1,partial:100');
      await customer.ask(id);
      await customer.becomes(id, { attention: 'review' });
      await again(id);
      await expect
        .poll(() => customer.handle(id).query(orderQuery), { timeout: 20_000 })
        .toMatchObject({ attention: 'review', refill: { status: 'In progress', missing: 300 } });
      await customer.resolve(id, { action: 'partial', delivered: 700 });
      await customer.refillBecomes(id, { status: 'Rejected' });
      await customer.becomes(id, { status: 'Partial', refunded: '0.27', attention: 'none' });
      expect(other.adds(link)).toHaveLength(1);
    },
  ],
  [
    'while nobody knows whether it was sent again still waits for somebody who does',
    async (again) => {
      const { id, link } = await dropped('refuse', 'stall:0,fault:accept-drop@add*1');
      await customer.ask(id);
      await customer.becomes(id, { attention: 'uncertain' });
      await again(id);
      await expect
        .poll(() => customer.handle(id).query(orderQuery), { timeout: 20_000 })
        .toMatchObject({ attention: 'uncertain', batches: expect.toSatisfy((all: unknown[]) => all.length > 0) });
      const [found] = other.orders(link);
      await customer.resolve(id, { action: 'attach', providerOrder: String(found?.order) });
      await customer.becomes(id, { attention: 'none' });
      await other.force(found?.order ?? 0, { status: 'Completed', remains: 0 });
      await customer.refillBecomes(id, { status: 'Completed' });
      expect(other.adds(link)).toHaveLength(1);
    },
  ],
];

it.each(oneWayEach(situations, takes))('a refill whose workflow is %s %s', (_way, _situation, lived, again) =>
  lived(again),
);

it('a refill that had ended is not made again by a reset, however it was asked for; the next may be', async () => {
  const { id } = await dropped('0');
  await customer.handle(id).signal(refillSignal, { by: 'ann' });
  await customer.refillBecomes(id, { status: 'Completed' });
  // Everything delivered is gone; only the items from before the order are left.
  const { link, startCount } = await customer.read(id);
  await world.provider.lieAbout(link as string, { count: startCount as number });
  expect((await customer.request(id)).ok).toBe(true);
  await customer.refillBecomes(id, { status: 'Completed' });
  const calls = refillCalls(world.provider);
  await reset(id);
  // Both requests are delivered again. The signal leaves a line in the timeline; the update is rejected and leaves none.
  await expect
    .poll(async () => (await customer.timeline(id)).filter((line) => line.startsWith('refill.refused')).length, {
      timeout: 20_000,
    })
    .toBe(1);
  expect(await customer.refills(id)).toMatchObject([{ status: 'Completed' }, { status: 'Completed' }]);
  expect(refillCalls(world.provider)).toBe(calls);
  expect((await customer.ask(id)).status).toBe(202);
  await customer.refillBecomes(id, { status: 'Completed' });
  expect(await customer.refills(id)).toHaveLength(3);
});

/** What a refill did last before it ended, and the script by which its provider answers. */
const lastSteps: readonly [string, string, string, number][] = [
  ['asked its provider', '2', 'askRefill', 1],
  ['sent the missing items again', 'refuse', 'dispatch', 2],
];

it.each(lastSteps)('a refill that is reset to where it %s is known to have ended', async (_, script, step, nth) => {
  const { id, link } = await dropped(script, 'seconds:1');
  await customer.ask(id);
  await customer.refillBecomes(id, { status: 'Completed' });
  const known = async () => {
    const { attention, refill, batches } = await customer.handle(id).query(orderQuery);
    return { attention, refill, resends: batches.filter(({ batch }) => batch === 2) };
  };
  const ended = { attention: 'none', refill: null, resends: [] };
  await expect.poll(known, { timeout: 20_000 }).toEqual(ended);
  const [calls, sends] = [refillCalls(world.provider), other.adds(link).length];
  await resetOrder(world, id, await taskOf(world, id, step, nth));
  await expect.poll(known, { timeout: 20_000 }).toEqual(ended);
  expect([refillCalls(world.provider), other.adds(link).length]).toEqual([calls, sends]);
});
