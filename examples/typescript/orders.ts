/**
 * Places an order, follows it to its end, cancels another, pages through all orders and asks for a refill, with the typed
 * client. Takes HOLDFAST_URL, HOLDFAST_KEY and HOLDFAST_SERVICE from the environment:
 *
 *     node --import tsx examples/typescript/orders.ts
 */
import { randomUUID } from 'node:crypto';
import { createClient, HoldfastProblem, type Order } from '@holdfast/client';

const {
  HOLDFAST_URL: url = 'http://127.0.0.1:3000',
  HOLDFAST_KEY: key = '',
  HOLDFAST_SERVICE: service = '1',
} = process.env;
const holdfast = createClient({ url, key });

/** `sale` is your own name for what you sell: a repeat with the same name, now or after a crash, is still one order. */
async function buy(sale: string, link: string): Promise<Order> {
  const body = { service: Number(service), link, quantity: 100, reference: sale };
  const order = await holdfast.POST('/v1/orders', { body, idempotencyKey: sale });
  console.log(`placed order ${order.id}, price ${order.price} ${order.currency}`);
  return order;
}

const tellEnd = ({ id, status, charge, refunded }: Order) =>
  console.log(`order ${id} ended ${status}: charged ${charge}, refunded ${refunded}`);

const first = await buy(`sale-${randomUUID()}`, 'https://example.com/p/1');
for await (const message of holdfast.events(first.id)) {
  if (message.type === 'progress') console.log(`order ${first.id}: ${message.progress.percent} %`);
}
tellEnd(await holdfast.ended(first.id));

const second = await buy(`sale-${randomUUID()}`, 'https://example.com/p/2');
const params = { path: { id: second.id } };
const asked = await holdfast.POST('/v1/orders/{id}/cancel', { params, body: { reason: 'changed my mind' } });
console.log(`cancel of order ${second.id}: ${asked.message}`);
tellEnd(await holdfast.ended(second.id));

const ids: number[] = [];
for await (const { id } of holdfast.each('/v1/orders', { params: { query: { limit: 1 } } })) ids.push(id);
console.log(`${ids.length} orders, newest first: ${ids.join(' ')}`);

try {
  const refill = await holdfast.POST('/v1/orders/{id}/refills', { params: { path: { id: first.id } } });
  console.log(`refill ${refill.id} of order ${first.id}: ${refill.status}`);
} catch (error) {
  // Every refusal has a stable code, and says why.
  if (!(error instanceof HoldfastProblem) || error.code !== 'refill_unavailable') throw error;
  console.log(`no refill of order ${first.id}: ${error.detail}`);
}
