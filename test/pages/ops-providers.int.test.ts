import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWatches } from '../../activities/delivery/watches.ts';
import { callChart } from '../../api/pages/ops/providers/call-parts.tsx';
import { addCalls } from '../../db/provider/calls.ts';
import { raiseAlert } from '../../db/reconcile/alerts.ts';
import { withOne } from '../../domain/report/histogram.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { archivedOrders } from '../support/worlds/archive.ts';
import { holdCorrections } from '../support/worlds/held.ts';
import { mustPlace } from '../support/worlds/placing.ts';
import { hiddenFields, openVisitor, type Visitor } from '../support/worlds/visitor.ts';

const SCRIPT = '<script>alert(1)</script>';

describe('staff look after a provider, without script', () => {
  let on: ApiWorld;
  let staff: Visitor;
  let provider = 0;
  let address = '';

  beforeAll(async () => {
    on = await apiWorld({ staffName: 'night shift' });
    provider = on.shop.providers[0] ?? 0;
    address = `/ops/providers/${provider}`;
    staff = openVisitor(on.api.url, 'ops');
    await staff.signIn(on.staff);
  });
  afterAll(() => on.close());

  const read = async () => (await on.api.v1(`/v1/admin/providers/${provider}`, { key: on.staff })).body;

  it('a provider is paused for a reason, shown so, and resumed', async () => {
    const paused = await staff.submit(address, { do: 'pause', minutes: '30', reason: `repairs ${SCRIPT}` });
    expect([paused.status, paused.location]).toEqual([303, address]);
    expect(await read()).toMatchObject({ pauseReason: 'staff', pauseNote: `repairs ${SCRIPT}` });
    for (const path of [address, '/ops/providers']) {
      const { html } = await staff.get(path);
      expect(html).toContain('repairs &lt;script&gt;');
      expect(html).not.toContain(SCRIPT);
    }
    const wrong = await staff.submit(address, { do: 'pause', minutes: 'soon', reason: 'more repairs' });
    expect([wrong.status, wrong.html.includes('id="minutes-error"')]).toEqual([422, true]);
    for (const kept of ['value="soon"', 'value="more repairs"', '<details class="act" open'])
      expect(wrong.html).toContain(kept);
    const form = { ...hiddenFields((await staff.get(address)).html), do: 'resume' };
    const answers = await Promise.all([staff.post(address, form), staff.post(address, form)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect(await read()).toMatchObject({ pausedUntil: null });
  });

  it('a word that is not known is taught, listed with its meaning, and forgotten', async () => {
    const { sql } = on.world;
    const detail = `the provider says "Selesai ${SCRIPT}"`;
    await raiseAlert(sql, { kind: 'provider_word', subject: `word:${provider}:selesai`, detail });
    const { html } = await staff.get(address);
    expect(html).toContain('What selesai means');
    expect(html).not.toContain(SCRIPT);
    await staff.submit(address, { do: 'teach', word: 'selesai', means: 'Completed' });
    await staff.submit(address, { do: 'teach', word: 'gagal', means: 'Canceled' });
    expect(await read()).toMatchObject({ statusWords: { selesai: 'Completed', gagal: 'Canceled' } });
    expect((await staff.get(address)).html).toContain('Every word it says is known.');
    await staff.submit(address, { do: 'forget', word: 'selesai' });
    expect((await read()).statusWords).toEqual({ gagal: 'Canceled' });
    const wrong = await staff.submit(address, { do: 'teach', word: 'proses', means: 'Nothing' });
    expect([wrong.status, wrong.html.includes('value="proses"')]).toEqual([422, true]);
  });

  it('its limits are changed, and an empty field is as usual', async () => {
    const limits = { do: 'limits', pollSeconds: '20', lowBalance: '50', breakAfter: '5', maxParallelSends: '' };
    expect((await staff.submit(address, limits)).status).toBe(303);
    expect(await read()).toMatchObject({ pollSeconds: 20, lowBalance: '50', breakAfter: 5, maxParallelSends: 20 });
    const wrong = await staff.submit(address, { ...limits, pollSeconds: '0' });
    expect([wrong.status, wrong.html.includes('id="pollSeconds-error"')]).toEqual([422, true]);
    expect(wrong.html).toMatch(/name="pollSeconds"[^>]* value="0"/);
    const moved = { do: 'connection', url: 'no address', providerKey: 'a-new-key', callbackSecret: 'a-new-secret' };
    const refused = await staff.submit(address, moved);
    expect([refused.status, refused.html.includes('value="no address"')]).toEqual([422, true]);
    expect(refused.html).not.toMatch(/a-new-key|a-new-secret/);
  });

  it('its calls are counted by what was asked, and its balance and catalogue are read at once', async () => {
    const minute = Math.floor(Date.now() / 60_000) * 60_000;
    const row = { provider, minute, answered: 90, errors: 6, notSent: 4, noAnswer: 6, latency: withOne([], 250) };
    await addCalls(on.world.sql, [{ ...row, action: 'status' }]);
    const { html } = await staff.get(address);
    expect(html).toMatch(/status.*100.*16 %/s);
    expect((await staff.get('/ops/providers')).html).toMatch(/100.*16 %/s);
    const checked = await staff.submit(address, { do: 'check' });
    expect([checked.status, checked.location]).toEqual([303, address]);
    expect((await staff.get(address)).html).toMatch(/Read \d+ services/);
  });

  it('what it delivers now is counted, and leads to the orders', async () => {
    const link = 'https://example.com/running?sim=seconds:3600';
    const body = { service: on.shop.service, link, quantity: 1_000 };
    await mustPlace(on.api, { key: on.key, body, idempotencyKey: 'a running one' });
    await expect.poll(async () => (await read()).running).toBe(1);
    const { html } = await staff.get('/ops/providers');
    expect(html).toMatch(new RegExp(`<a href="/ops/orders\\?provider=${provider}&amp;status=In\\+progress">1</a>`));
  });

  it('what it took back at once is released or dropped, with the money first, and nothing more than was shown', async () => {
    const { sql } = on.world;
    const orders = await archivedOrders(sql, on.shop, { orders: 3, points: 1 });
    await holdCorrections(sql, orders, 600);
    const held = `${address}/held`;
    const [first = 0] = orders;
    const listed = (html: string) => [...html.matchAll(/name="id" value="(\d+)"/g)].map(([, id]) => Number(id));
    expect(listed((await staff.get(held)).html)).toEqual([...orders].reverse());

    const one = `${held}?decision=release&of=selected&id=${first}`;
    const all = `${held}?decision=drop&of=all`;
    const stale = (await staff.get(all)).html;
    expect(stale).toContain('Drop 3 corrections: 1.08');
    expect((await staff.get(one)).html).toContain('Release 1 correction: 0.36');
    expect((await staff.submit(one, { reason: '' })).status).toBe(422);
    expect((await staff.submit(one, { reason: 'it means it' })).location).toBe(held);

    const late = await staff.post(all, { ...hiddenFields(stale), reason: 'a mistake' });
    expect(late.status).toBe(409);
    expect(late.html).toContain('Drop 2 corrections: 0.72');
    expect(late.html).toContain(`href="/ops/audit?subject=providers%2F${provider}%2Fheld-corrections"`);
    await staff.post(all, { ...hiddenFields(late.html), reason: 'a mistake' });
    const dropped = (await staff.get(`${held}?state=dropped`)).html;
    expect(dropped.match(/staff: night shift/g)).toHaveLength(2);
    expect((await staff.get(held)).html).toContain('No correction is held.');
    // A worker process keeps a watch for each provider, which gives back what was released.
    await createWatches(on.world.temporal).ensure(provider);
    const refunded = async () => (await on.api.v1(`/v1/admin/orders/${first}`, { key: on.staff })).body.refunded;
    await expect.poll(refunded, { timeout: 30_000 }).toBe('0.36');
    expect((await staff.get(`${held}?decision=drop&of=selected`)).html).toContain('No correction is held.');
  });

  it('a decision about what is held is not made about a correction that was not shown, though the money is the same', async () => {
    const { sql } = on.world;
    const shop = await on.world.shop();
    const [first = 0, second = 0, third = 0] = await archivedOrders(sql, shop, { orders: 3, points: 1 });
    await holdCorrections(sql, [first, second], 600);
    const held = `/ops/providers/${shop.providers[0]}/held`;
    const all = `${held}?decision=drop&of=all`;
    const shown = (await staff.get(all)).html;
    expect(shown).toContain('Drop 2 corrections: 0.72');
    await staff.submit(`${held}?decision=release&of=selected&id=${first}`, { reason: 'it means it' });
    await holdCorrections(sql, [third], 600);
    const late = await staff.post(all, { ...hiddenFields(shown), reason: 'a mistake' });
    expect([late.status, late.html.includes('Drop 2 corrections: 0.72')]).toEqual([409, true]);
    expect((await staff.get(`${held}?state=dropped`)).html).toContain('No correction was dropped.');
    expect((await staff.post(all, { ...hiddenFields(late.html), reason: 'a mistake' })).location).toBe(held);
  });

  it('a provider that does not exist, and a customer, are told so', async () => {
    for (const path of ['/ops/providers/999999', '/ops/providers/x']) expect((await staff.get(path)).status).toBe(404);
    const customer = openVisitor(on.api.url);
    await customer.signIn(on.key);
    for (const path of ['/ops/providers', address, `${address}/held`])
      expect((await customer.get(path)).location).toMatch(/^\/ops\/sign-in\?/);
  });
});

it('the chart of calls has the failures of each hour beside all calls', () => {
  const call = { action: 'add', answered: 0, latencyMs: { p50: null, p95: null } };
  const [early, late] = ['2026-11-27T07:00:00.000Z', '2026-11-27T08:00:00.000Z'] as const;
  const rows = [
    { ...call, at: early, calls: 4, errors: 1, notSent: 1, noAnswer: 0 },
    { ...call, at: late, calls: 2, errors: 0, notSent: 0, noAnswer: 0 },
    { ...call, action: 'status', at: late, calls: 3, errors: 0, notSent: 0, noAnswer: 2 },
  ];
  const { times, series } = callChart(rows);
  expect(times).toEqual([Date.parse(early) / 1_000, Date.parse(late) / 1_000]);
  expect(series.map(({ name, values }) => [name, values])).toEqual([
    ['Calls', [4, 5]],
    ['Failed', [2, 2]],
  ]);
});
