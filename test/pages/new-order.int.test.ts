import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { end } from '../support/reads/books.ts';
import { serveApi } from '../support/worlds/api.ts';
import { ResellerDesk, SCRIPT } from '../support/worlds/reseller-desk.ts';
import { hiddenFields, openVisitor } from '../support/worlds/visitor.ts';

let desk: ResellerDesk;

beforeAll(async () => {
  desk = await ResellerDesk.open();
});
afterAll(() => desk.close());

describe('the form for a new order', () => {
  it('that is sent twice places one order', async () => {
    const fields = await desk.fields(desk.newOrder, { link: 'https://example.com/twice', quantity: '10' });
    const answers = await Promise.all([desk.send(desk.newOrder, fields), desk.send(desk.newOrder, fields)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect(answers[0]?.location).toBe(answers[1]?.location);
    expect((await desk.orders()).filter(({ link }) => link === fields.link)).toHaveLength(1);
  });

  it('says what is wrong beside the field, keeps what was typed, and takes a new key', async () => {
    const sent = await desk.fields(desk.newOrder);
    const wrong = { ...sent, link: 'https://example.com/small', quantity: '3' };
    const { status, html } = await desk.customer.post(desk.newOrder, wrong);
    expect(status).toBe(422);
    expect(html).toMatch(/<p class="error" id="quantity-error">[^<]*the minimum is 10<\/p>/);
    expect(html).toContain('value="https://example.com/small"');
    const again = hiddenFields(html);
    const right = { ...again, link: wrong.link, quantity: '10' };
    expect(again.key).not.toBe(sent.key);
    expect((await desk.send(desk.newOrder, right)).location).toMatch(/^\/app\/orders\/\d+$/);
  });

  it('shows the notice of its order once', async () => {
    const id = await desk.place('https://example.com/notice');
    expect((await desk.customer.get(`/app/orders/${id}`)).html).toContain(`Order ${id} is placed.`);
    expect((await desk.customer.get(`/app/orders/${id}`)).html).not.toContain(`Order ${id} is placed.`);
  });

  it('says that the price is not known while v1 refuses to tell it', async () => {
    const api = await serveApi({ ...desk.on.world, rates: { RATE_LIMIT_PER_SECOND: 0.001, RATE_LIMIT_BURST: 1 } });
    const person = openVisitor(api.url);
    await person.signIn(desk.on.key);
    const fields = { ...hiddenFields((await person.get('/app/mass')).html), quantity: '12345' };
    const { status, html } = await person.post(`/app/new/price?service=${desk.on.shop.service}`, fields);
    await api.close();
    expect(status).toBe(200);
    expect(html).toMatch(/^<div id="price" class="price"><p class="quiet">The price is not known now\./);
  });

  it('shows the exact price of what is typed so far', async () => {
    const fields = await desk.fields(desk.newOrder, { quantity: '12345', runs: '3' });
    const { html } = await desk.customer.post(`/app/new/price?service=${desk.on.shop.service}`, fields);
    expect(html).toContain('33.3315 USD');
    expect(html).toContain('for 37,035');
    expect(html).not.toContain('3 runs of');
  });

  it('shows the plan of a drip-feed once its runs and interval are typed', async () => {
    const fields = await desk.fields(desk.newOrder, { quantity: '100', runs: '6', interval: '30' });
    const start = new Date(Date.now() + 3_600_000).toISOString().slice(0, 16);
    const { html } = await desk.customer.post(`/app/new/price?service=${desk.on.shop.service}`, {
      ...fields,
      scheduledAt: start,
    });
    const last = new Date(Date.parse(`${start}Z`) + 5 * 30 * 60_000).toISOString();
    expect(html).toContain(`6 runs of 100, one every 30 min, the last at about <time datetime="${last}"`);
  });
});

it('a service says what its price is for, and leads from no number of all customers to the orders of one', async () => {
  const { html } = await desk.customer.get(`/app/services/${desk.on.shop.service}`);
  expect(html).toContain('0.90 USD per 1,000');
  expect(html).toMatch(/<dt>Orders that ended, of all customers<\/dt><dd>\d+<\/dd>/);
});

it('a star puts a service before all others, and the same list is shown again', async () => {
  const { service } = await desk.on.world.shop({ service: { name: 'Zebra likes' } });
  const star = async (button: string) => {
    const fields = await desk.fields('/app/services?q=zebra', { service: String(service) });
    return desk.customer.post('/app/services', { ...fields, do: button });
  };
  await expect
    .poll(async () => (await desk.customer.get('/app/services?q=zebra')).html)
    .toContain('Make Zebra likes a favourite');
  expect((await star('star')).location).toBe('/app/services?q=zebra');
  const { html } = await desk.customer.get('/app/new');
  expect(html).toContain('Zebra likes is a favourite: take it away');
  expect(/<tbody>[\s\S]*?service=(\d+)"/.exec(html)?.[1]).toBe(String(service));
  await star('unstar');
  expect((await desk.customer.get('/app/new')).html).toContain('Make Zebra likes a favourite');
});

it('the rest of an order is ordered again on another service, once', async () => {
  const { service } = await desk.on.world.shop({ service: { category: SCRIPT, name: 'The other' } });
  const id = await desk.on.shop.order({ link: 'https://example.com/rest' });
  await end(desk.on.world.sql, id, 400);
  const { html } = await desk.customer.get(`/app/orders/${id}`);
  expect(html).toContain('The other: 0.54 USD');
  const fields = { ...hiddenFields(html), do: 'reorder', service: String(service) };
  const first = await desk.send(`/app/orders/${id}`, fields);
  expect(first.location).toMatch(/^\/app\/orders\/\d+$/);
  expect((await desk.send(`/app/orders/${id}`, fields)).location).toBe(first.location);
  expect((await desk.customer.get(first.location)).html).toContain(`order ${id}</a>`);
  expect((await desk.customer.get(`/app/orders/${id}`)).html).toContain('orders the rest of this order');
});
