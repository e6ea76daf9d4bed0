import type { Sql, Tx } from '../client.ts';

/** An order notes fewer things within `LIMITS.pauseAgainMinutes`. */
const NOTES = 20;

/**
 * When the customer of an open order `o` last paused it, in milliseconds since 1970; null when that is not among the last notes of
 * its workflow. An order can have thousands of events, and a list has a hundred orders.
 */
export const customersPausedAt = (sql: Sql | Tx) => sql`
  case when o.settled_at is null and o.notes > 0 then (
    select round(extract(epoch from max(e.at)) * 1000)::float8
      from (select type, actor, at from events where order_id = o.id and note is not null order by note desc limit ${NOTES}) e
      where e.type = 'order.paused' and e.actor = 'account ' || o.account_id) end`;
