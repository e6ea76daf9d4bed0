import type { Sql } from '../../db/client.ts';
import type { Log } from '../../dev/config.ts';
import { eventName } from '../../domain/webhook/webhooks.ts';
import { customerAt } from './customer.ts';
import type { ChaosShop } from './shop.ts';
import { eventually } from './wait.ts';

/** Counts of what has not come to rest. */
interface Moving {
  /** Undecided claims. */
  readonly claims: number;
  /** Orders that have not ended and do not wait only for a person. */
  readonly orders: number;
  readonly refills: number;
  /** Events not yet delivered to their webhook. */
  readonly events: number;
}

async function moving(sql: Sql, { account, webhook }: ChaosShop): Promise<Moving> {
  const [row] = await sql<Moving[]>`
    select (select count(*)::integer from claims where account_id = ${account} and state = 'open') as claims,
      (select count(*)::integer from orders o where o.account_id = ${account} and o.settled_at is null
        and (o.attention in ('none', 'stalled') or o.next_run_at is not null
          or exists (select from batches b where b.order_id = o.id and b.state in ('waiting', 'sending', 'running')))) as orders,
      (select count(*)::integer from refills r join orders o on o.id = r.order_id
        where o.account_id = ${account} and r.stage not in ('ended', 'review')) as refills,
      (select count(*)::integer from webhook_deliveries where endpoint_id = ${webhook} and state <> 'delivered') as events`;
  if (row === undefined) throw new Error('the counts returned no row');
  return row;
}

export interface EndingOptions {
  readonly sql: Sql;
  readonly shop: ChaosShop;
  readonly apiUrl: string;
  readonly log: Log;
  /** Limit in milliseconds. */
  readonly limit: number;
}

const LOG_EVERY_MS = 10_000;
/** After two failed tries within seconds, the third try comes five minutes later. The account need not wait for it. */
const REPLAY_AFTER_MS = 30_000;

/**
 * Waits until every order has ended or waits for a person, and every event has been delivered. When only events that failed twice
 * are left, the account asks for their replay, as it may at any time.
 * Returns how many events it asked for. Throws when something is still moving at the limit.
 */
export async function untilAtRest({ sql, shop, apiUrl, log, limit }: EndingOptions): Promise<number> {
  const customer = customerAt(apiUrl, shop.key);
  const replayed = new Set<number>();
  let said = performance.now();
  let onlyEventsSince: number | undefined;
  await eventually('every order has ended or waits for a person, and every event was told', limit, async () => {
    const left = await moving(sql, shop);
    const { claims, orders, refills, events } = left;
    if (performance.now() - said > LOG_EVERY_MS) {
      log(`still moving: ${claims} requests, ${orders} orders, ${refills} refills, ${events} events`);
      said = performance.now();
    }
    if (claims + orders + refills > 0) onlyEventsSince = undefined;
    else if (events === 0) return left;
    else onlyEventsSince ??= performance.now();
    if (onlyEventsSince !== undefined && performance.now() - onlyEventsSince > REPLAY_AFTER_MS) {
      for (const event of await failedTwice(sql, shop)) {
        if (replayed.has(event)) continue;
        const body = { event: eventName(event) };
        const answer = await customer.ask(`/v1/webhooks/${shop.webhook}/replay`, { body });
        if (answer?.status === 202) replayed.add(event);
      }
    }
    return undefined;
  });
  return replayed.size;
}

async function failedTwice(sql: Sql, { webhook }: ChaosShop): Promise<number[]> {
  const rows = await sql<{ event: number }[]>`
    select event_id::float8 as event from webhook_deliveries
      where endpoint_id = ${webhook} and state = 'retrying' and attempts >= 2`;
  return rows.map(({ event }) => event);
}
