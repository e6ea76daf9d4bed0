import { eventName } from '../../../domain/webhook/webhooks.ts';
import type { Evidence } from './evidence.ts';
import { counted, type Figure, never } from './figure.ts';

/** The webhook's receiver must have every event, and nothing else. */
export async function judgeEvents({ sql, shop, heard }: Evidence): Promise<Figure[]> {
  // The webhook was created before the account's first order.
  const rows = await sql<{ id: number; type: string; order: number }[]>`
    select id::float8 as id, type, order_id::float8 as "order" from events
      where account_id = ${shop.account} and is_announced(type)`;
  const events = new Map(rows.map((row) => [eventName(row.id), row]));
  const ids = new Set(heard);
  return [
    counted('events', events.size),
    counted('events told more than once', heard.length - ids.size),
    never(
      'events that the receiver was not told of',
      [...events].filter(([name]) => !ids.has(name)).map(([name, { type, order }]) => `${name}: ${type} of ${order}`),
    ),
    never(
      'events that the receiver was told of and that did not happen',
      [...ids].filter((name) => !events.has(name)),
    ),
  ];
}
