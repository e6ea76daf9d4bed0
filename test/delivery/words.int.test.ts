import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKey, createStaffKey } from '../../db/account/accounts.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { raiseWordAlerts } from '../../db/reconcile/alerts.ts';
import { LIMITS } from '../../domain/limits.ts';
import { orderWorkflowId, resolveUpdate } from '../../workflows/contract.ts';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { atOnce } from '../support/reads/books.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

describe('what a panel says in its own words', () => {
  let world: World;
  let api: ServedApi;
  let panel: ScriptedPanel;
  let staff: string;
  let shop: Shop;
  let provider: number;
  let links = 0;

  beforeAll(async () => {
    world = await realWorld();
    api = await serveApi(world);
    ({ key: staff } = await createStaffKey(world.sql, { name: 'buyer' }));
    await world.startWorkers();
  });
  beforeEach(async () => {
    panel = await scriptedPanel();
    shop = await world.shop({ providers: [panel.url] });
    provider = shop.providers[0] ?? 0;
    return () => panel.close();
  });
  afterAll(async () => {
    expect(await verifyLedger(world.sql)).toEqual([]);
    await api.close();
    await world.close();
  });

  const row = (status: unknown, more: object = {}) => ({
    status,
    remains: '1000',
    charge: '0.1',
    start_count: '10',
    ...more,
  });
  const place = async (): Promise<number> => {
    links += 1;
    const id = await shop.claim({ link: `https://example.com/words/${links}` });
    await placeClaim(world.sql, world.temporal, id);
    return id;
  };
  const until = (id: number, expected: object) =>
    expect
      .poll(
        async () =>
          (
            await world.sql`
              select status, attention, refunded::float8 as refunded, delivered::float8 as delivered,
                     start_count::float8 as "startCount" from orders where id = ${id}`
          )[0],
        { timeout: 30_000 },
      )
      .toMatchObject(expected);
  const wordAlerts = async (open = true) => {
    const { body } = await api.v1(`/v1/admin/alerts?open=${open}&limit=100`, { key: staff });
    const all = body.data as { kind: string; subject: string; detail: string }[];
    return all.filter(({ kind, subject }) => kind === 'provider_word' && subject.startsWith(`word:${provider}:`));
  };
  const teach = (statusWords: object | null) =>
    api.v1(`/v1/admin/providers/${provider}`, { key: staff, method: 'PATCH', body: { statusWords } });

  it('is one alert for each word that nobody knows, until it is taught, and then counts', async () => {
    let said = 'Diproses';
    panel.onStatus = () => row(said, said === 'Diproses' ? {} : { remains: '0' });
    const id = await place();
    await expect.poll(wordAlerts, { timeout: 30_000 }).toHaveLength(1);
    said = 'SELESAI';
    await expect.poll(wordAlerts, { timeout: 30_000 }).toHaveLength(2);
    expect((await wordAlerts()).map(({ detail }) => detail)).toEqual([
      expect.stringContaining('"SELESAI"'),
      expect.stringContaining('"Diproses"'),
    ]);
    await until(id, { status: 'In progress', attention: 'none' });
    expect((await teach({ Selesai: 'Completed', Diproses: 'In progress' })).status).toBe(200);
    await until(id, { status: 'Completed', delivered: 1000 });
    expect(await wordAlerts()).toEqual([]);
    expect(await wordAlerts(false)).toHaveLength(2);
    const { body } = await api.v1('/v1/admin/providers?limit=1', { key: staff });
    expect(body.data).toMatchObject([{ id: provider, statusWords: { Selesai: 'Completed', Diproses: 'In progress' } }]);
  });

  it('is no alert for a word that is taught while a round still knows the old ones', async () => {
    const words = new Map([['selesai', 'Selesai']]);
    expect((await teach({ Selesai: 'Completed' })).status).toBe(200);
    expect(await raiseWordAlerts(world.sql, provider, words, {})).toEqual([]);
    expect((await teach(null)).status).toBe(200);
    expect(await raiseWordAlerts(world.sql, provider, words, {})).toEqual(['Selesai']);
    expect(await atOnce(3, () => raiseWordAlerts(world.sql, provider, words, {}))).toEqual([[], [], []]);
    expect(await wordAlerts()).toHaveLength(1);
  });

  it('is bounded in alerts when it says another word each time', async () => {
    const words = new Map(Array.from({ length: 100 }, (_, n) => [`w${n}`, `W ${n}`]));
    expect(await raiseWordAlerts(world.sql, provider, words, {})).toHaveLength(LIMITS.wordAlerts);
    expect(await wordAlerts()).toHaveLength(LIMITS.wordAlerts);
  });

  it('may be Success, Refunded or a word with a number, and ends the order', async () => {
    panel.onStatus = () => row('Success', { remains: '0' });
    await until(await place(), { status: 'Completed' });
    panel.onStatus = () => row('REFUNDED', { charge: '0' });
    await until(await place(), { status: 'Canceled', refunded: 90_000_000 });
    panel.onStatus = () => row(3, { remains: '400' });
    const id = await place();
    await teach({ 3: 'Partial' });
    await until(id, { status: 'Partial', delivered: 600 });
  });

  it('of an Error that cost something is shown to a person, and the order goes on when the panel does', async () => {
    panel.onStatus = () => row('Error');
    const id = await place();
    await until(id, { status: 'In progress', attention: 'conflict' });
    panel.onStatus = () => row('In progress', { remains: '700' });
    await until(id, { status: 'In progress', attention: 'none', delivered: 300 });
    panel.onStatus = () => row('Error', { remains: '700' });
    await until(id, { attention: 'conflict' });
    const handle = world.temporal.workflow.getHandle(orderWorkflowId(id));
    const decide = { by: 'ann', reason: 'asked them', action: 'partial', delivered: 300 } as const;
    expect(await handle.executeUpdate(resolveUpdate, { args: [decide] })).toMatchObject({ ok: true });
    await until(id, { status: 'Partial', delivered: 300 });
  });

  it('of an Error that cost nothing gives the money back', async () => {
    panel.onStatus = () => row('Error', { charge: '0.00' });
    await until(await place(), { status: 'Canceled', refunded: 90_000_000 });
  });

  it('shows its start count once it is known, in both APIs, and no progress that is none', async () => {
    const { key } = await createKey(world.sql, { accountId: shop.account, name: 'test' });
    let said: object = row('Pending', { start_count: '0', remains: '0' });
    panel.onStatus = () => said;
    const id = await place();
    const v1 = async () => (await api.v1(`/v1/orders/${id}`, { key })).body;
    const v2 = async () => api.v2({ key, action: 'status', order: String(id) });
    await expect
      .poll(async () => (await world.sql`select provider_status as s from batches where order_id = ${id}`)[0]?.s, {
        timeout: 30_000,
      })
      .toBe('Pending');
    expect(await v1()).toMatchObject({ startCount: null, delivered: 0, percent: 0, remains: 1000 });
    expect(await v2()).toMatchObject({ start_count: '0', remains: '1000' });
    said = row('In progress', { start_count: '3572', remains: '900' });
    await until(id, { startCount: 3572, delivered: 100 });
    expect(await v1()).toMatchObject({ startCount: 3572, percent: 10 });
    expect(await v2()).toMatchObject({ start_count: '3572', remains: '900' });
    said = row('Canceled', { remains: '900', charge: '0' });
    await until(id, { status: 'Canceled' });
  });

  it.each<[string, object | string]>([
    ['a status that is none of ours', { Selesai: 'Finished' }],
    ['that it is not known', { Selesai: 'Unknown' }],
    ['a word of nothing', { '': 'Completed' }],
    ['a word of marks', { '---': 'Completed' }],
    ['two meanings for one word', { Selesai: 'Completed', SELESAI: 'Canceled' }],
    ['a word that is too long', { ['x'.repeat(101)]: 'Completed' }],
    ['too many words', Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`w${n}`, 'Completed']))],
    ['a list', ['Selesai']],
    ['a text', 'Selesai'],
  ])('is not taught by %s', async (_, statusWords) => {
    const { status, body } = await teach(statusWords as object);
    expect([status, body.code]).toEqual([422, 'invalid_request']);
  });
});
