import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { hiddenFields, openVisitor, type Visitor } from '../support/worlds/visitor.ts';

const SCRIPT = '<script>alert(1)</script>';

let opened: ApiWorld;
let person: Visitor;

beforeAll(async () => {
  opened = await apiWorld({
    workers: false,
    staffName: `desk ${SCRIPT}`,
    service: { name: `Followers ${SCRIPT}`, category: SCRIPT },
  });
  person = openVisitor(opened.api.url, 'ops');
  await person.signIn(opened.staff);
});
afterAll(() => opened.close());

/** Rows of a list of REST v1, as staff read it. */
const rows = async (path: string): Promise<Record<string, unknown>[]> =>
  (await opened.api.v1(`/v1/admin${path}`, { key: opened.staff })).body.data as Record<string, unknown>[];
const read = async (path: string) => (await opened.api.v1(`/v1/admin${path}`, { key: opened.staff })).body;

/** What a browser would send of the page's form that has this field: its inputs and choices as they stand. */
async function formOn(page: string, mark: string): Promise<Record<string, string>> {
  const { html } = await person.get(page);
  const form = html.split('<form').find((one) => one.includes(mark)) ?? '';
  const fields = hiddenFields(form);
  for (const [, tag = ''] of form.matchAll(/<input ([^>]*)>/g)) {
    const [name, value = ''] = ['name', 'value'].map((one) => new RegExp(`\\b${one}="([^"]*)"`).exec(tag)?.[1]);
    const isSent = !tag.includes('type="checkbox"') || /\bchecked\b/.test(tag);
    if (name !== undefined && isSent) fields[name] = unescaped(value);
  }
  for (const [, name = '', options = ''] of form.matchAll(/<select [^>]*?name="([^"]+)"[^>]*>(.*?)<\/select>/gs)) {
    fields[name] = /<option value="([^"]*)" selected/.exec(options)?.[1] ?? /value="([^"]*)"/.exec(options)?.[1] ?? '';
  }
  return fields;
}

const unescaped = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

const ADDRESSES = () => {
  const { service, account } = opened.shop;
  return ['/services', '/services/new', `/services/${service}`, '/accounts', `/accounts/${account}`];
};

describe('every page of the back office', () => {
  it('lists the key for the search where there is one', async () => {
    for (const address of [...ADDRESSES(), '', '/orders', '/audit', '/alerts']) {
      const { html } = await person.get(`/ops${address}`);
      expect([address, html.includes('<dd>search</dd>')]).toEqual([address, html.includes('data-search')]);
    }
  });

  it('shows names with script as text, and runs no inline script or style', async () => {
    for (const address of ADDRESSES()) {
      const { status, html, headers } = await person.get(`/ops${address}`);
      expect([address, status]).toEqual([address, 200]);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
      expect(html).not.toMatch(/<script(?! src="\/assets\/)|<style|\sstyle=|\son\w+=|javascript:/);
    }
    expect((await person.get('/ops/services')).html).toContain('Followers &lt;script&gt;');
  });

  it('is closed to customers, whose session leads to the sign-in of staff', async () => {
    const customer = openVisitor(opened.api.url);
    await customer.signIn(opened.key);
    for (const address of ADDRESSES()) {
      const { status, location, html } = await customer.get(`/ops${address}`);
      expect([address, status, location.startsWith('/ops/sign-in?')]).toEqual([address, 303, true]);
      expect(html).not.toContain('Followers');
    }
    const stolen = await customer.post(`/ops/accounts/${opened.shop.account}`, { do: 'deposit', amount: '1' });
    expect([stolen.status, stolen.location.startsWith('/ops/sign-in?')]).toEqual([303, true]);
  });

  it('says of what does not exist that it does not', async () => {
    for (const address of ['/services/999999', '/services/x', '/accounts/999999', '/accounts/x']) {
      expect([address, (await person.get(`/ops${address}`)).status]).toEqual([address, 404]);
    }
  });
});

describe('the page of a service', () => {
  const page = () => `/ops/services/${opened.shop.service}`;
  const terms = (to: Readonly<Record<string, string>>) =>
    formOn(page(), 'value="terms"').then((fields) => person.post(page(), { ...fields, do: 'terms', ...to }));
  const service = () => read(`/services/${opened.shop.service}`);

  it('changes what was typed and nothing else, and shows the exact margin', async () => {
    const before = await service();
    expect((await person.get(page())).html).toMatch(/0\.40 <span class="quiet">\(44\.44 %\)/);
    const saved = await terms({
      rate: '0.95',
      routing: 'cheapest',
      ignoredLinkParameters: 'campaign, ref',
      dripFeed: '',
    });
    expect([saved.status, saved.location]).toEqual([303, page()]);
    const changed = { rate: '0.95', routing: 'cheapest', ignoredLinkParameters: ['campaign', 'ref'], dripFeed: false };
    expect(await service()).toEqual({ ...before, ...changed, version: expect.any(String) });
    const [entry] = await rows(`/audit?subject=services/${opened.shop.service}&limit=1`);
    expect(entry).toMatchObject({ detail: changed, actor: expect.stringContaining(`desk ${SCRIPT}`) });
    expect((await person.get(page())).html).toMatch(/0\.45 <span class="quiet">\(47\.36 %\)/);
    expect((await terms({})).status).toBe(303);
    expect((await person.get(page())).html).toContain('Nothing was different');
  });

  it('says what is wrong beside the field, and keeps what was typed', async () => {
    const { status, html } = await terms({ rate: '0.000001', max: '7' });
    expect(status).toBe(422);
    expect(html).toMatch(/id="rate-error">must be a decimal string with at most 5 decimals/);
    expect(html).toContain('value="0.000001"');
    expect((await terms({ min: 'few' })).html).toMatch(/id="min-error">must be a whole number/);
    expect(await service()).toMatchObject({ rate: '0.95', max: 100_000 });
  });

  it('shows a service that was changed meanwhile as it is now, with what was typed', async () => {
    const stale = { ...(await formOn(page(), 'value="terms"')), do: 'terms', max: '5000' };
    const moved = { ...(await formOn(page(), 'value="routes"')), do: 'up-2' };
    expect((await terms({ min: '20' })).status).toBe(303);
    const { status, html } = await person.post(page(), stale);
    expect(status).toBe(409);
    expect(html).toContain('the service has changed since you opened this page');
    expect(html).toContain('Largest quantity “5000”');
    expect(html).toMatch(/name="min" value="20"/);
    expect((await person.post(page(), moved)).status).toBe(409);
    expect(await service()).toMatchObject({ min: 20, max: 100_000 });
  });

  it('says of a service that was changed meanwhile which routes were typed', async () => {
    const [provider] = opened.shop.providers;
    const typed = { 'rate-1': '0.61', 'service-2': '9', 'rate-2': '0.4' };
    const stale = { ...(await formOn(page(), 'value="routes"')), do: 'routes', ...typed };
    const before = (await service()).routes;
    expect((await terms({ min: '21' })).status).toBe(303);
    const { status, html } = await person.post(page(), stale);
    expect(status).toBe(409);
    const routes = `1: provider ${provider}, service 1, rate 0.61; 2: no provider, service 9, rate 0.4`;
    expect(html).toContain(`You had typed: Smallest quantity “20”, Routes “${routes}”.`);
    expect((await service()).routes).toEqual(before);
  });

  it('keeps what was typed of a new route without a provider, and saves no route until one is chosen', async () => {
    const typed = { 'service-2': '9', 'rate-2': '0.4' };
    const submit = async (to: Readonly<Record<string, string>>) =>
      person.post(page(), { ...(await formOn(page(), 'value="routes"')), ...typed, ...to });
    const before = (await service()).routes;
    for (const [what, status] of [
      [{ do: 'routes' }, 422],
      [{ do: 'typed' }, 422],
      [{ do: 'terms', min: '22' }, 200],
    ] as const) {
      const answer = await submit(what);
      expect([what, answer.status]).toEqual([what, status]);
      expect(answer.html).toContain(
        status === 422 ? 'Choose the provider of the new route.' : 'The routes that you typed are not saved yet.',
      );
      expect(answer.html).toMatch(/name="service-2"[^>]* value="9"/);
      expect(answer.html).toMatch(/name="rate-2"[^>]* value="0.4"/);
      expect((await service()).routes).toEqual(before);
    }
  });

  it('adds routes, moves them up and down, switches them off and removes them', async () => {
    const [provider = 0] = opened.shop.providers;
    const submit = async (to: Readonly<Record<string, string>>) =>
      person.post(page(), { ...(await formOn(page(), 'value="routes"')), ...to });
    const places = async () =>
      ((await service()).routes as { providerService: string; active: boolean }[]).map(
        ({ providerService, active }) => providerService + (active ? '' : ' off'),
      );
    const added = await submit({ do: 'routes', 'provider-2': String(provider), 'service-2': '2', 'rate-2': '0.7' });
    expect(added.location).toBe(`${page()}#routes`);
    expect(await places()).toEqual(['1', '2']);
    const up = await submit({ do: 'up-2' });
    expect(up.location).toBe(`${page()}?moved=up-1`);
    expect(await places()).toEqual(['2', '1']);
    // The button that moves the route on has the focus, so that keys alone are enough.
    expect((await person.get(`${page()}?moved=up-1`)).html).toMatch(
      /value="down-1" aria-label="Down route 1" autofocus/,
    );
    const { 'active-1': _, ...off } = await formOn(page(), 'value="routes"');
    await person.post(page(), { ...off, do: 'down-1' });
    expect(await places()).toEqual(['1', '2 off']);
    const wrong = await submit({ do: 'routes', 'rate-1': 'cheap' });
    expect([wrong.status, wrong.html.includes('Route 1, rate: must be a decimal')]).toEqual([422, true]);
    await submit({ do: 'remove-2' });
    expect(await places()).toEqual(['1']);
  });

  it('keeps what was typed into its terms when a route is moved, and into its routes when the terms are saved', async () => {
    const [provider = 0] = opened.shop.providers;
    const before = (await service()).rate as string;
    const form = async () => formOn(page(), 'value="routes"');
    const other = { 'provider-2': String(provider), 'service-2': '3', 'rate-2': '0.8' };
    await person.post(page(), { ...(await form()), do: 'routes', ...other });
    const up = await person.post(page(), { ...(await form()), do: 'up-2', rate: '0.97' });
    expect([up.status, up.html.includes('Route 2 is now route 1. The terms that you typed are not saved')]).toEqual([
      200,
      true,
    ]);
    expect(up.html).toMatch(/name="rate"[^>]* value="0.97"/);
    expect((await service()).rate).toBe(before);
    const terms = await person.post(page(), { ...(await form()), do: 'typed', rate: '0.97', 'rate-1': '0.81' });
    expect(terms.html).toContain('Saved: Rate. The routes that you typed are not saved yet.');
    expect(terms.html).toMatch(/name="rate-1"[^>]* value="0.81"/);
    expect(await service()).toMatchObject({ rate: '0.97', routes: [{ rate: '0.8' }, {}] });
    // Enter saves the routes when no term is different.
    await person.post(page(), { ...(await form()), do: 'typed', 'rate-1': '0.81' });
    expect(await service()).toMatchObject({ routes: [{ rate: '0.81' }, {}] });
    expect((await person.get(page())).html).toMatch(/<summary>Remove….*?class="danger" name="do" value="remove-1"/s);
    await person.post(page(), { ...(await form()), do: 'remove-1' });
  });

  it('is made by a form, once however often it is sent', async () => {
    const [provider = 0] = opened.shop.providers;
    const fields = {
      ...(await formOn('/ops/services/new', 'name="active-1"')),
      ...{ name: 'Views', category: 'TikTok', rate: '1.5', min: '100', max: '9000' },
      ...{ 'provider-1': String(provider), 'service-1': '7', 'rate-1': '1.6' },
    };
    const lacking = await person.post('/ops/services/new', { ...fields, min: '' });
    expect([lacking.status, lacking.html.includes('id="min-error"')]).toEqual([422, true]);
    const made = [await person.post('/ops/services/new', fields), await person.post('/ops/services/new', fields)];
    expect(made[0]?.location).toMatch(/^\/ops\/services\/\d+$/);
    expect(made[1]?.location).toBe(made[0]?.location);
    expect(await rows('/services?search=tiktok')).toMatchObject([{ name: 'Views', step: 1, refillCap: 10, min: 100 }]);
    const { html } = await person.get('/ops/services?search=tiktok');
    expect(html).toMatch(/is-loss">-0\.10 <span class="quiet">\(-6\.66 %\)/);
    expect((await person.get(`/ops/services?search=${opened.shop.service}`)).location).toBe(page());
  });
});

describe('the page of an account', () => {
  const page = () => `/ops/accounts/${opened.shop.account}`;
  const wallet = async () => (await read(`/accounts/${opened.shop.account}`)).balance;

  it('puts a deposit into the wallet once, however often its form is sent', async () => {
    const fields = { ...(await formOn(page(), 'value="deposit"')), amount: '12.00000001', reference: `bank ${SCRIPT}` };
    const answers = await Promise.all([person.post(page(), fields), person.post(page(), fields)]);
    expect(answers.map(({ status, location }) => [status, location])).toEqual([
      [303, page()],
      [303, page()],
    ]);
    expect(await wallet()).toBe('1012.00000001');
    expect((await person.get(page())).html).toContain('Deposited 12.00000001. The balance was then 1,012.00000001.');
  });

  it('takes a debit out of it with a reason, and never more than it holds', async () => {
    const debit = async (amount: string, reason: string) =>
      person.post(page(), {
        ...(await formOn(page(), 'value="debit"')),
        amount,
        reference: `payout ${amount}`,
        reason,
      });
    const tooMuch = await debit('5000', 'reversed');
    expect([tooMuch.status, tooMuch.html.includes('the wallet holds less than the amount')]).toEqual([422, true]);
    expect(tooMuch.html).toContain('value="payout 5000"');
    const unsaid = await debit('2', '');
    expect([unsaid.status, unsaid.html.includes('id="debit-reason-error"')]).toEqual([422, true]);
    expect((await debit('12.00000001', 'reversed')).status).toBe(303);
    expect(await wallet()).toBe('1000');
    const [entry] = await rows(`/audit?subject=accounts/${opened.shop.account}/debits&limit=1`);
    expect(entry).toMatchObject({ detail: { reason: 'reversed' } });
  });

  it('keeps the scopes that were marked for a key when its form is refused', async () => {
    const { status, html } = await person.submit(page(), { do: 'new-key', name: '', scopes: 'orders:read' });
    expect([status, html.match(/name="scopes" value="[^"]+" checked/g)]).toEqual([
      422,
      ['name="scopes" value="orders:read" checked'],
    ]);
  });

  it('makes a key that is shown once and works, and revokes it', async () => {
    const made = await person.submit(page(), { do: 'new-key', name: 'shop', scopes: 'orders:read' });
    const [, key = ''] = /<pre id="key">(hf_\w+)</.exec(made.html) ?? [];
    expect((await opened.api.v1('/v1/orders', { key })).status).toBe(200);
    const { html } = await person.get(page());
    expect(html).not.toContain(key);
    const [, id = ''] = /name="id" value="(\d+)"/.exec(html) ?? [];
    expect((await person.submit(page(), { do: 'revoke', id })).location).toBe(page());
    expect((await opened.api.v1('/v1/orders', { key })).status).toBe(401);
    const other = await opened.world.shop();
    expect((await person.submit(`/ops/accounts/${other.account}`, { do: 'revoke', id })).status).toBe(303);
    expect((await person.get(`/ops/accounts/${other.account}`)).html).toContain('The key is not of this account.');
  });

  it('shows its statement, by days and as a file, with its orders', async () => {
    const order = await opened.shop.order();
    expect((await person.get(page())).html).toContain(`href="${page()}/statement"`);
    const [{ amount } = { amount: '' }] = await rows(`/accounts/${opened.shop.account}/statement?limit=1`);
    expect(amount).toMatch(/^-0\.\d\d$/);
    const { html } = await person.get(`${page()}/statement`);
    expect(html).toMatch(new RegExp(`<a href="/ops/orders/${order}">${order}</a>.*?${amount}<`, 's'));
    const none = await person.get(`${page()}/statement?to=2020-01-01`);
    expect(none.html).toContain('No money moved in these days.');
    expect((await person.get(`${page()}/statement/csv`)).html).toMatch(/^line,kind,amount/);
    expect((await person.get('/ops/accounts/999999/statement')).status).toBe(404);
  });

  it('leads from each status to its orders', async () => {
    const order = await opened.shop.order();
    const { html } = await person.get(page());
    expect(html).toContain(`/ops/orders?account=${opened.shop.account}&amp;status=Pending`);
    expect(order).toBeGreaterThan(0);
  });

  it('is found by the beginning of its name or by its id, and opened by a form', async () => {
    const { location } = await person.submit('/ops/accounts', { name: `Agency ${SCRIPT}` });
    expect(location).toMatch(/^\/ops\/accounts\/\d+$/);
    const { html } = await person.get('/ops/accounts?search=agency');
    expect(html).toContain(`href="${location}"`);
    expect(html).not.toContain(SCRIPT);
    expect((await person.get('/ops/accounts?search=none')).html).toContain('No account has this id');
    expect((await person.submit('/ops/accounts', { name: '' })).status).toBe(422);
  });
});
