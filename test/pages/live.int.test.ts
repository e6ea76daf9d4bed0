import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { mustPlace } from '../support/worlds/placing.ts';
import { openVisitor, type Visitor } from '../support/worlds/visitor.ts';

let opened: ApiWorld;
let customer: Visitor;

beforeAll(async () => {
  opened = await apiWorld({ ownServer: true });
  customer = openVisitor(opened.api.url);
  await customer.signIn(opened.key);
});
afterAll(() => opened.close());

/** Reads a stream until its text matches; fails when the stream ends before. */
async function readUntil(path: string, pattern: RegExp): Promise<string> {
  const cookie = customer.cookieHeader();
  const over = new AbortController();
  const answer = await fetch(opened.api.url + path, { headers: { cookie }, signal: over.signal, redirect: 'manual' });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (pattern.test(text)) break;
  }
  over.abort();
  expect(text).toMatch(pattern);
  return text;
}

function place(sim: string): Promise<number> {
  const body = { service: opened.shop.service, link: `https://example.com/live?sim=${sim}`, quantity: 1000 };
  return mustPlace(opened.api, { key: opened.key, body, idempotencyKey: sim });
}

it('the rows of a list follow their orders to the end, and another account’s order is not among them', async () => {
  const [own, foreign] = [await place('seconds:2'), await (await opened.world.shop()).order()];
  const text = await readUntil(`/app/orders/live?ids=${own},${foreign}`, /is-completed">Completed/);
  expect(text).toMatch(/^retry: \d+\n\nevent: parts\ndata: <tr id="order-/);
  expect(text).toContain('1,000 / 1,000');
  expect(text).not.toContain(`order-${foreign}`);
});

it('orders placed after the list was read are counted, also by a stream that begins later', async () => {
  const shown = await place('seconds:3');
  const { html } = await customer.get('/app/orders');
  const [, address = ''] = /data-live="([^"]+)"/.exec(html) ?? [];
  const stream = address.replaceAll('&amp;', '&');
  expect(stream).toMatch(new RegExp(`^/app/orders/live\\?ids=${shown}`));
  expect(await readUntil(stream, /event: parts/)).not.toContain(' new<');
  await place('seconds:4');
  await readUntil(stream, />1 new</);
  await place('seconds:5');
  // An order is accepted after its placing was answered, so the count may pass 1 on its way.
  await readUntil(stream, />2 new</);
});

it('an order’s page follows it, and offers no action that has become impossible', async () => {
  const id = await place('seconds:1');
  const text = await readUntil(`/app/orders/${id}/live`, /is-completed">Completed/);
  const last = text.slice(text.lastIndexOf('event: parts'));
  expect(last).toContain('Not possible now: cancel, pause, resume, refill');
  expect(last).toContain('<section id="timeline"');
  expect(last).toContain(`<p id="said" class="unseen" aria-live="polite">Order ${id}: Completed</p>`);
});

it('another account’s order has no live page, and a session that has ended gets none', async () => {
  const foreign = await (await opened.world.shop()).order();
  expect((await customer.get(`/app/orders/${foreign}/live`)).status).toBe(404);
  expect((await openVisitor(opened.api.url).get('/app/orders/live?ids=1')).status).toBe(303);
});
