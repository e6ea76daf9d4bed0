import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { hiddenFields, openVisitor, type Visitor } from '../support/worlds/visitor.ts';

const SCRIPT = '<script>alert(1)</script>';

describe('staff read and act on the orders of all accounts, without script', () => {
  let on: ApiWorld;
  let panel: ScriptedPanel;
  let staff: Visitor;
  let shop: Shop;
  let provider = 0;
  let first = 0;
  let second = 0;

  beforeAll(async () => {
    on = await apiWorld({ staffName: 'night shift' });
    panel = await scriptedPanel();
    panel.onAdd = (_, number) => ({ order: 7_000 + number });
    panel.onStatus = () => ({ status: 'In progress', remains: '600', start_count: '50', charge: '0.2' });
    shop = await on.world.shop({ providers: [panel.url] });
    provider = shop.providers[0] ?? 0;
    staff = openVisitor(on.api.url, 'ops');
    await staff.signIn(on.staff);
  });
  afterAll(async () => {
    await on.close();
    await panel.close();
  });

  const read = async (id: number) => (await on.api.v1(`/v1/admin/orders/${id}`, { key: on.staff })).body;
  const becomes = (id: number, expected: object) =>
    expect.poll(() => read(id), { timeout: 30_000 }).toMatchObject(expected);
  const place = async (link: string) => {
    const id = await shop.claim({ link });
    await placeClaim(on.world.sql, on.world.temporal, id);
    return id;
  };
  const ids = (html: string): number[] => [...html.matchAll(/<tr id="order-(\d+)"/g)].map(([, id]) => Number(id));

  it('finds an order by its link, and by its id at the provider', async () => {
    first = await place(`https://example.com/first?x=${SCRIPT}`);
    await becomes(first, { status: 'In progress' });
    second = await place('https://example.com/second');
    for (const id of [first, second]) await becomes(id, { status: 'In progress', delivered: 400 });
    const { batches } = (await read(first)) as { batches: { providerOrder: string }[] };
    for (const query of [
      `providerOrder=${batches[0]?.providerOrder}`,
      `link=${encodeURIComponent(`https://example.com/first?x=${SCRIPT}`)}`,
    ])
      expect(ids((await staff.get(`/ops/orders?${query}`)).html)).toEqual([first]);
    expect(ids((await staff.get(`/ops/orders?account=${shop.account}&status=In+progress`)).html)).toEqual([
      second,
      first,
    ]);
    for (const text of [`${first}`, `order-${first}`, `#${first}`])
      expect((await staff.get(`/ops/orders?order=${encodeURIComponent(text)}`)).location).toBe(`/ops/orders/${first}`);
    const other = (await staff.get(`/ops/orders?order=${first}+${second}`)).html;
    expect([ids(other), other.includes('No order matches')]).toEqual([[], true]);
    expect((await staff.get('/ops/orders?provider=x')).html).toContain('No order matches');
  });

  it('a list shows account, service and provider by name, with the id on hover and a link', async () => {
    const { batches } = (await read(first)) as { batches: { providerName: string }[] };
    const named = (kind: string, id: number, name = '') =>
      `<a href="/ops/${kind}s/${id}" title="${kind} ${id}">${name}</a>`;
    const links = [
      named('account', shop.account, 'a customer'),
      named('service', shop.service, 'Followers'),
      named('provider', provider, batches[0]?.providerName),
    ];
    for (const address of [`/ops/orders?provider=${provider}`, `/ops/stuck?provider=${provider}`]) {
      const { html } = await staff.get(address);
      expect([address, links.filter((link) => !html.includes(link))]).toEqual([address, []]);
    }
  });

  it('an order shows its batches, attempts, money and timeline, and what its workflow says', async () => {
    const { html } = await staff.get(`/ops/orders/${first}?workflow=1`);
    for (const part of [
      'a customer',
      `/ops/providers/${provider}`,
      '400 / 1,000',
      'escrow:',
      'Delivered by ended batches',
    ])
      expect(html).toContain(part);
    expect(html).not.toContain(SCRIPT);
    expect(html).toContain('&lt;script&gt;');
    expect((await staff.get('/ops/orders/999999')).status).toBe(404);
  });

  it('says of each long table that it has the last rows alone', async () => {
    const id = await shop.order({ quantity: 10, dripFeed: { runs: 72, intervalMinutes: 30 } });
    await on.world.sql`
      insert into batches (order_id, batch, quantity, state, delivered)
        select ${id}, n, 10, 'done', 10 from generate_series(1, 60) n`;
    const address = `/ops/orders/${id}`;
    const { html } = await staff.get(address);
    expect(html).toContain('The last 50 of 60 batches.');
    for (const what of ['attempts', 'movements', 'events'])
      expect(html).not.toMatch(new RegExp(`The last \\d+ ${what}`));
    await on.world.sql`
      select add_event(${id}, case when n % 2 = 0 then 'order.stalled' else 'order.resumed' end, 'system', now())
        from generate_series(1, 120) n`;
    expect((await staff.get(address)).html).toContain('The last 100 events.');
  });

  it('is paused and resumed with a reason, by name; what cannot be done is refused beside the state as it is', async () => {
    const address = `/ops/orders/${first}`;
    const sent = await staff.submit(address, { do: 'pause', reason: 'the profile is private' });
    expect([sent.status, sent.location]).toEqual([303, address]);
    await becomes(first, { attention: 'paused', pausedBy: 'staff: night shift' });
    const opened = (await staff.get(address)).html;
    expect(opened).toContain('the profile is private');
    expect(opened).toContain('Pause: staff: night shift has paused it already.');
    const early = await staff.submit(`/ops/orders/${second}`, { do: 'redispatch', reason: 'too slow' });
    expect(early.status).toBe(409);
    expect(early.html).toContain('role="alert"');
    expect((await staff.submit(address, { do: 'nothing', reason: 'x' })).status).toBe(422);
    await staff.submit(address, { do: 'resume', reason: 'it is public again' });
    await becomes(first, { attention: 'none' });
  });

  it('counts that the provider says wrongly are set, with a reason, and no money moves', async () => {
    const before = await read(second);
    const fields = { do: 'counts', batch: '1', startCount: '77', reason: 'counted by hand' };
    expect((await staff.submit(`/ops/orders/${second}`, fields)).status).toBe(303);
    expect(await read(second)).toMatchObject({ startCount: 77, money: before.money });
    const wrong = await staff.submit(`/ops/orders/${second}`, { ...fields, startCount: '-1' });
    expect([wrong.status, wrong.html.includes('id="startCount-error"')]).toEqual([422, true]);
    expect(wrong.html).toMatch(/<details class="act below" open[^>]*><summary>Set counts…/);
    expect(wrong.html).toMatch(/name="startCount"[^>]* value="-1"/);
    expect(wrong.html).toMatch(/id="counts-reason"[^>]* value="counted by hand"/);
    expect(wrong.html).not.toContain('data-live');
  });

  it('the longest In progress come first, and those that got something lately are left out when asked', async () => {
    const address = `/ops/stuck?provider=${provider}`;
    expect(ids((await staff.get(address)).html)).toEqual([first, second]);
    expect((await staff.get(`${address}&quiet=6`)).html).toContain('each has got something in the last 6 h');
    await on.world.sql`update batches set progress_at = now() - interval '7 hours' where order_id = ${first}`;
    expect(ids((await staff.get(`${address}&quiet=6`)).html)).toEqual([first]);
  });

  it('an action on many is not sent once one of them needs something else', async () => {
    const needs = (attention: string) => on.world.sql`update orders set attention = ${attention} where id = ${first}`;
    const address = `/ops/orders/act?of=selected&action=cancel&id=${first}&id=${second}`;
    const shown = (await staff.get(address)).html;
    await needs('stalled');
    const late = await staff.post(address, { ...hiddenFields(shown), reason: 'the provider closes' });
    expect([late.status, late.html.includes('Cancel: 2 orders, 1.80 USD held')]).toEqual([409, true]);
    await needs('none');
    expect(await read(first)).toMatchObject({ canceledBy: null });
  });

  it('many are acted on by a filter: what it would touch first, and nothing more than was shown', async () => {
    const by = `/ops/orders/act?of=filter&action=cancel&account=${shop.account}&provider=${provider}`;
    const shown = (await staff.get(by)).html;
    expect(shown).toContain('Cancel: 2 orders, 1.80 USD held');
    const third = await place('https://example.com/third');
    await becomes(third, { status: 'In progress' });
    const stale = await staff.post(by, { ...hiddenFields(shown), reason: 'the provider closes' });
    expect(stale.status).toBe(409);
    expect(stale.html).toContain('Cancel: 3 orders, 2.70 USD held');
    const done = await staff.post(by, { ...hiddenFields(stale.html), reason: 'the provider closes' });
    expect(done.location).toMatch(/^\/ops\/decisions\/\d+$/);
    for (const id of [first, second, third]) await becomes(id, { canceledBy: 'staff: night shift' });
  });

  it('without a mark or a filter nothing is acted on', async () => {
    for (const query of [
      '',
      '?of=selected&action=cancel',
      '?of=filter&action=cancel',
      '?of=selected&id=x&action=cancel',
    ])
      expect((await staff.get(`/ops/orders/act${query}`)).html).toContain('No order is selected.');
    expect((await staff.get('/ops/orders/act?of=selected&action=cancel&provider=1')).html).toContain(
      'No order is selected.',
    );
  });

  it('a customer is not let in', async () => {
    const customer = openVisitor(on.api.url);
    await customer.signIn(on.key);
    for (const path of [
      '/ops/orders',
      `/ops/orders/${first}`,
      `/ops/orders/${first}/live`,
      '/ops/stuck',
      '/ops/orders/act',
    ])
      expect((await customer.get(path)).location).toMatch(/^\/ops\/sign-in\?/);
  });
});
