import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { end } from '../support/reads/books.ts';
import { ResellerDesk, SCRIPT } from '../support/worlds/reseller-desk.ts';
import { addService } from '../support/worlds/shop.ts';
import { hiddenFields } from '../support/worlds/visitor.ts';

let desk: ResellerDesk;

beforeAll(async () => {
  desk = await ResellerDesk.open();
});
afterAll(() => desk.close());

it('the overview counts the orders that wait for support, and each number leads to its orders', async () => {
  const waiting = await Promise.all(
    ['review', 'conflict', 'uncertain'].map(async (attention) => {
      const id = await desk.on.shop.order({ link: `https://example.com/${attention}` });
      await desk.on.world.sql`update orders set attention = ${attention} where id = ${id}`;
      return id;
    }),
  );
  const processing = await desk.on.shop.order({ link: 'https://example.com/processing' });
  await desk.on.world.sql`update orders set status = 'Processing' where id = ${processing}`;
  const { html } = await desk.customer.get('/app');
  const tile = (name: string) =>
    new RegExp(`<a href="([^"]+)"><span class="quiet">${name}</span><b>(\\d+)<`).exec(html);
  const [, support = '', count] = tile('With support') ?? [];
  expect(count).toBe('3');
  const listed = (await desk.customer.get(support)).html;
  expect([...listed.matchAll(/<tr id="order-(\d+)"/g)].map(([, id]) => Number(id)).sort()).toEqual(waiting.sort());
  expect((await desk.customer.get(tile('Processing')?.[1] ?? '')).html).toContain(`<tr id="order-${processing}"`);
});

it('an order shows its latest events first, and leads to the older ones', async () => {
  const id = await desk.on.shop.order({ link: 'https://example.com/flapping' });
  await desk.on.world.sql`
    select add_event(${id}, case when n % 2 = 0 then 'order.stalled' else 'order.resumed' end, 'system', now())
      from generate_series(1, 120) as n`;
  const { html } = await desk.customer.get(`/app/orders/${id}`);
  expect(html.match(/<b>(?:stalled|resumed|accepted)<\/b>/g)?.[0]).toBe('<b>stalled</b>');
  expect(html).not.toContain('<b>accepted</b>');
  const [, older = ''] = /href="([^"]+)">Older events</.exec(html) ?? [];
  const before = await desk.customer.get(older);
  expect(before.html.match(/<b>accepted<\/b>/g)).toHaveLength(1);
  expect(before.html.match(/<b>(?:stalled|resumed)<\/b>/g)).toHaveLength(20);
});

it('a drip-feed whose runs have not begun shows its plan', async () => {
  const dripFeed = { runs: 30, intervalMinutes: 30 };
  const id = await desk.on.shop.order({ link: 'https://example.com/plan', quantity: 10, dripFeed });
  const { html } = await desk.customer.get(`/app/orders/${id}`);
  expect(html).toContain('Nothing was delivered yet.');
  expect(html).toMatch(/data-chart="[^"]*Planned/);
  expect(html.match(/<span class="badge is-planned">Planned<\/span>/g)).toHaveLength(20);
  expect(html).toContain('10 more runs follow, the last <time ');
});

it('an order with many runs says that the table has the last ones', async () => {
  const dripFeed = { runs: 72, intervalMinutes: 30 };
  const id = await desk.on.shop.order({ link: 'https://example.com/runs', quantity: 10, dripFeed });
  await desk.on.world.sql`
    insert into batches (order_id, batch, quantity, state, delivered)
      select ${id}, n, 10, 'done', 10 from generate_series(1, 60) n`;
  const { html } = await desk.customer.get(`/app/orders/${id}`);
  expect(html).toContain('The last 50 of 60 runs that have begun.');
  expect((await desk.customer.get(`/app/orders/${desk.order}`)).html).not.toContain('The last ');
});

describe('the list of orders', () => {
  it('says when an order is expected to be Completed, once its service was measured', async () => {
    const { service } = await desk.on.world.shop();
    const figures = { ended: 1, partial: 0, canceled: 0, average: 7_000, p50: 7_000, p95: 9_000 };
    const rest = { running: 1, itemsPerHour: 1, load: [] };
    await desk.on.world.sql`insert into service_stats (service_id, as_of, figures)
      values (${service}, now(), ${desk.on.world.sql.json({ ...figures, ...rest })})`;
    const form = `/app/new?service=${service}`;
    const fields = { link: 'https://example.com/expected?sim=seconds:3600', quantity: '1000' };
    const { location } = await desk.send(form, await desk.fields(form, fields));
    expect((await desk.customer.get(location)).html).toMatch(/<dt>Expected<\/dt><dd><time [^>]+>in 1 h/);
    expect((await desk.customer.get(`/app/orders?service=${service}`)).html).toMatch(
      /data-label="Expected"><time [^>]+>in 1 h/,
    );
    await expect
      .poll(async () => (await desk.customer.get(`/app/services?q=${service}`)).html, { timeout: 30_000 })
      .toContain('half in 1 h 56 min, 95 % in 2 h 30 min');
    const ended = await desk.on.shop.order({ link: 'https://example.com/ended' });
    await end(desk.on.world.sql, ended, 1000);
    expect((await desk.customer.get(`/app/orders/${ended}`)).html).not.toContain('<dt>Expected</dt>');
  });

  it('is filtered by its address, and finds an order by its id', async () => {
    const { location } = await desk.customer.get(`/app/orders?find=${desk.order}`);
    expect(location).toBe(`/app/orders/${desk.order}`);
    const partial = await desk.customer.get('/app/orders?status=Partial');
    expect(partial.html).toContain('No order matches');
    const all = await desk.customer.get('/app/orders?status=&from=2020-01-01&to=2999-01-01');
    expect(all.html).toContain(`id="order-${desk.order}"`);
    const scripts = await desk.customer.get(`/app/orders?find=${encodeURIComponent(SCRIPT)}`);
    expect(scripts.html.match(/id="order-\d+"/g)).toEqual([`id="order-${desk.order}"`]);
  });

  it('finds a reference that is a number, and a target that is no address', async () => {
    const numbered = await desk.on.shop.order({ link: 'https://example.com/numbered', reference: '45678' });
    const service = await addService(desk.on.world.sql, desk.on.shop.providers, { link_pattern: '@[a-z]+' });
    const named = await desk.on.shop.order({ service, link: '@shop' });
    const listed = async (query: string) => {
      const { html } = await desk.customer.get(`/app/orders?${query}`);
      return [...html.matchAll(/<tr id="order-(\d+)"/g)].map(([, id]) => Number(id));
    };
    expect(await listed('reference=45678')).toEqual([numbered]);
    expect(await listed('link=%40shop')).toEqual([named]);
    expect(await listed('reference=45678&link=%40shop')).toEqual([]);
    const { html } = await desk.customer.get('/app/orders?reference=45678');
    expect(html).toMatch(/<details open="">.*<label for="reference">Reference<.*value="45678"/s);
    const file = await desk.customer.get('/app/orders/csv?link=%40shop');
    expect(file.html.trim().split('\n')).toHaveLength(2);
  });

  it('shows pasted ids, the first 300 of too many with a word about it, and keeps a text without any', async () => {
    const pasted = await desk.customer.submit('/app/orders', {
      do: 'find',
      ids: `${desk.order};\nand ${desk.order + 1} | 999999`,
    });
    expect(pasted.location).toBe(`/app/orders?find=${desk.order}%2C${desk.order + 1}%2C999999`);
    expect((await desk.customer.get(pasted.location)).html).toContain(`id="order-${desk.order}"`);
    const ids = Array.from({ length: 10_000 }, (_, n) => desk.order + n).join(' ');
    const many = await desk.customer.submit('/app/orders', { do: 'find', ids });
    expect(new URL(many.location, desk.on.api.url).searchParams.get('find')?.split(',')).toHaveLength(300);
    expect((await desk.customer.get(many.location)).html).toContain(
      'These are 10,000 ids: the list has the first 300.',
    );
    const none = await desk.customer.submit('/app/orders?status=Partial', { do: 'find', ids: 'one, two' });
    expect(none.status).toBe(422);
    expect(none.html).toMatch(/<details open="">.*one, two<\/textarea>.*The text has no id in it\./s);
  });

  it('keeps filters under a name, replaces those of the same name, and forgets them', async () => {
    const save = (name: string, query: string) =>
      desk.customer.submit('/app/orders?status=open', { do: 'save', name, query });
    const named = `running ${SCRIPT}`;
    expect((await save(named, 'status=Pending')).location).toBe('/app/orders?status=Pending');
    await save(named, 'status=open&dripFeed=false&unknown=1&cursor=after-1');
    const { html } = await desk.customer.get('/app/orders');
    expect(html).toContain('href="/app/orders?status=open&amp;dripFeed=false"');
    expect(html).not.toContain('href="/app/orders?status=Pending"');
    expect((await desk.customer.get('/app/orders?status=open&dripFeed=false')).html).toContain(
      'aria-current="page">running ',
    );
    expect((await save('x'.repeat(61), 'status=open')).status).toBe(303);
    const [, view = ''] = /name="view" value="(\d+)"/.exec(html) ?? [];
    await desk.customer.submit('/app/orders', { do: 'forget', view, query: '' });
    expect((await desk.on.api.v1('/v1/views', { key: desk.on.key })).body).toEqual({ data: [] });
  });

  it('and the statement are files, too', async () => {
    const list = await desk.customer.get('/app/orders/csv?status=open&find=https://example.com/none');
    expect(list.headers.get('content-disposition')).toMatch(/^attachment; filename="orders-/);
    expect(list.html.trim().split('\n')).toHaveLength(1);
    const statement = await desk.customer.get('/app/statement/csv');
    expect(statement.html).toMatch(/^line,kind,amount/);
  });

  it('cancels the selected orders once their money was shown, each with its own answer, and goes back to its filters', async () => {
    const running = await desk.place('https://example.com/p/3?sim=seconds:3600');
    await desk.statusBecomes(desk.order, 'Completed');
    const list = '/app/orders?status=&archived=false';
    const fields = await desk.fields(list);
    const { location } = await desk.sendMarked(list, { ...fields, do: 'cancel' }, [running, desk.order]);
    expect(location).toBe(`/app/orders/cancel?ids=${running}%2C${desk.order}&back=status%3D%26archived%3Dfalse`);
    const shown = await desk.customer.get(location);
    expect(shown.html).toMatch(/<dt>Money held for them<\/dt><dd><span class="amount">0\.90</);
    expect(shown.html).toMatch(/<dt>Comes back, as counted now<\/dt><dd><span class="amount">0\.\d+</);
    expect(shown.html).toContain('the order has ended: Completed');
    expect(shown.html).toMatch(/<button type="submit" class="danger">Cancel 1 order</);
    expect((await desk.on.api.v1(`/v1/orders/${running}/timeline`, { key: desk.on.key })).body.data).not.toContainEqual(
      expect.objectContaining({ type: 'cancel.requested' }),
    );
    const canceled = await desk.sendMarked(location, hiddenFields(shown.html), [desk.order]);
    expect(canceled.html).toContain('Cancel: 1 of 2 accepted');
    expect(canceled.html).toContain('the order has ended: Completed');
    expect(canceled.html).toContain('href="/app/orders?status=&amp;archived=false"');
    const repeated = await desk.sendMarked(location, hiddenFields(shown.html), [desk.order]);
    expect(repeated.html).toBe(canceled.html);
  });

  it('keeps its filters when no order is selected', async () => {
    const list = '/app/orders?status=Completed&sort=createdAt';
    expect((await desk.customer.submit(list, { do: 'cancel' })).location).toBe(list);
    expect((await desk.customer.submit('/app/refills?status=', { do: 'refill' })).location).toBe(
      '/app/refills?status=',
    );
  });

  it('copies the selected orders as ids and as lines of a mass order', async () => {
    const drip = await desk.on.shop.order({
      link: 'https://example.com/copied',
      quantity: 10,
      dripFeed: { runs: 3, intervalMinutes: 30 },
    });
    const fields = await desk.fields('/app/orders');
    const { location } = await desk.sendMarked('/app/orders', { ...fields, do: 'copy' }, [drip, desk.order]);
    const { html } = await desk.customer.get(location);
    expect(html).toContain(`>${drip}, ${desk.order}</textarea>`);
    const [, lines = ''] = /<textarea id="lines"[^>]*>([^<]*)<\/textarea>/.exec(html) ?? [];
    expect(lines.split('\n')).toContain(`${desk.on.shop.service}|https://example.com/copied|10|3|30`);
    const checked = await desk.customer.post('/app/mass', { ...hiddenFields(html), lines, do: 'check' });
    expect(checked.html).toContain('Nothing is placed yet.');
  });
});

it('an action on an order that has moved on shows its new state and why', async () => {
  const fields = await desk.fields('/app/mass', { do: 'pause', reason: '' });
  await desk.statusBecomes(desk.order, 'Completed');
  const { status, html } = await desk.customer.post(`/app/orders/${desk.order}`, fields);
  expect(status).toBe(409);
  expect(html).toContain('Pause: the order has ended: Completed');
  expect(html).toContain('<span class="badge is-completed">Completed</span>');
});

it('what was spent this week leads to the movements behind it, and an order to those of its money', async () => {
  const today = new Date().toISOString().slice(0, 10);
  const [, week = ''] =
    /href="(\/app\/statement\?[^"]+)"><span class="quiet">Spent in 7 days/.exec(
      (await desk.customer.get('/app')).html,
    ) ?? [];
  expect(week).toContain(`to=${today}`);
  const { html } = await desk.customer.get(week.replaceAll('&amp;', '&'));
  expect(html).toContain('<dt>Spent</dt>');
  expect(html).toContain(`href="/app/orders/${desk.order}"`);
  expect((await desk.customer.get('/app/statement?to=2020-01-01')).html).toContain('No money moved in these days.');
  expect((await desk.customer.get(`/app/statement/csv?from=${today}`)).html.split('\n').length).toBeGreaterThan(2);
  const page = (await desk.customer.get(`/app/orders/${desk.order}`)).html;
  const [, line = ''] = new RegExp(`href="(/app/statement[^"]+)">order:${desk.order}:hold<`).exec(page) ?? [];
  expect((await desk.customer.get(line)).html).toMatch(
    new RegExp(`<tbody><tr><th scope="row" data-label="Line">[^]{0,200}/app/orders/${desk.order}"`),
  );
});
