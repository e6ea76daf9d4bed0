import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { hiddenFields, openVisitor, type Visitor } from '../support/worlds/visitor.ts';

describe('staff decide about what waits for a person, without script', () => {
  let on: ApiWorld;
  let panel: ScriptedPanel;
  let staff: Visitor;
  let shop: Shop;
  let provider = 0;

  beforeAll(async () => {
    on = await apiWorld({ staffName: 'night shift' });
    panel = await scriptedPanel();
    staff = openVisitor(on.api.url, 'ops');
    await staff.signIn(on.staff);
  });
  afterAll(async () => {
    await on.close();
    await panel.close();
  });
  /** Each test has its own provider, which gives no clear answer. */
  beforeEach(async () => {
    shop = await on.world.shop({ providers: [panel.url] });
    provider = shop.providers[0] ?? 0;
    await on.world.sql`update providers set profile = '{"breakAfter": 100}' where id = ${provider}`;
    panel.onAdd = () => ({ error: 'a <b>hiccup</b>' });
  });

  const read = async (id: number) => (await on.api.v1(`/v1/admin/orders/${id}`, { key: on.staff })).body;
  const becomes = (id: number, expected: object) =>
    expect.poll(() => read(id), { timeout: 30_000 }).toMatchObject(expected);
  const uncertain = async (count: number): Promise<number[]> => {
    const ids = await Promise.all(
      Array.from({ length: count }, async (_, n) => {
        const id = await shop.claim({ link: `https://example.com/queue/${provider}/${n}` });
        await placeClaim(on.world.sql, on.world.temporal, id);
        return id;
      }),
    );
    for (const id of ids) await becomes(id, { attention: 'uncertain' });
    return ids.sort((a, b) => a - b);
  };
  const decide = (address: string, fields: Readonly<Record<string, string>>) =>
    staff.submit(address, { reason: 'seen at the panel', ...fields });

  it('each row says why it waits, who may have it, and the money held; text of others stays text', async () => {
    const [id = 0] = await uncertain(1);
    const { html } = await staff.get(`/ops?provider=${provider}`);
    const row = html.slice(html.indexOf(`id="order-${id}"`)).split('</tr>')[0];
    for (const part of ['uncertain', 'may have it', `/ops/providers/${provider}`, '0.90', '0 / 1,000', 'Decide'])
      expect(row).toContain(part);
    const known = (await staff.get(`/ops/decide/${id}`)).html;
    expect(known).toContain('hiccup');
    expect(known).not.toContain('<b>hiccup');
  });

  it('a decision leads to the next order of the same filter, and the last one back to the queue', async () => {
    const [first = 0, second = 0] = await uncertain(2);
    const query = `?provider=${provider}`;
    panel.onAdd = () => ({ order: `at-${provider}` });
    const one = await decide(`/ops/decide/${first}${query}`, { action: 'attach', providerOrder: `found-${provider}` });
    expect([one.status, one.location]).toEqual([303, `/ops/decide/${second}${query}`]);
    const { html } = await staff.get(one.location);
    expect(html).toContain(`Order ${first}: `);
    const other = await decide(`/ops/decide/${second}${query}`, { action: 'cancel' });
    expect(other.location).toBe(`/ops${query}`);
    await becomes(first, { status: 'In progress', batches: [{ providerOrder: `found-${provider}` }] });
    await becomes(second, { status: 'Canceled', refunded: '0.9' });
    const { events } = (await read(first)) as { events: { by: string }[] };
    expect(events.map(({ by }) => by)).toContain('staff: night shift');
  });

  it('what a decision lacks is said beside its field, with what was typed', async () => {
    const [id = 0] = await uncertain(1);
    const { status, html } = await decide(`/ops/decide/${id}`, { action: 'attach', providerOrder: '' });
    expect(status).toBe(422);
    expect(html).toContain('id="providerOrder-error"');
    expect(html).toMatch(/name="action" value="attach"[^>]* checked/);
    expect(html).toContain('value="seen at the panel"');
    expect((await decide(`/ops/decide/${id}`, { action: 'attach', providerOrder: '1', reason: '' })).status).toBe(422);
    expect(await read(id)).toMatchObject({ attention: 'uncertain' });
  });

  it('an order that has moved on shows its new state and why, and nothing is sent', async () => {
    const [id = 0] = await uncertain(1);
    const address = `/ops/decide/${id}`;
    const opened = hiddenFields((await staff.get(address)).html);
    await on.api.v1(`/v1/admin/orders/${id}/resolve`, {
      key: on.staff,
      body: { action: 'cancel', reason: 'given up' },
    });
    await becomes(id, { status: 'Canceled' });
    const { status, html } = await staff.post(address, { ...opened, action: 'notPlaced', reason: 'too late' });
    expect(status).toBe(409);
    expect(html).toMatch(/The order has moved on since you opened it\. It is now Canceled\. Last: [^.]+, by [^.]+\./);
    expect(html).toContain('given up');
    expect(html).not.toContain('name="seen"');
    expect(html).toContain(`href="/ops/orders/${id}#timeline"`);
  });

  it('a decision whose answer was lost and that is sent again does not deny what it has done', async () => {
    const [first = 0, second = 0] = await uncertain(2);
    const one = `/ops/decide/${first}`;
    const many = `/ops/decide?of=selected&id=${second}&action=cancel`;
    for (const [address, choice] of [
      [one, { action: 'cancel' }],
      [many, {}],
    ] as const) {
      const form = { ...hiddenFields((await staff.get(address)).html), ...choice, reason: 'given up' };
      expect((await staff.post(address, form)).status).toBe(303);
      await becomes(address === one ? first : second, { status: 'Canceled' });
      const again = await staff.post(address, form);
      expect([address, again.status]).toEqual([address, 409]);
      expect(again.html).toContain('Nothing more was sent. If you sent it before, <a href=');
    }
    const log = (await staff.get('/ops/audit?subject=reviews/resolve')).html;
    const [, page = ''] = /href="(\/ops\/decisions\/\d+)"/.exec(log) ?? [];
    expect((await staff.get(page)).html).toContain(`href="/ops/orders/${second}"`);
  });

  it('many are decided at once: the money first, then what was shown, and nothing else', async () => {
    const [first = 0, second = 0, third = 0] = await uncertain(3);
    const all = `/ops/decide?of=filter&attention=uncertain&provider=${provider}`;
    expect((await staff.get(all)).html).toContain('Show what it would touch');
    const marked = `/ops/decide?of=selected&id=${first}&id=${second}&action=cancel`;
    const shown = (await staff.get(marked)).html;
    expect(shown).toContain('Cancel: 2 orders, 1.80 USD held');

    const stale = await staff.get(`${all}&action=cancel`);
    expect(stale.html).toContain('Cancel: 3 orders, 2.70 USD held');
    const done = await decide(marked, {});
    expect(done.location).toMatch(/^\/ops\/decisions\/\d+$/);
    await expect
      .poll(async () => (await staff.get(done.location)).html, { timeout: 30_000 })
      .toMatch(/ended.*<dt>Decided<\/dt><dd>2</s);
    await becomes(first, { status: 'Canceled' });
    await becomes(second, { status: 'Canceled' });

    const late = await staff.post(`${all}&action=cancel`, { ...hiddenFields(stale.html), reason: 'given up' });
    expect(late.status).toBe(409);
    expect(late.html).toContain('The orders have moved on since you looked.');
    expect(late.html).toContain('Cancel: 1 order, 0.90 USD held');
    expect(await read(third)).toMatchObject({ attention: 'uncertain' });
  });

  it('a decision about many is not made about an attempt that was not shown, though number and money are the same', async () => {
    const [first = 0, second = 0] = await uncertain(2);
    const address = `/ops/decide?of=selected&id=${first}&id=${second}&action=notPlaced`;
    const shown = (await staff.get(address)).html;
    expect(shown).toContain('It was not placed: 2 orders, 1.80 USD held');
    // Another person decides about one of them, which is sent again and is uncertain again.
    await on.api.v1(`/v1/admin/orders/${first}/resolve`, {
      key: on.staff,
      body: { action: 'notPlaced', reason: 'looked it up' },
    });
    const again = [expect.objectContaining({ attempt: 2, state: 'unknown' }), expect.anything()];
    await becomes(first, { attention: 'uncertain', attempts: again });

    const late = await staff.post(address, { ...hiddenFields(shown), reason: 'none arrived' });
    expect([late.status, late.location]).toEqual([409, '']);
    expect(late.html).toContain('The orders have moved on since you looked.');
    expect(late.html).toContain('It was not placed: 2 orders, 1.80 USD held');
    expect(late.html).toContain('value="none arrived"');
    for (const id of [first, second]) expect(await read(id)).toMatchObject({ attention: 'uncertain' });
    const asShown = await staff.post(address, { ...hiddenFields(late.html), reason: 'none arrived' });
    expect(asShown.location).toMatch(/^\/ops\/decisions\/\d+$/);
  });

  it('a decision about many is not made about an order that waits for something else by now', async () => {
    const [first = 0, second = 0] = await uncertain(2);
    const waitsFor = (attention: string) =>
      on.world.sql`update orders set attention = ${attention} where id = ${first}`;
    const address = `/ops/decide?of=selected&id=${first}&id=${second}&action=cancel`;
    await waitsFor('stalled');
    const shown = (await staff.get(address)).html;
    expect(shown).toContain('Cancel: 2 orders, 1.80 USD held');
    await waitsFor('uncertain');
    const late = await staff.post(address, { ...hiddenFields(shown), reason: 'given up' });
    expect([late.status, late.html.includes('The orders have moved on since you looked.')]).toEqual([409, true]);
    for (const id of [first, second]) expect(await read(id)).toMatchObject({ attention: 'uncertain' });
  });

  it('a customer is not let in, signed in or not', async () => {
    const customer = openVisitor(on.api.url);
    await customer.signIn(on.key);
    for (const path of ['/ops', '/ops/decide/10001', '/ops/decide?of=selected&id=10001', '/ops/decisions/1'])
      expect((await customer.get(path)).location).toMatch(/^\/ops\/sign-in\?/);
  });
});
