import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../client/index.ts';
import { createKey } from '../../db/account/accounts.ts';
import { filledIn, writtenRequests } from '../support/reads/http-file.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';

let on: ApiWorld;

beforeAll(async () => {
  on = await apiWorld({ service: { refill_days: 30, drip_feed: true }, ownServer: true });
});
afterAll(() => on.close());

/** Values for the collection's variables. Every object exists. */
async function values(): Promise<Record<string, string>> {
  const { world, api, shop, key, staff: adminKey } = on;
  const stale = await createKey(world.sql, { accountId: shop.account, name: 'stale' });
  const old = await createKey(world.sql, { accountId: shop.account, name: 'old' });
  const client = createClient({ url: api.url, key });
  // Its provider takes no notice of a cancel, so every request of the collection finds it as it was.
  const link = 'https://example.com/collected?sim=seconds:600,oncancel:ignore';
  const order = await client.POST('/v1/orders', { body: { service: shop.service, link, quantity: 1000 } });
  const running = await client.POST('/v1/orders', {
    body: { service: shop.service, link: `${link}#2`, quantity: 1000 },
  });
  for (const { id } of [order, running]) {
    const status = async () => (await client.GET('/v1/orders/{id}', { params: { path: { id } } })).status;
    await expect.poll(status).toBe('In progress');
  }
  const lines = Array.from({ length: 101 }, (_, line) => `${shop.service}|https://example.com/listed/${line}|100`);
  const list = await client.POST('/v1/orders/batch', { body: { lines } });
  const webhook = await client.POST('/v1/webhooks', { body: { url: 'https://example.com/hook' } });
  const view = await client.POST('/v1/views', { body: { name: 'all', query: 'sort=createdAt' } });
  const decision = await createClient({ url: api.url, key: adminKey }).POST('/v1/admin/reviews/resolve', {
    body: { ids: [order.id], action: 'complete', reason: 'collected' },
  });
  const [alert] = await world.sql<{ id: number }[]>`
    insert into alerts (kind, subject, detail, at) values ('provider_word', 'word:1:odd', 'odd', now()) returning id::float8 as id`;
  const ids = {
    order: order.id,
    runningOrder: running.id,
    service: shop.service,
    webhook: webhook.id,
    account: shop.account,
    alert: alert?.id,
    view: view.id,
  };
  return {
    ...Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, String(id)])),
    ...{
      url: api.url,
      key,
      adminKey,
      provider: String(shop.providers[0]),
      staleKey: String(stale.id),
      oldKey: String(old.id),
    },
    list: String('id' in list ? list.id : 0),
    decision: String('id' in decision ? decision.id : 0),
    $timestamp: String(Math.floor(Date.now() / 1000)),
  };
}

/** Statuses of requests that the API rightly refuses for a running order or a wrong code. */
const REFUSED: Readonly<Record<string, number>> = {
  'Ask for a refill of a Completed order': 409,
  'Decide about an order that waits': 409,
  'Send what is missing of an order on the next route': 409,
  'Ask for a refill of a Completed order of any account': 409,
  // The order has not ended.
  'Where the rest of a Partial or Canceled order can be ordered again': 409,
  'Order the rest again, on another service': 409,
  'Confirm an e-mail address': 422,
  "Report a provider's order that turned up late": 409,
};

test('every request of examples/holdfast.http is served as it is written', async () => {
  const known = await values();
  const found: [string, number][] = [];
  const expected: [string, number][] = [];
  for (const { title, method, target, headers, body } of await writtenRequests()) {
    const closing = new AbortController();
    const filled = Object.entries(headers).map(([name, value]) => [name, filledIn(value, known)] as [string, string]);
    const answer = await fetch(on.api.url + filledIn(target, known), {
      method,
      headers: filled,
      signal: closing.signal,
      ...(body === undefined ? {} : { body: filledIn(body, known) }),
    });
    found.push([title, answer.status]);
    const isSigned = 'Webhook-Signature' in headers;
    expected.push([title, REFUSED[title] ?? (isSigned ? 401 : answer.ok ? answer.status : 200)]);
    // Some of the requests are streams, which this ends.
    closing.abort();
  }
  expect(found).toEqual(expected);
  expect(found.length).toBeGreaterThan(40);
});
