import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CUSTOMER_PAGES } from '../../api/pages/app/index.ts';
import { createKey } from '../../db/account/accounts.ts';
import { postButtons } from '../support/pages/forms.ts';
import { end } from '../support/reads/books.ts';
import { serveApi } from '../support/worlds/api.ts';
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

/** Sends a form with several marked orders. */
async function postAll(path: string, fields: Readonly<Record<string, string>>, ids: readonly number[]) {
  const body = new URLSearchParams(fields);
  for (const id of ids) body.append('id', String(id));
  const answer = await fetch(opened.api.url + path, {
    method: 'POST',
    headers: { cookie: customer.cookieHeader(), origin: opened.api.url },
    redirect: 'manual',
    body,
  });
  return { location: answer.headers.get('location') ?? '', html: await answer.text() };
}

const statusBecomes = (id: number, status: string) =>
  expect
    .poll(async () => (await opened.api.v1(`/v1/orders/${id}`, { key: opened.key })).body.status, { timeout: 30_000 })
    .toBe(status);

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
    .map((path) => (/orders\/(?:cancel|copy)$/.test(path) ? `${path}?ids=${order}` : path))
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

  it('replaces no part of itself by a refusal, which is a whole page', async () => {
    const { html } = await customer.get(newOrder());
    const [, config = ''] = /<meta name="htmx-config" content="([^"]+)"/.exec(html) ?? [];
    expect(JSON.parse(config.replaceAll('&quot;', '"')).noSwap).toEqual([204, 304, '4xx', '5xx']);
  });

  it('lists the key for the search where there is one', async () => {
    for (const address of addresses()) {
      const { html } = await customer.get(address);
      expect([address, html.includes('<dd>search</dd>')]).toEqual([address, html.includes('data-search')]);
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

  it('says that the price is not known while v1 refuses to tell it', async () => {
    const api = await serveApi({ ...opened.world, rates: { RATE_LIMIT_PER_SECOND: 0.001, RATE_LIMIT_BURST: 1 } });
    const person = openVisitor(api.url);
    await person.signIn(opened.key);
    const fields = { ...hiddenFields((await person.get('/app/mass')).html), quantity: '12345' };
    const { status, html } = await person.post(`/app/new/price?service=${opened.shop.service}`, fields);
    await api.close();
    expect(status).toBe(200);
    expect(html).toMatch(/^<div id="price" class="price"><p class="quiet">The price is not known now\./);
  });

  it('shows the exact price of what is typed so far', async () => {
    const fields = { ...hiddenFields((await customer.get(newOrder())).html), quantity: '12345', runs: '3' };
    const { html } = await customer.post(`/app/new/price?service=${opened.shop.service}`, fields);
    expect(html).toContain('33.3315 USD');
    expect(html).toContain('for 37,035');
    expect(html).not.toContain('3 runs of');
  });

  it('shows the plan of a drip-feed once its runs and interval are typed', async () => {
    const fields = {
      ...hiddenFields((await customer.get(newOrder())).html),
      quantity: '100',
      runs: '6',
      interval: '30',
    };
    const start = new Date(Date.now() + 3_600_000).toISOString().slice(0, 16);
    const { html } = await customer.post(`/app/new/price?service=${opened.shop.service}`, {
      ...fields,
      scheduledAt: start,
    });
    const last = new Date(Date.parse(`${start}Z`) + 5 * 30 * 60_000).toISOString();
    expect(html).toContain(`6 runs of 100, one every 30 min, the last at about <time datetime="${last}"`);
  });
});

it('the overview counts the orders that wait for support, and each number leads to its orders', async () => {
  const waiting = await Promise.all(
    ['review', 'conflict', 'uncertain'].map(async (attention) => {
      const id = await opened.shop.order({ link: `https://example.com/${attention}` });
      await opened.world.sql`update orders set attention = ${attention} where id = ${id}`;
      return id;
    }),
  );
  const processing = await opened.shop.order({ link: 'https://example.com/processing' });
  await opened.world.sql`update orders set status = 'Processing' where id = ${processing}`;
  const { html } = await customer.get('/app');
  const tile = (name: string) =>
    new RegExp(`<a href="([^"]+)"><span class="quiet">${name}</span><b>(\\d+)<`).exec(html);
  const [, support = '', count] = tile('With support') ?? [];
  expect(count).toBe('3');
  const listed = (await customer.get(support)).html;
  expect([...listed.matchAll(/<tr id="order-(\d+)"/g)].map(([, id]) => Number(id)).sort()).toEqual(waiting.sort());
  expect((await customer.get(tile('Processing')?.[1] ?? '')).html).toContain(`<tr id="order-${processing}"`);
});

it('an order shows its latest events first, and leads to the older ones', async () => {
  const id = await opened.shop.order({ link: 'https://example.com/flapping' });
  await opened.world.sql`
    select add_event(${id}, case when n % 2 = 0 then 'order.stalled' else 'order.resumed' end, 'system', now())
      from generate_series(1, 120) as n`;
  const { html } = await customer.get(`/app/orders/${id}`);
  expect(html.match(/<b>(?:stalled|resumed|accepted)<\/b>/g)?.[0]).toBe('<b>stalled</b>');
  expect(html).not.toContain('<b>accepted</b>');
  const [, older = ''] = /href="([^"]+)">Older events</.exec(html) ?? [];
  const before = await customer.get(older);
  expect(before.html.match(/<b>accepted<\/b>/g)).toHaveLength(1);
  expect(before.html.match(/<b>(?:stalled|resumed)<\/b>/g)).toHaveLength(20);
});

it('a drip-feed whose runs have not begun shows its plan', async () => {
  const dripFeed = { runs: 30, intervalMinutes: 30 };
  const id = await opened.shop.order({ link: 'https://example.com/plan', quantity: 10, dripFeed });
  const { html } = await customer.get(`/app/orders/${id}`);
  expect(html).toContain('Nothing was delivered yet.');
  expect(html).toMatch(/data-chart="[^"]*Planned/);
  expect(html.match(/<span class="badge is-planned">Planned<\/span>/g)).toHaveLength(20);
  expect(html).toContain('10 more runs follow, the last <time ');
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
    await expect
      .poll(async () => (await customer.get(`/app/services?q=${service}`)).html, { timeout: 30_000 })
      .toContain('half in 1 h 56 min, 95 % in 2 h 30 min');
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

  it('shows pasted ids, the first 300 of too many with a word about it, and keeps a text without any', async () => {
    const pasted = await customer.submit('/app/orders', { do: 'find', ids: `${order};\nand ${order + 1} | 999999` });
    expect(pasted.location).toBe(`/app/orders?find=${order}%2C${order + 1}%2C999999`);
    expect((await customer.get(pasted.location)).html).toContain(`id="order-${order}"`);
    const ids = Array.from({ length: 10_000 }, (_, n) => order + n).join(' ');
    const many = await customer.submit('/app/orders', { do: 'find', ids });
    expect(new URL(many.location, opened.api.url).searchParams.get('find')?.split(',')).toHaveLength(300);
    expect((await customer.get(many.location)).html).toContain('These are 10,000 ids: the list has the first 300.');
    const none = await customer.submit('/app/orders?status=Partial', { do: 'find', ids: 'one, two' });
    expect(none.status).toBe(422);
    expect(none.html).toMatch(/<details open="">.*one, two<\/textarea>.*The text has no id in it\./s);
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

  it('cancels the selected orders once their money was shown, each with its own answer, and goes back to its filters', async () => {
    const running = await place('https://example.com/p/3?sim=seconds:3600');
    await statusBecomes(order, 'Completed');
    const list = '/app/orders?status=&archived=false';
    const fields = hiddenFields((await customer.get(list)).html);
    const { location } = await postAll(list, { ...fields, do: 'cancel' }, [running, order]);
    expect(location).toBe(`/app/orders/cancel?ids=${running}%2C${order}&back=status%3D%26archived%3Dfalse`);
    const shown = await customer.get(location);
    expect(shown.html).toMatch(/<dt>Money held for them<\/dt><dd><span class="amount">0\.90</);
    expect(shown.html).toMatch(/<dt>Comes back, as counted now<\/dt><dd><span class="amount">0\.\d+</);
    expect(shown.html).toContain('the order has ended: Completed');
    expect(shown.html).toMatch(/<button type="submit" class="danger">Cancel 1 order</);
    expect((await opened.api.v1(`/v1/orders/${running}/timeline`, { key: opened.key })).body.data).not.toContainEqual(
      expect.objectContaining({ type: 'cancel.requested' }),
    );
    const canceled = await postAll(location, hiddenFields(shown.html), [order]);
    expect(canceled.html).toContain('Cancel: 1 of 2 accepted');
    expect(canceled.html).toContain('the order has ended: Completed');
    expect(canceled.html).toContain('href="/app/orders?status=&amp;archived=false"');
    const repeated = await postAll(location, hiddenFields(shown.html), [order]);
    expect(repeated.html).toBe(canceled.html);
  });

  it('keeps its filters when no order is selected', async () => {
    const list = '/app/orders?status=Completed&sort=createdAt';
    expect((await customer.submit(list, { do: 'cancel' })).location).toBe(list);
    expect((await customer.submit('/app/refills?status=', { do: 'refill' })).location).toBe('/app/refills?status=');
  });

  it('copies the selected orders as ids and as lines of a mass order', async () => {
    const drip = await opened.shop.order({
      link: 'https://example.com/copied',
      quantity: 10,
      dripFeed: { runs: 3, intervalMinutes: 30 },
    });
    const fields = hiddenFields((await customer.get('/app/orders')).html);
    const { location } = await postAll('/app/orders', { ...fields, do: 'copy' }, [drip, order]);
    const { html } = await customer.get(location);
    expect(html).toContain(`>${drip}, ${order}</textarea>`);
    const [, lines = ''] = /<textarea id="lines"[^>]*>([^<]*)<\/textarea>/.exec(html) ?? [];
    expect(lines.split('\n')).toContain(`${opened.shop.service}|https://example.com/copied|10|3|30`);
    const checked = await customer.post('/app/mass', { ...hiddenFields(html), lines, do: 'check' });
    expect(checked.html).toContain('Nothing is placed yet.');
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

it('a service says what its price is for, and leads from no number of all customers to the orders of one', async () => {
  const { html } = await customer.get(`/app/services/${opened.shop.service}`);
  expect(html).toContain('0.90 USD per 1,000');
  expect(html).toMatch(/<dt>Orders that ended, of all customers<\/dt><dd>\d+<\/dd>/);
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
    new RegExp(`<tbody><tr><th scope="row" data-label="Line">[^]{0,200}/app/orders/${order}"`),
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
  expect(first.html).toContain(`<span class="target">${opened.shop.service}|https://example.com/mass/2|1</span>`);
  expect(second.html).toContain('1 placed, 1 refused');
  const file = await customer.post('/app/mass', { ...fields, do: 'csv' });
  expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="list-/);
  expect(file.html).toMatch(
    /^line,status,order,code,title,detail,text\r\n1,placed,\d+,,,,\d+\|https:\/\/example.com\/mass\/1\|10\r\n2,refused,,quantity_below_min,/,
  );
  expect((await orders()).filter(({ link }) => link === 'https://example.com/mass/1')).toHaveLength(1);
});

it('a list that was changed after its check is checked again, and nothing is placed', async () => {
  const line = (name: string) => `${opened.shop.service}|https://example.com/changed/${name}|10`;
  const fields = { ...hiddenFields((await customer.get('/app/mass')).html), lines: `${line('1')}\n${line('2')}` };
  const checked = hiddenFields((await customer.post('/app/mass', { ...fields, do: 'check' })).html);
  const changed = { ...checked, lines: `${fields.lines}\n${line('3')}`, do: 'place' };
  const again = await customer.post('/app/mass', changed);
  expect(again.status).toBe(409);
  expect(again.html).toContain('The list was changed after its check.');
  expect(again.html).toContain('3 lines would be taken');
  expect((await orders()).filter(({ link }) => link.includes('/changed/'))).toEqual([]);
  // A browser writes line ends in its own way.
  const sent = { ...hiddenFields(again.html), lines: changed.lines.replaceAll('\n', '\r\n'), do: 'place' };
  expect((await customer.post('/app/mass', sent)).html).toContain('3 placed, 0 refused');
});

it('a large list shows how far it is', async () => {
  const { service } = opened.shop;
  const line = (n: number) => `${service}|https://example.com/large/${n}|${n === 100 ? 10 : 1}`;
  const lines = Array.from({ length: 101 }, (_, n) => line(n)).join('\n');
  const { location } = await send('/app/mass', { ...hiddenFields((await customer.get('/app/mass')).html), lines });
  expect(location).toMatch(/^\/app\/mass\/\d+$/);
  await expect.poll(async () => (await customer.get(location)).html).toContain('is-partial">ended: 100 refused of 101');
  expect((await customer.get(`${location}/lines`)).html).toContain('the minimum is 10');
  expect((await customer.get(location)).html).toContain(`<a href="${location}?status=refused">100</a>`);
  expect((await customer.get(location)).html).not.toContain('Cancel the waiting lines');
  expect((await customer.get(`${location}?status=placed`)).html).not.toContain('the minimum is 10');
  const file = (await customer.get(`${location}/csv`)).html.trim().split('\r\n');
  expect(file).toHaveLength(102);
  expect(file[1]).toContain(',https://example.com/large/0,1');
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
  expect(html).toContain('<a href="/app/developers" aria-current="page">');
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

it('a key is made with what was marked and nothing else, also after a refusal', async () => {
  const sent = hiddenFields((await customer.get('/app/keys')).html);
  const fields = { ...sent, do: 'make' };
  const unmarked = await customer.post('/app/keys', { ...fields, name: 'none marked' });
  expect(unmarked.status).toBe(422);
  expect(unmarked.html).toContain('<p class="error" id="scopes-error">Mark at least one scope.</p>');
  expect(unmarked.html).not.toMatch(/name="scopes"[^>]*checked/);
  expect(unmarked.html).toContain('value="none marked"');
  const markedIn = (html: string) => [...html.matchAll(/name="scopes" value="([^"]+)" checked/g)].map(([, one]) => one);
  const nameless = await customer.post('/app/keys', { ...fields, name: '', scopes: 'orders:read' });
  expect([nameless.status, nameless.html.includes('id="name-error"')]).toEqual([422, true]);
  expect(markedIn(nameless.html)).toEqual(['orders:read']);
  const once = { ...fields, name: 'once', scopes: 'orders:read' };
  await customer.post('/app/keys', once);
  const changed = await customer.post('/app/keys', { ...once, name: 'twice' });
  expect(markedIn(changed.html)).toEqual(['orders:read']);
  expect(changed.html).toContain('value="twice"');
  expect(hiddenFields(changed.html).key).not.toBe(sent.key);
});

it('the form for a webhook keeps the events that were marked, and shows them, when it is refused', async () => {
  const refused = await customer.submit('/app/developers', { url: 'not an address', events: 'order.completed' });
  expect(refused.status).toBe(422);
  expect(refused.html).toMatch(/<details open[^>]*><summary>Only some events/);
  expect(refused.html.match(/name="events" value="[^"]+" checked/g)).toEqual([
    'name="events" value="order.completed" checked',
  ]);
});

it('what cannot be taken back is asked for twice, and says what follows', async () => {
  const keys = (await customer.get('/app/keys')).html;
  expect(keys).toMatch(/<details class="act"><summary>Revoke…<span class="unseen"> the key test<\/span>/);
  expect(keys).toContain('revoking it signs you out at once');
  const made = await customer.submit('/app/developers', { url: 'http://127.0.0.1:9/final' });
  const [, page = ''] = /href="(\/app\/developers\/webhooks\/\d+)"/.exec(made.html) ?? [];
  const { html } = await customer.get(page);
  for (const name of ['New secret', 'Delete']) expect(html).toContain(`<details class="act"><summary>${name}…`);
  expect(html.match(/<button type="submit" class="danger">/g)).toHaveLength(2);
});

it('a key that reads orders alone gets pages without dead ends, and nothing to press that v1 refuses', async () => {
  const reader = openVisitor(opened.api.url);
  const wanted = { accountId: opened.shop.account, name: 'reads alone', scopes: ['orders:read'] } as const;
  await reader.signIn((await createKey(opened.world.sql, wanted)).key);
  const left = ['/app'];
  const seen = new Set(left);
  const buttons = new Set<string>();
  for (let address = left.shift(); address !== undefined; address = left.shift()) {
    const { status, html } = await reader.get(address);
    expect([address, status]).toEqual([address, 200]);
    for (const { action, fields } of postButtons(html, address)) {
      buttons.add([action.split('?')[0], fields.findLast(([name]) => name === 'do')?.[1]].filter(Boolean).join(' '));
    }
    for (const [, link = ''] of html.matchAll(/href="(\/app[^"#]*)"/g)) {
      const path = link.replaceAll('&amp;', '&');
      // One order and one service stand for all.
      const kind = path.split('?')[0]?.replace(/\d+$/, ':id') ?? '';
      if (kind.endsWith('/csv') || seen.has(kind)) continue;
      seen.add(kind);
      left.push(path);
    }
  }
  expect([...seen].sort()).toEqual(
    ['', '/developers', '/orders', '/orders/:id', '/refills', '/services', '/services/:id', '/sessions'].map(
      (path) => `/app${path}`,
    ),
  );
  expect([...buttons].sort()).toEqual(['/app/orders find', '/app/sessions', '/app/sign-out']);
  expect((await reader.get('/app/mass')).status).toBe(403);
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
