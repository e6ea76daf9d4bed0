import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CUSTOMER_PAGES } from '../../api/pages/app/index.ts';
import { end } from '../support/reads/books.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { hiddenFields, openVisitor, type Shown, type Visitor } from '../support/worlds/visitor.ts';

const SCRIPT = '<script>alert(1)</script>';

let opened: ApiWorld;
let customer: Visitor;
let order: number;

beforeAll(async () => {
  opened = await apiWorld({ service: { name: `Followers ${SCRIPT}`, category: SCRIPT, refill_days: 30 } });
  customer = openVisitor(opened.api.url);
  await customer.signIn(opened.key);
  order = await place(`https://example.com/p/1?sim=seconds:1&x=${SCRIPT}`, { reference: SCRIPT });
});
afterAll(() => opened.close());

const newOrder = () => `/app/new?service=${opened.shop.service}`;

/** Sends a form, and again with its key while the server is too busy or does not know the outcome, as the page asks. */
function send(path: string, fields: Readonly<Record<string, string>>): Promise<Shown> {
  return vi.waitFor(
    async () => {
      const answer = await customer.post(path, fields);
      expect(answer.status).toBeLessThan(500);
      expect(answer.html).not.toContain('are not known yet');
      return answer;
    },
    { timeout: 60_000, interval: 500 },
  );
}

/** Places an order by the form; returns its id. */
async function place(link: string, more: Readonly<Record<string, string>> = {}): Promise<number> {
  const fields = { ...hiddenFields((await customer.get(newOrder())).html), link, quantity: '1000', ...more };
  const { location } = await send(newOrder(), fields);
  expect(location).toMatch(/^\/app\/orders\/\d+$/);
  return Number(location.split('/').at(-1));
}

const orders = async (): Promise<{ id: number; link: string }[]> =>
  (await opened.api.v1('/v1/orders?limit=100', { key: opened.key })).body.data as { id: number; link: string }[];

/** Addresses of every page that shows a document. */
const addresses = (): string[] =>
  CUSTOMER_PAGES.map(({ path }) => path)
    .filter((path) => !/live|price|lines|csv|mass\/:id|webhooks/.test(path))
    .map((path) => `/app${path === '/' ? '' : path}`)
    .map((path) =>
      path.replace('/orders/:id', `/orders/${order}`).replace('/services/:id', `/services/${opened.shop.service}`),
    )
    .concat(newOrder());

describe('every page', () => {
  it('runs no inline script or style, loads only from here, and is kept by no cache', async () => {
    for (const address of addresses()) {
      const { status, headers, html } = await customer.get(address);
      expect([address, status]).toEqual([address, 200]);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('cache-control')).toBe('no-store');
      expect(html).toMatch(/^<!doctype html>/);
      expect(html).not.toMatch(/<script(?! src="\/assets\/)|<style|\sstyle=|\son\w+=|javascript:/);
      const loaded = [...html.matchAll(/(?:src|<link rel="stylesheet" href)="([^"]+)"/g)].map(([, url = '']) => url);
      expect(loaded.filter((url) => !url.startsWith('/assets/'))).toEqual([]);
    }
  });

  it('weighs at most 30 kB compressed beside uPlot, and its assets are kept for ever', async () => {
    const weights = new Map<string, number>();
    const weightOf = async (url: string): Promise<number> => {
      const asset = await fetch(opened.api.url + url, { headers: { 'accept-encoding': 'br' } });
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(asset.headers.get('content-encoding')).toBe('br');
      return url.includes('uplot') ? 0 : brotliCompressSync(Buffer.from(await asset.arrayBuffer())).length;
    };
    for (const address of addresses()) {
      const { html } = await customer.get(address);
      let bytes = brotliCompressSync(html).length;
      for (const [, url = ''] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
        const weight = weights.get(url) ?? (await weightOf(url));
        weights.set(url, weight);
        bytes += weight;
      }
      expect([address, bytes < 30_000]).toEqual([address, true]);
    }
  });

  it('shows script in names, links and references as text', async () => {
    const { html } = await customer.get(`/app/orders/${order}`);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    for (const address of addresses()) expect((await customer.get(address)).html).not.toContain(SCRIPT);
  });

  it('that does not exist, and an order of another account, say so', async () => {
    const other = await opened.world.shop();
    for (const address of [
      '/app/nothing',
      `/app/orders/${await other.order()}`,
      '/app/orders/x',
      '/app/services/999999',
    ]) {
      const { status, html } = await customer.get(address);
      expect([address, status]).toEqual([address, 404]);
      expect(html).toContain('It does not exist, or it belongs to another account.');
    }
  });
});

describe('the form for a new order', () => {
  it('that is sent twice places one order', async () => {
    const fields = {
      ...hiddenFields((await customer.get(newOrder())).html),
      link: 'https://example.com/twice',
      quantity: '10',
    };
    const answers = await Promise.all([send(newOrder(), fields), send(newOrder(), fields)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect(answers[0]?.location).toBe(answers[1]?.location);
    expect((await orders()).filter(({ link }) => link === fields.link)).toHaveLength(1);
  });

  it('says what is wrong beside the field, keeps what was typed, and takes a new key', async () => {
    const sent = hiddenFields((await customer.get(newOrder())).html);
    const wrong = { ...sent, link: 'https://example.com/small', quantity: '3' };
    const { status, html } = await customer.post(newOrder(), wrong);
    expect(status).toBe(422);
    expect(html).toMatch(/<p class="error" id="quantity-error">[^<]*the minimum is 10<\/p>/);
    expect(html).toContain('value="https://example.com/small"');
    const again = hiddenFields(html);
    const right = { ...again, link: wrong.link, quantity: '10' };
    expect(again.key).not.toBe(sent.key);
    expect((await send(newOrder(), right)).location).toMatch(/^\/app\/orders\/\d+$/);
  });

  it('shows the notice of its order once', async () => {
    const id = await place('https://example.com/notice');
    expect((await customer.get(`/app/orders/${id}`)).html).toContain(`Order ${id} is placed.`);
    expect((await customer.get(`/app/orders/${id}`)).html).not.toContain(`Order ${id} is placed.`);
  });

  it('shows the exact price of what is typed so far', async () => {
    const fields = { ...hiddenFields((await customer.get(newOrder())).html), quantity: '12345', runs: '3' };
    const { html } = await customer.post(`/app/new/price?service=${opened.shop.service}`, fields);
    expect(html).toContain('33.3315 USD');
    expect(html).toContain('for 37,035');
  });
});

describe('the list of orders', () => {
  it('says when an order is expected to be Completed, once its service was measured', async () => {
    const { service } = await opened.world.shop();
    const figures = { ended: 1, partial: 0, canceled: 0, average: 7_000, p50: 7_000, p95: 9_000 };
    const rest = { running: 1, itemsPerHour: 1, load: [] };
    await opened.world.sql`insert into service_stats (service_id, as_of, figures)
      values (${service}, now(), ${opened.world.sql.json({ ...figures, ...rest })})`;
    const form = `/app/new?service=${service}`;
    const fields = { link: 'https://example.com/expected?sim=seconds:3600', quantity: '1000' };
    const { location } = await send(form, { ...hiddenFields((await customer.get(form)).html), ...fields });
    expect((await customer.get(location)).html).toMatch(/<dt>Expected<\/dt><dd><time [^>]+>in 1 h/);
    expect((await customer.get(`/app/orders?service=${service}`)).html).toMatch(
      /data-label="Expected"><time [^>]+>in 1 h/,
    );
    const ended = await opened.shop.order({ link: 'https://example.com/ended' });
    await end(opened.world.sql, ended, 1000);
    expect((await customer.get(`/app/orders/${ended}`)).html).not.toContain('<dt>Expected</dt>');
  });

  it('is filtered by its address, and finds an order by its id', async () => {
    const { location } = await customer.get(`/app/orders?find=${order}`);
    expect(location).toBe(`/app/orders/${order}`);
    const partial = await customer.get('/app/orders?status=Partial');
    expect(partial.html).toContain('No order matches');
    const all = await customer.get('/app/orders?status=&from=2020-01-01&to=2999-01-01');
    expect(all.html).toContain(`id="order-${order}"`);
    const scripts = await customer.get(`/app/orders?find=${encodeURIComponent(SCRIPT)}`);
    expect(scripts.html.match(/id="order-\d+"/g)).toEqual([`id="order-${order}"`]);
  });

  it('shows pasted ids, the first 300 of too many with a word about it, and takes no other text for ids', async () => {
    const pasted = await customer.submit('/app/orders', { do: 'find', ids: `${order};\n${order + 1} | 999999` });
    expect(pasted.location).toBe(`/app/orders?find=${order}%2C${order + 1}%2C999999`);
    expect((await customer.get(pasted.location)).html).toContain(`id="order-${order}"`);
    const ids = Array.from({ length: 10_000 }, (_, n) => order + n).join(' ');
    const many = await customer.submit('/app/orders', { do: 'find', ids });
    expect(new URL(many.location, opened.api.url).searchParams.get('find')?.split(',')).toHaveLength(300);
    expect((await customer.get(many.location)).html).toContain('These are 10,000 ids: the list has the first 300.');
    expect((await customer.submit('/app/orders', { do: 'find', ids: '1, two' })).location).toBe('/app/orders');
  });

  it('keeps filters under a name, replaces those of the same name, and forgets them', async () => {
    const save = (name: string, query: string) =>
      customer.submit('/app/orders?status=open', { do: 'save', name, query });
    const named = `running ${SCRIPT}`;
    expect((await save(named, 'status=Pending')).location).toBe('/app/orders?status=Pending');
    await save(named, 'status=open&dripFeed=false&unknown=1&cursor=after-1');
    const { html } = await customer.get('/app/orders');
    expect(html).toContain('href="/app/orders?status=open&amp;dripFeed=false"');
    expect(html).not.toContain('href="/app/orders?status=Pending"');
    expect((await customer.get('/app/orders?status=open&dripFeed=false')).html).toContain(
      'aria-current="page">running ',
    );
    expect((await save('x'.repeat(61), 'status=open')).status).toBe(303);
    const [, view = ''] = /name="view" value="(\d+)"/.exec(html) ?? [];
    await customer.submit('/app/orders', { do: 'forget', view, query: '' });
    expect((await opened.api.v1('/v1/views', { key: opened.key })).body).toEqual({ data: [] });
  });

  it('and the statement are files, too', async () => {
    const list = await customer.get('/app/orders/csv?status=open&find=https://example.com/none');
    expect(list.headers.get('content-disposition')).toMatch(/^attachment; filename="orders-/);
    expect(list.html.trim().split('\n')).toHaveLength(1);
    const statement = await customer.get('/app/statement/csv');
    expect(statement.html).toMatch(/^line,kind,amount/);
  });

  it('cancels the selected orders, each with its own answer', async () => {
    const running = await place('https://example.com/p/3?sim=seconds:3600');
    const fields = hiddenFields((await customer.get('/app/orders')).html);
    const body = new URLSearchParams({ ...fields, do: 'cancel' });
    for (const one of [running, order]) body.append('id', String(one));
    await expect
      .poll(async () => (await opened.api.v1(`/v1/orders/${order}`, { key: opened.key })).body.status)
      .toBe('Completed');
    const cookie = customer.cookieHeader();
    const answer = await fetch(`${opened.api.url}/app/orders`, {
      method: 'POST',
      headers: { cookie, origin: opened.api.url },
      body,
    });
    const html = await answer.text();
    expect(html).toContain('Cancel: 1 of 2 accepted');
    expect(html).toContain(`>${order}</a>`);
    expect(html).toContain('the order has ended: Completed');
  });
});

it('an action on an order that has moved on shows its new state and why', async () => {
  const fields = { ...hiddenFields((await customer.get('/app/mass')).html), do: 'pause', reason: '' };
  await expect
    .poll(async () => (await opened.api.v1(`/v1/orders/${order}`, { key: opened.key })).body.status)
    .toBe('Completed');
  const { status, html } = await customer.post(`/app/orders/${order}`, fields);
  expect(status).toBe(409);
  expect(html).toContain('Pause: the order has ended: Completed');
  expect(html).toContain('<span class="badge is-completed">Completed</span>');
});

it('a star puts a service before all others, and the same list is shown again', async () => {
  const { service } = await opened.world.shop({ service: { name: 'Zebra likes' } });
  const star = async (button: string) => {
    const fields = { ...hiddenFields((await customer.get('/app/services?q=zebra')).html), service: String(service) };
    return customer.post('/app/services', { ...fields, do: button });
  };
  await expect
    .poll(async () => (await customer.get('/app/services?q=zebra')).html)
    .toContain('Make Zebra likes a favourite');
  expect((await star('star')).location).toBe('/app/services?q=zebra');
  const { html } = await customer.get('/app/new');
  expect(html).toContain('Zebra likes is a favourite: take it away');
  expect(/<tbody>[\s\S]*?service=(\d+)"/.exec(html)?.[1]).toBe(String(service));
  await star('unstar');
  expect((await customer.get('/app/new')).html).toContain('Make Zebra likes a favourite');
});

it('what was spent this week leads to the movements behind it, and an order to those of its money', async () => {
  const today = new Date().toISOString().slice(0, 10);
  const [, week = ''] =
    /href="(\/app\/statement\?[^"]+)"><span class="quiet">Spent in 7 days/.exec((await customer.get('/app')).html) ??
    [];
  expect(week).toContain(`to=${today}`);
  const { html } = await customer.get(week.replaceAll('&amp;', '&'));
  expect(html).toContain('<dt>Spent</dt>');
  expect(html).toContain(`href="/app/orders/${order}"`);
  expect((await customer.get('/app/statement?to=2020-01-01')).html).toContain('No money moved in these days.');
  expect((await customer.get(`/app/statement/csv?from=${today}`)).html.split('\n').length).toBeGreaterThan(2);
  const page = (await customer.get(`/app/orders/${order}`)).html;
  const [, line = ''] = new RegExp(`href="(/app/statement[^"]+)">order:${order}:hold<`).exec(page) ?? [];
  expect((await customer.get(line)).html).toMatch(
    new RegExp(`<tbody><tr><td data-label="Line">[^]{0,200}/app/orders/${order}"`),
  );
});

it('a list of orders shows the result of each line, and the same form places nothing twice', async () => {
  const fields = {
    ...hiddenFields((await customer.get('/app/mass')).html),
    lines: `${opened.shop.service}|https://example.com/mass/1|10\n${opened.shop.service}|https://example.com/mass/2|1`,
  };
  const before = (await orders()).length;
  const checked = await customer.post('/app/mass', { ...fields, do: 'check' });
  expect(checked.html).toContain('1 line would be taken, 1 refused');
  expect(checked.html).toMatch(/quantity – [^<]*the minimum is 10/);
  expect(checked.html).toContain('0.009<span class="quiet"> USD');
  expect((await orders()).length).toBe(before);
  expect(hiddenFields(checked.html).key).toBe(
    hiddenFields((await customer.post('/app/mass', { ...fields, do: 'check' })).html).key,
  );
  const [first, second] = [await send('/app/mass', fields), await send('/app/mass', fields)];
  expect(first.html).toContain('1 placed, 1 refused');
  expect(first.html).toContain('the minimum is 10');
  expect(second.html).toContain('1 placed, 1 refused');
  const file = await customer.post('/app/mass', { ...fields, do: 'csv' });
  expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="list-/);
  expect(file.html).toMatch(
    /^line,status,order,code,title,detail\r\n1,placed,\d+,,,\r\n2,refused,,quantity_below_min,/,
  );
  expect((await orders()).filter(({ link }) => link === 'https://example.com/mass/1')).toHaveLength(1);
});

it('a large list shows how far it is', async () => {
  const lines = Array.from({ length: 101 }, (_, n) => `${opened.shop.service}|https://example.com/large/${n}|1`).join(
    '\n',
  );
  const { location } = await send('/app/mass', { ...hiddenFields((await customer.get('/app/mass')).html), lines });
  expect(location).toMatch(/^\/app\/mass\/\d+$/);
  await expect.poll(async () => (await customer.get(location)).html).toContain('is-completed">ended');
  expect((await customer.get(`${location}/lines`)).html).toContain('the minimum is 10');
  expect((await customer.get(`${location}/csv`)).html.trim().split('\r\n')).toHaveLength(102);
});

it('the rest of an order is ordered again on another service, once', async () => {
  const { service } = await opened.world.shop({ service: { category: SCRIPT, name: 'The other' } });
  const id = await opened.shop.order({ link: 'https://example.com/rest' });
  await end(opened.world.sql, id, 400);
  const { html } = await customer.get(`/app/orders/${id}`);
  expect(html).toContain('The other: 0.54 USD');
  const fields = { ...hiddenFields(html), do: 'reorder', service: String(service) };
  const first = await send(`/app/orders/${id}`, fields);
  expect(first.location).toMatch(/^\/app\/orders\/\d+$/);
  expect((await send(`/app/orders/${id}`, fields)).location).toBe(first.location);
  expect((await customer.get(first.location)).html).toContain(`order ${id}</a>`);
  expect((await customer.get(`/app/orders/${id}`)).html).toContain('orders the rest of this order');
});

it('a key is made with less than all scopes, shown once, and revoked', async () => {
  const { keys, html } = await customer.get('/app/keys').then(({ html }) => ({ html, keys: hiddenFields(html) }));
  expect(html).toContain('signed in with');
  const made = await customer.post('/app/keys', { ...keys, do: 'make', name: 'a reader', scopes: 'orders:read' });
  const [, secret = ''] = /<pre id="secret">(hf_\w+)<\/pre>/.exec(made.html) ?? [];
  expect((await opened.api.v1('/v1/balance', { key: secret })).status).toBe(403);
  expect((await opened.api.v1('/v1/orders', { key: secret })).status).toBe(200);
  const listed = await customer.get('/app/keys');
  expect(listed.html).not.toContain(secret);
  const [, id = ''] = /<b>a reader<\/b>[\s\S]*?name="id" value="(\d+)"/.exec(listed.html) ?? [];
  await customer.post('/app/keys', { ...hiddenFields(listed.html), do: 'revoke', id });
  expect((await opened.api.v1('/v1/orders', { key: secret })).status).toBe(401);
});

it('a webhook is made, shows its secret once, is tested and deleted', async () => {
  const made = await customer.submit('/app/developers', { url: 'http://127.0.0.1:9/hook' });
  expect(made.html).toMatch(/<pre id="secret">whsec_/);
  const [, page = ''] = /href="(\/app\/developers\/webhooks\/\d+)"/.exec(made.html) ?? [];
  expect((await customer.get(page)).html).not.toContain('whsec_');
  expect((await customer.submit(page, { do: 'test' })).location).toBe(page);
  expect((await customer.get(page)).html).toContain('webhook.test');
  expect((await customer.submit(page, { do: 'delete' })).location).toBe('/app/developers');
  expect((await customer.get(page)).status).toBe(404);
});
