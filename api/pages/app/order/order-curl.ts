import type { Order } from '../../../../client/openapi.ts';

type Ordered = Pick<Order, 'id' | 'service' | 'link' | 'quantity' | 'runs' | 'intervalMinutes'>;

/** A text as one word of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Commands that read this order, and that place the same order again; the key is read from a variable. */
export function curlOf(apiUrl: string, order: Ordered): string {
  const { id, service, link, quantity, runs, intervalMinutes } = order;
  const dripFeed = runs > 1 ? { dripFeed: { runs, intervalMinutes: intervalMinutes ?? 1 } } : {};
  const body = JSON.stringify({ service, link, quantity, ...dripFeed });
  return [
    `curl -sS ${quoted(`${apiUrl}/v1/orders/${id}`)} -H "Authorization: Bearer $HOLDFAST_KEY"`,
    '',
    `curl -sS ${quoted(`${apiUrl}/v1/orders`)} -H "Authorization: Bearer $HOLDFAST_KEY" \\`,
    `  -H "Idempotency-Key: again-${id}" -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(body)}`,
  ].join('\n');
}
