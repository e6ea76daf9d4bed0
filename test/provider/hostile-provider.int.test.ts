import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { startProvider } from '../../dev/provider/provider.ts';
import type { ProviderProfile } from '../../domain/provider/profile.ts';
import { resolveUpdate } from '../../workflows/contract.ts';
import { SteppedOrder } from '../support/model/stepped-order.ts';
import { placeClaim } from '../support/reads/place.ts';
import { first } from '../support/run/scale.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

const PRICE = 90_000_000n;

// Each test has its own provider in Holdfast and its own link for faults.
describe.concurrent('a hostile provider', () => {
  let world: World;
  let links = 0;

  beforeAll(async () => {
    world = await realWorld();
    await world.startWorkers();
  });
  afterAll(async () => {
    expect(await verifyLedger(world.sql)).toEqual([]);
    await world.close();
  });

  const newLink = (script = 'seconds:1'): string => `https://example.com/hostile/${++links}?sim=${script}`;
  const place = async ({ claim }: Shop, to: string): Promise<number> => {
    const id = await claim({ link: to });
    await placeClaim(world.sql, world.temporal, id);
    return id;
  };
  const rowOf = async (id: number) =>
    (
      await world.sql`
        select status, attention, charge, refunded, delivered,
               (select array_agg(state || coalesce(' ' || a.detail, '') order by attempt) from attempts a where a.order_id = o.id) as attempts
          from orders o where id = ${id}`
    )[0];
  /** Waits until `hold` passes. expect.poll belongs to one test, and these run concurrently. */
  const eventually = (hold: () => Promise<void>) => vi.waitFor(hold, { timeout: 45_000, interval: 100 });
  const until = (id: number, row: object) => eventually(async () => expect(await rowOf(id)).toMatchObject(row));
  const resolve = (id: number, message: object) => new SteppedOrder(world, id, '').ask(resolveUpdate, message);
  const shopWith = async (profile: Partial<ProviderProfile>): Promise<Shop> => {
    const shop = await world.shop();
    await world.sql`update providers set profile = ${world.sql.json(profile as never)} where id = any(${[...shop.providers]})`;
    return shop;
  };

  it.each(
    first(9, [
      ['drop', 'UND_ERR_SOCKET', 0],
      ['accept-reset', 'ECONNRESET', 1],
      ['cut', 'UND_ERR_SOCKET', 1],
      ['endless', 'UND_ERR_RES_EXCEEDED_MAX_SIZE', 0],
      ['accept-html', 'an answer that is not a JSON object', 1],
      ['truncated', 'an answer that is not a JSON object', 1],
      ['noid', 'an answer without an order id', 1],
      ['http:500', 'HTTP 500', 0],
      ['error:Try again in five minutes', 'error that is not known: Try again in five minutes', 0],
      ['accept-drop', 'UND_ERR_SOCKET', 1],
      ['reset', 'ECONNRESET', 0],
      ['accept-endless', 'UND_ERR_RES_EXCEEDED_MAX_SIZE', 1],
      ['html', 'an answer that is not a JSON object', 0],
      ['empty', 'an answer that is not a JSON object', 0],
      ['accept-http:502', 'HTTP 502', 1],
      ['http:503', 'HTTP 503', 0],
      ['accept-http:520', 'HTTP 520', 1],
    ]),
  )('that answers to an order with %s is not sent it again, and a person is called', async (fault, said, accepted) => {
    const link = newLink();
    world.provider.arm({ fault, link, action: 'add' });
    const id = await place(await world.shop(), link);
    await until(id, { status: 'Processing', attention: 'uncertain', charge: PRICE, attempts: [`unknown ${said}`] });
    expect(world.provider.adds(link)).toHaveLength(1);
    expect(world.provider.orders(link)).toHaveLength(accepted);
    const [there] = world.provider.orders(link);
    const decision =
      there === undefined ? { action: 'notPlaced' } : { action: 'attach', providerOrder: `${there.order}` };
    await resolve(id, decision);
    await until(id, { status: 'Completed', charge: PRICE });
    expect(world.provider.orders(link)).toHaveLength(1);
  });

  it('that never answers, or drips its answer, is given up after half a minute, and a person is called', async () => {
    const shop = await world.shop();
    const [hanging, dripping] = [newLink(), newLink()];
    world.provider.arm({ fault: 'accept-hang', link: hanging, action: 'add' });
    world.provider.arm({ fault: 'drip:9000', link: dripping, action: 'add' });
    const ids = await Promise.all([place(shop, hanging), place(shop, dripping)]);
    for (const id of ids) await until(id, { attention: 'uncertain', attempts: ['unknown no answer in time'] });
    for (const to of [hanging, dripping]) expect(world.provider.adds(to)).toHaveLength(1);
  }, 120_000);

  it.each(['types@add', 'bom', 'drip:1'])('whose answer is odd but clear (%s) is understood', async (fault) => {
    const armed = fault === 'types@add' ? { fault: 'types', action: 'add' } : { fault, action: 'add' };
    const link = newLink();
    world.provider.arm({ ...armed, link });
    const id = await place(await world.shop(), link);
    await until(id, { status: 'Completed', attention: 'none', attempts: ['accepted'] });
    expect(world.provider.adds(link)).toHaveLength(1);
  });

  it('that gives out an id twice makes the second order wait for a person, and the first goes on', async () => {
    const own = await startProvider({ key: 'upstream-key' });
    const shop = await world.shop({ providers: [own.apiUrl] });
    const [link, to] = [newLink(), newLink()];
    const first = await place(shop, link);
    await until(first, { attempts: ['accepted'] });
    own.arm({ fault: 'duplicate', link: to, action: 'add' });
    const second = await place(shop, to);
    const [taken] = own.orders(link);
    await until(second, {
      attention: 'uncertain',
      attempts: [`unknown order ${taken?.order} of the provider belongs to another batch`],
    });
    await until(first, { status: 'Completed', charge: PRICE });
    expect(own.adds(to)).toHaveLength(1);
    await own.stop();
  });

  it.each([
    ['429', 5],
    ['429:120', 120],
    ['429:86400', 900],
  ])('that answers %s is left alone for as long as it asks, within limits: %i seconds', async (fault, seconds) => {
    const link = newLink();
    const shop = await world.shop();
    world.provider.arm({ fault, link, action: 'add' });
    const id = await place(shop, link);
    await until(id, { status: 'Processing', attention: 'none', attempts: ['refused throttled'] });
    const [row] = await world.sql<{ pause: number }[]>`
      select extract(epoch from p.paused_until - a.decided_at)::float8 as pause
        from providers p, attempts a where p.id = ${shop.providers[0] ?? 0} and a.order_id = ${id} and a.attempt = 1`;
    expect(Math.abs((row?.pause ?? 0) - seconds)).toBeLessThan(3);
    expect(world.provider.adds(link)).toHaveLength(1);
  });

  it('of which it is known that it acts on what it throttles is not believed when it says 429', async () => {
    const link = newLink();
    world.provider.arm({ fault: 'accept-429', link, action: 'add' });
    const id = await place(await shopWith({ throttleStatuses: [] }), link);
    await until(id, { attention: 'uncertain', attempts: ['unknown error that is not known: Rate limit exceeded'] });
    expect(world.provider.adds(link)).toHaveLength(1);
  });

  it.each([
    ['Try again in five minutes', 'refused', { status: 'Canceled', charge: 0n }],
    ['Incorrect link', 'unknown', { status: 'Processing', attention: 'uncertain' }],
  ] as const)('whose words have a meaning of their own ("%s": %s) is taken at that', async (text, means, row) => {
    const link = newLink();
    world.provider.arm({ fault: `error:${text}`, link, action: 'add' });
    const id = await place(await shopWith({ definiteErrors: [{ text: text.toUpperCase(), means }] }), link);
    await until(id, row);
    expect(world.provider.adds(link)).toHaveLength(1);
  });

  it('that refuses a second order for the link, after somebody said the first was not placed, is not sent a third', async () => {
    const to = newLink('stall:0,unique');
    const shop = await shopWith({ duplicateGuard: true });
    world.provider.arm({ fault: 'accept-drop', link: to, action: 'add' });
    const id = await place(shop, to);
    await until(id, { attention: 'uncertain' });
    await resolve(id, { action: 'notPlaced' });
    await until(id, {
      attention: 'uncertain',
      attempts: [expect.any(String), expect.stringMatching(/^unknown .*earlier send/)],
    });
    expect(world.provider.adds(to)).toHaveLength(2);
    expect(world.provider.orders(to)).toHaveLength(1);
    const [there] = world.provider.orders(to);
    await resolve(id, { action: 'attach', providerOrder: `${there?.order}` });
    await until(id, { status: 'In progress', attention: 'none' });
  });

  it.each(
    first(9, [
      'types',
      'remains:1.5',
      'word:constructor',
      'missing',
      'badrow',
      'foreign',
      'html@status',
      'reset@status',
      'revoked@status',
      'nulls',
      'remains:Unknown',
      'word',
      'http:500@status',
      '429@status',
      'empty@status',
      'truncated@status',
      'endless@status',
    ]),
  )('that speaks of an order with %s for a while does not keep it from ending right', async (fault) => {
    const to = newLink(`seconds:1,start:70,fault:${fault}*4`);
    const id = await place(await world.shop(), to);
    await until(id, { status: 'Completed', attention: 'none', charge: PRICE, delivered: 1000n });
    expect(world.provider.adds(to)).toHaveLength(1);
  });

  it.each(['error:IncorrectOrder', 'endless', 'html'])(
    'that answers with %s whenever some order is among those asked about speaks of the others all the same',
    async (fault) => {
      const shop = await world.shop();
      const odd = await Promise.all([1, 2].map(() => place(shop, newLink(`stall:0,fault:${fault}@status`))));
      const ids = await Promise.all([1, 2, 3, 4].map(() => place(shop, newLink())));
      for (const id of ids) await until(id, { status: 'Completed', attention: 'none', charge: PRICE });
      for (const id of odd) expect(await rowOf(id)).toMatchObject({ status: 'In progress', delivered: 0n });
    },
  );

  it('that counts up and down never makes the shown number fall, and its last word decides', async () => {
    const id = await place(await world.shop(), newLink('seconds:8,fault:sawtooth*6'));
    let shown = 0n;
    let fell = false;
    await eventually(async () => {
      const { status, delivered } = (await rowOf(id)) as { status: string; delivered: bigint };
      fell ||= delivered < shown;
      shown = delivered;
      expect(status).toBe('Completed');
    });
    expect(fell).toBe(false);
    expect(await rowOf(id)).toMatchObject({ charge: PRICE, delivered: 1000n });
  });

  it.each([
    ['remains:-5', 'seconds:1', { status: 'Completed', charge: PRICE }],
    ['nulls', 'seconds:1', { status: 'Completed', charge: PRICE }],
    ['remains:999999', 'partial:400,seconds:1', { status: 'In progress', attention: 'conflict', charge: PRICE }],
    ['nulls', 'partial:400,seconds:1', { status: 'In progress', attention: 'conflict', charge: PRICE }],
    ['remains:Unknown', 'cancel,seconds:1', { status: 'Canceled', charge: 0n }],
  ])('whose last word has %s (%s) never pays out more than it supports', async (fault, script, row) => {
    const id = await place(await world.shop(), newLink(`${script},fault:${fault}`));
    await until(id, row);
  });

  it('that answers about a stranger’s order beside ours moves nothing of it', async () => {
    const shop = await world.shop();
    const still = await place(shop, newLink('stall:0'));
    const id = await place(shop, newLink('seconds:1,fault:foreign'));
    await until(id, { status: 'Completed', charge: PRICE });
    expect(await rowOf(still)).toMatchObject({ status: 'In progress', charge: PRICE, delivered: 0n });
  });

  it('that has no money of ours, or has revoked our key, keeps the order waiting and its price held', async () => {
    const troubles = [
      ['error:neworder.error.not_enough_funds', 'funds'],
      ['revoked', 'key'],
    ] as const;
    for (const [fault, trouble] of troubles) {
      const to = newLink();
      const shop = await world.shop();
      world.provider.arm({ fault, link: to, action: 'add' });
      const id = await place(shop, to);
      const attempts = [`refused ${trouble}`];
      await until(id, { status: 'Processing', attention: 'none', charge: PRICE, refunded: 0n, attempts });
      const [alert] = await world.sql`
        select kind from alerts where subject = ${`provider:${shop.providers[0]}`} and resolved_at is null`;
      expect(alert).toEqual({ kind: 'provider_paused' });
      expect(world.provider.adds(to)).toHaveLength(1);
    }
  });
});
