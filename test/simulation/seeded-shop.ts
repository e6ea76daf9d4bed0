import type { Sql } from '../../db/client.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';
import type { Chance } from './chance.ts';
import type { SeededProviders } from './provider.ts';
import { STATUS_WORDS } from './provider-order.ts';

const MINUTE = 60_000;

/** A shop with two or three providers. One may be unreachable, and one may list its orders. */
export async function shopOf(sql: Sql, chance: Chance, providers: SeededProviders, masterKey: Buffer): Promise<Shop> {
  const urls = ['one', 'two', 'three'].slice(0, chance.between(2, 3, 'providers')).map((name) => providers.url(name));
  if (chance.occurs(0.15, 'unreachable')) urls.splice(chance.between(0, 1, 'which'), 0, 'http://127.0.0.1:9/api/v2');
  const shop = await openShop(sql, {
    balance: '10000',
    providers: urls,
    masterKey,
    service: {
      after_failed_run: chance.pick(
        [
          [1, 'continue'],
          [1, 'retry'],
          [1, 'stop'],
        ],
        'after failed run',
      ),
      cancel: chance.occurs(0.8, 'cancelable'),
      stall_after_seconds: 4 * 3_600,
      review_after_seconds: chance.between(6, 30, 'review after') * 3_600,
      refill_days: chance.pick(
        [
          [2, 0],
          [1, 1],
        ],
        'refill days',
      ),
    },
  });
  for (const [nth, provider] of shop.providers.entries()) {
    const lists = nth === 0 && chance.occurs(0.5, 'lists');
    const listsOrders = { action: 'orders', authoritative: chance.occurs(0.5, 'authoritative') };
    const profile = { statusWords: STATUS_WORDS, ...(lists ? { listsOrders } : {}) };
    await sql`update providers set profile = ${sql.json(profile)} where id = ${provider}`;
  }
  return shop;
}

type Options = { readonly continueAfterEvents?: number };

/** Writes a claim as the API does. `options` may limit the length of the workflow's history. */
export async function claimOf(
  chance: Chance,
  shop: Shop,
  nth: number,
  now: number,
): Promise<{ orderId: number; options: Options }> {
  const dripFeed = chance.occurs(0.3, 'drip-feed', nth)
    ? { runs: chance.between(2, 4, 'runs', nth), intervalMinutes: chance.between(30, 180, 'interval', nth) }
    : undefined;
  const scheduledAt = chance.occurs(0.1, 'scheduled', nth)
    ? now + chance.between(1, 600, 'starts', nth) * MINUTE
    : undefined;
  const orderId = await shop.claim({
    link: `https://example.com/p/${nth}`,
    quantity: chance.occurs(0.03, 'too dear', nth) ? 99_999 : chance.between(10, 2_000, 'quantity', nth),
    ...(dripFeed === undefined ? {} : { dripFeed }),
    ...(scheduledAt === undefined ? {} : { scheduledAt }),
  });
  const options = chance.occurs(0.3, 'short histories', nth)
    ? { continueAfterEvents: chance.between(30, 60, 'events', nth) }
    : {};
  return { orderId, options };
}
