import type { RouteChoice } from '../../domain/dispatch/routing.ts';
import type { Sql, Tx } from '../client.ts';
import type { Attempt } from './attempts.ts';
import type { Candidate } from './unknown-sends.ts';

/** One try to place a batch, with all that a person needs to decide about it. */
export interface AttemptRow {
  readonly order: number;
  readonly batch: number;
  readonly attempt: number;
  readonly state: Attempt['state'];
  readonly provider: number;
  readonly providerName: string;
  readonly providerService: string;
  readonly providerOrder: string | null;
  /** The target, and how many items. */
  readonly target: string;
  readonly quantity: number;
  /** How often the attempt was taken for sending. Only the last take may have left; the takes before it provably did not. */
  readonly sends: number;
  readonly sentAt: Date | null;
  readonly decidedAt: Date | null;
  /** The provider's words, when it refused. */
  readonly error: string | null;
  /** What the connection or the answer proved. */
  readonly said: string | null;
  /** Whether the provider lists its orders, so that Holdfast looks for the send there. */
  readonly isLookedFor: boolean;
  readonly looks: number;
  readonly lookedAt: Date | null;
  readonly noneSince: Date | null;
  /** Why it has its route; null: by the order of preference. */
  readonly choice: RouteChoice | null;
  readonly candidates: readonly Candidate[];
}

/** The attempts of these orders, the last batch and attempt first; `unknown`: only those whose outcome is unknown. */
export async function attemptsOf(
  sql: Sql | Tx,
  orders: readonly number[],
  which: 'all' | 'unknown',
  most: number,
): Promise<AttemptRow[]> {
  if (orders.length === 0) return [];
  return sql<AttemptRow[]>`
    select a.order_id::float8 as "order", a.batch, a.attempt, a.state, a.provider_id as provider, p.name as "providerName",
           a.provider_service as "providerService", a.provider_order as "providerOrder",
           case when o.type = 'Subscriptions' then coalesce(o.fields->>'username', o.link) else o.link end as target,
           b.quantity::float8 as quantity, a.sends, a.sending_at as "sentAt", a.decided_at as "decidedAt", a.error, a.detail as said,
           coalesce(jsonb_typeof(p.profile->'listsOrders') = 'object', false) as "isLookedFor", a.looks, a.looked_at as "lookedAt",
           a.none_since as "noneSince", a.candidates, a.choice
      from orders o
      cross join lateral (
        select * from attempts where order_id = o.id ${which === 'unknown' ? sql`and state = 'unknown'` : sql``}
          order by batch desc, attempt desc limit ${most}
      ) a
      join batches b on b.order_id = a.order_id and b.batch = a.batch join providers p on p.id = a.provider_id
      where o.id = any(${orders.map(String)}::bigint[])
      order by a.order_id, a.batch desc, a.attempt desc limit ${most}`;
}
