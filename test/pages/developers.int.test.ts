import { afterAll, beforeAll, expect, it } from 'vitest';
import { ResellerDesk } from '../support/worlds/reseller-desk.ts';
import { hiddenFields } from '../support/worlds/visitor.ts';

let desk: ResellerDesk;

beforeAll(async () => {
  desk = await ResellerDesk.open();
});
afterAll(() => desk.close());

it('a key is made with less than all scopes, shown once, and revoked', async () => {
  const { keys, html } = await desk.customer.get('/app/keys').then(({ html }) => ({ html, keys: hiddenFields(html) }));
  expect(html).toContain('signed in with');
  expect(html).toContain('<a href="/app/developers" aria-current="page">');
  const made = await desk.customer.post('/app/keys', { ...keys, do: 'make', name: 'a reader', scopes: 'orders:read' });
  const [, secret = ''] = /<pre id="secret">(hf_\w+)<\/pre>/.exec(made.html) ?? [];
  expect((await desk.on.api.v1('/v1/balance', { key: secret })).status).toBe(403);
  expect((await desk.on.api.v1('/v1/orders', { key: secret })).status).toBe(200);
  const listed = await desk.customer.get('/app/keys');
  expect(listed.html).not.toContain(secret);
  const [, id = ''] = /<b>a reader<\/b>[\s\S]*?name="id" value="(\d+)"/.exec(listed.html) ?? [];
  const second = '/app/keys?cursor=17';
  const revoked = await desk.customer.post(second, { ...hiddenFields(listed.html), do: 'revoke', id });
  expect(revoked.location).toBe(second);
  expect((await desk.on.api.v1('/v1/orders', { key: secret })).status).toBe(401);
});

it('a key is made with what was marked and nothing else, also after a refusal', async () => {
  const sent = await desk.fields('/app/keys');
  const fields = { ...sent, do: 'make' };
  const unmarked = await desk.customer.post('/app/keys', { ...fields, name: 'none marked' });
  expect(unmarked.status).toBe(422);
  expect(unmarked.html).toContain('<p class="error" id="scopes-error">Mark at least one scope.</p>');
  expect(unmarked.html).not.toMatch(/name="scopes"[^>]*checked/);
  expect(unmarked.html).toContain('value="none marked"');
  const markedIn = (html: string) => [...html.matchAll(/name="scopes" value="([^"]+)" checked/g)].map(([, one]) => one);
  const nameless = await desk.customer.post('/app/keys', { ...fields, name: '', scopes: 'orders:read' });
  expect([nameless.status, nameless.html.includes('id="name-error"')]).toEqual([422, true]);
  expect(markedIn(nameless.html)).toEqual(['orders:read']);
  const once = { ...fields, name: 'once', scopes: 'orders:read' };
  await desk.customer.post('/app/keys', once);
  const changed = await desk.customer.post('/app/keys', { ...once, name: 'twice' });
  expect(markedIn(changed.html)).toEqual(['orders:read']);
  expect(changed.html).toContain('value="twice"');
  expect(hiddenFields(changed.html).key).not.toBe(sent.key);
});

it('the form for a webhook keeps the events that were marked, and shows them, when it is refused', async () => {
  const refused = await desk.customer.submit('/app/developers', { url: 'not an address', events: 'order.completed' });
  expect(refused.status).toBe(422);
  expect(refused.html).toMatch(/<details open[^>]*><summary>Only some events/);
  expect(refused.html.match(/name="events" value="[^"]+" checked/g)).toEqual([
    'name="events" value="order.completed" checked',
  ]);
});

it('what cannot be taken back is asked for twice, and says what follows', async () => {
  const keys = (await desk.customer.get('/app/keys')).html;
  expect(keys).toMatch(/<details class="act"><summary>Revoke…<span class="unseen"> the key test<\/span>/);
  expect(keys).toContain('revoking it signs you out at once');
  const made = await desk.customer.submit('/app/developers', { url: 'http://127.0.0.1:9/final' });
  const [, page = ''] = /href="(\/app\/developers\/webhooks\/\d+)"/.exec(made.html) ?? [];
  const { html } = await desk.customer.get(page);
  for (const name of ['New secret', 'Delete']) expect(html).toContain(`<details class="act"><summary>${name}…`);
  expect(html.match(/<button type="submit" class="danger">/g)).toHaveLength(2);
});

it('a webhook keeps the filter and the page of its deliveries after a button, except when it is deleted', async () => {
  const made = await desk.customer.submit('/app/developers', { url: 'http://127.0.0.1:9/filtered' });
  const [, page = ''] = /href="(\/app\/developers\/webhooks\/\d+)"/.exec(made.html) ?? [];
  await desk.customer.submit(page, { do: 'test' });
  const fields = await desk.fields(page);
  const here = `${page}?state=failed&cursor=17`;
  for (const act of ['test', 'disable', 'enable', 'replay'])
    expect([act, (await desk.customer.post(here, { ...fields, key: act, do: act })).location]).toEqual([act, here]);
  expect((await desk.customer.post(here, { ...fields, do: 'delete' })).location).toBe('/app/developers');
});

it('a webhook is made, shows its secret once, is tested and deleted', async () => {
  const made = await desk.customer.submit('/app/developers', { url: 'http://127.0.0.1:9/hook' });
  expect(made.html).toMatch(/<pre id="secret">whsec_/);
  const [, page = ''] = /href="(\/app\/developers\/webhooks\/\d+)"/.exec(made.html) ?? [];
  expect((await desk.customer.get(page)).html).not.toContain('whsec_');
  expect((await desk.customer.submit(page, { do: 'test' })).location).toBe(page);
  expect((await desk.customer.get(page)).html).toContain('webhook.test');
  expect((await desk.customer.submit(page, { do: 'delete' })).location).toBe('/app/developers');
  expect((await desk.customer.get(page)).status).toBe(404);
});
