import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Log } from '../config.ts';

const page = z.object({
  data: z.array(
    z.object({
      id: z.number(),
      status: z.string(),
      attention: z.string(),
      percent: z.number(),
      delivered: z.number(),
      totalQuantity: z.number(),
      charge: z.string(),
      refunded: z.string(),
      currency: z.string(),
    }),
  ),
});
type Shown = z.infer<typeof page>['data'][number];

/** Time between two reads; the second one once all shown orders have ended. */
const EVERY_MS = 1_000;
const IDLE_MS = 5_000;

export type DemoOptions = { apiUrl: string; apiKey: string; log: Log; signal: AbortSignal };

/**
 * Prints the demo account's newest orders, also those placed by hand: one line whenever an order's status changes, and for each tenth
 * of it that was delivered.
 * When the API does not answer, it asks again; restarting the API is the supervisor's task.
 */
export async function showOrders({ apiUrl, apiKey, log, signal }: DemoOptions): Promise<void> {
  const shown = new Map<number, string>();
  let first = true;
  while (!signal.aborted) {
    const orders = await newestOrders(apiUrl, apiKey);
    for (const order of orders ?? []) {
      const step = stepOf(order);
      const isNews = shown.get(order.id) !== step;
      shown.set(order.id, step);
      // On the first pass, skip orders that ended before this start.
      if (isNews && !(first && isOver(order))) log(lineOf(order));
    }
    if (orders) first = false;
    const isIdle = orders?.every(isOver) ?? false;
    await delay(isIdle ? IDLE_MS : EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function newestOrders(apiUrl: string, apiKey: string): Promise<Shown[] | undefined> {
  try {
    const response = await fetch(`${apiUrl}/v1/orders?limit=20`, {
      headers: { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) return undefined;
    return page.parse(await response.json()).data.reverse();
  } catch {
    return undefined;
  }
}

function isOver(order: Shown): boolean {
  return ['Completed', 'Partial', 'Canceled'].includes(order.status);
}

/** What makes a line worth printing. */
const stepOf = ({ status, attention, refunded, percent }: Shown): string =>
  [status, attention, refunded, Math.floor(percent / 10)].join(' ');

function lineOf(order: Shown): string {
  const attention = order.attention === 'none' ? '' : `  [${order.attention}]`;
  const refunded = /^[0.]*$/.test(order.refunded) ? '' : `  refunded ${order.refunded} ${order.currency}`;
  const progress = `${Math.floor(order.percent)} %`.padStart(5);
  return `order ${order.id}  ${order.status.padEnd(11)} ${progress}  ${order.delivered}/${order.totalQuantity}${refunded}${attention}`;
}
