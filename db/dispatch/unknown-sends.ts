import type { ListedOrder } from '../../domain/dispatch/order-listing.ts';
import type { Decision } from '../../domain/order/batch.ts';
import type { OrderListing } from '../../domain/provider/profile.ts';
import type { Sql } from '../client.ts';
import type { AttemptKey } from './attempts.ts';

/** An attempt of unknown outcome, to search for among its provider's orders. */
export interface DueUnknownSend extends AttemptKey {
  /** Whether the attempt is decided (not placed, given up, or its order has ended): an order that turns up is then a loss. */
  readonly decided: boolean;
  readonly looks: number;
  /** Milliseconds since 1970, as are all times here. */
  readonly sentAt: number;
  readonly noneSince: number | null;
  readonly candidates: readonly Candidate[];
  readonly service: string;
  readonly type: string;
  readonly link: string;
  readonly username: string | null;
  readonly quantity: number;
  /** When our other sends for the same service and link left, those whose order at the provider is not known either. */
  readonly rivals: readonly number[];
}

/** An order at a provider that an attempt may have placed. */
export type Candidate = Pick<ListedOrder, 'providerOrder' | 'quantity' | 'at' | 'status'>;

/** The most attempts that one read of a provider's orders searches for. */
const AT_ONCE = 100;

/**
 * Attempts of a provider that are due for a search: undecided ones, and decided ones for `decidedHours` after the decision.
 */
export async function dueUnknownSends(
  sql: Sql,
  provider: number,
  { looksAfterSeconds, skewSeconds }: OrderListing,
  decidedHours: number,
): Promise<DueUnknownSend[]> {
  return sql<DueUnknownSend[]>`
    select a.order_id::float8 as "orderId", a.batch, a.attempt, is_decided(a) as decided, a.looks, a.candidates,
           (extract(epoch from a.sending_at) * 1000)::float8 as "sentAt",
           (extract(epoch from a.none_since) * 1000)::float8 as "noneSince",
           a.provider_service as service, o.type, o.link, o.fields->>'username' as username, b.quantity::float8 as quantity,
           coalesce((select jsonb_agg(extract(epoch from r.sending_at) * 1000) from attempts r join orders ro on ro.id = r.order_id
             where r.provider_id = a.provider_id and r.provider_service = a.provider_service and ro.link_key = o.link_key
               and r.state in ('sending', 'unknown', 'released') and r.evidence is null
               and (r.order_id, r.batch, r.attempt) <> (a.order_id, a.batch, a.attempt)
               and r.sending_at between a.sending_at - make_interval(secs => ${2 * skewSeconds + 60}) and a.sending_at + make_interval(secs => ${2 * skewSeconds + 60})
               and not exists (select from late_orders l where (l.order_id, l.batch, l.attempt) = (r.order_id, r.batch, r.attempt))
           ), '[]') as rivals
      from attempts a join batches b using (order_id, batch) join orders o on o.id = a.order_id
      where ((a.provider_id = ${provider} and a.state = 'unknown')
          or (a.provider_id = ${provider} and a.state = 'released' and a.decided_at > now() - make_interval(hours => ${decidedHours})))
        and a.sending_at is not null
        and coalesce(a.next_look_at, a.sending_at + make_interval(secs => ${looksAfterSeconds[0] ?? 60})) <= clock_timestamp()
        and case when is_decided(a) then a.decided_at > clock_timestamp() - make_interval(hours => ${decidedHours})
              and not exists (select from late_orders l where (l.order_id, l.batch, l.attempt) = (a.order_id, a.batch, a.attempt))
            else a.evidence is null end
      order by a.sending_at limit ${AT_ONCE}`;
}

/** The result of a search for an attempt; undefined fields stay as they were. */
export interface Looked {
  readonly key: AttemptKey;
  readonly nextLookAt: number;
  /** Whether the provider's list of orders was read. If not, the fields below are absent. */
  readonly heard: boolean;
  readonly candidates?: readonly Candidate[];
  readonly noneSince?: number | null;
  readonly evidence?: Decision;
}

/** Stores the result of a search. It proves nothing about an attempt that was decided meanwhile. */
export async function recordLook(sql: Sql, { key, nextLookAt, heard, ...shown }: Looked): Promise<void> {
  const { orderId, batch, attempt } = key;
  const { candidates, noneSince, evidence } = shown;
  await sql`
    update attempts set looks = looks + 1, next_look_at = ${new Date(nextLookAt)}
        ${heard ? sql`, looked_at = clock_timestamp()` : sql``}
        ${candidates === undefined ? sql`` : sql`, candidates = ${sql.json(candidates.map((one) => ({ ...one })))}`}
        ${noneSince === undefined ? sql`` : sql`, none_since = ${noneSince === null ? null : new Date(noneSince)}`}
        ${evidence === undefined ? sql`` : sql`, evidence = case when state = 'unknown' then ${sql.json({ ...evidence })}::jsonb end`}
      where order_id = ${orderId} and batch = ${batch} and attempt = ${attempt} and state in ('unknown', 'released')`;
}

/** The orders of a provider that belong to a known batch or late order. */
export async function ownedOrders(sql: Sql, provider: number, ids: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ id: string }[]>`
    select provider_order as id from batches where provider_id = ${provider} and provider_order = any(${ids as string[]})
    union select provider_order from late_orders where provider_id = ${provider} and provider_order = any(${ids as string[]})
    union select evidence->>'providerOrder' from attempts
      where provider_id = ${provider} and state = 'unknown' and evidence->>'providerOrder' = any(${ids as string[]})`;
  return new Set(rows.map(({ id }) => id));
}

/** Whether a list that goes back to `since` has all orders that the provider gave us between `since` and `until`. */
export async function hasAllOurs(
  sql: Sql,
  provider: number,
  listed: readonly string[],
  since: number,
  until: number,
): Promise<boolean> {
  const [missing] = await sql`
    select from attempts where provider_id = ${provider} and state = 'accepted'
        and sending_at >= to_timestamp(${since / 1000}) and decided_at <= to_timestamp(${until / 1000})
        and provider_order <> all(${listed as string[]}) limit 1`;
  return missing === undefined;
}

/** A send that placed a known order of a provider. */
type KnownSend = Pick<DueUnknownSend, 'service' | 'type' | 'link' | 'username' | 'quantity' | 'sentAt'> & {
  readonly providerOrder: string;
};

/** The sends of ours that placed some of these orders of a provider. */
export async function knownSends(sql: Sql, provider: number, ids: readonly string[]): Promise<KnownSend[]> {
  return sql<KnownSend[]>`
    select b.provider_order as "providerOrder", a.provider_service as service, o.type, o.link, o.fields->>'username' as username,
           b.quantity::float8 as quantity, (extract(epoch from a.sending_at) * 1000)::float8 as "sentAt"
      from batches b join orders o on o.id = b.order_id
      join attempts a on (a.order_id, a.batch, a.provider_id) = (b.order_id, b.batch, b.provider_id)
        and a.state = 'accepted' and a.provider_order = b.provider_order and a.sending_at is not null
      where b.provider_id = ${provider} and b.provider_order = any(${ids as string[]})`;
}

/** Withdraws evidence that was wrong, because the order belongs to another batch. The attempt is searched for again. */
export async function forgetEvidence(sql: Sql, { orderId, batch, attempt }: AttemptKey): Promise<void> {
  await sql`
    update attempts set evidence = null where order_id = ${orderId} and batch = ${batch} and attempt = ${attempt}`;
}

/** Evidence about an attempt that its workflow has not acted on. */
export interface DueEvidence extends AttemptKey {
  readonly evidence: Decision;
}

/** Takes evidence that was never signalled, or was signalled `resendSeconds` ago and not acted on; marks it as signalled now. */
export async function takeEvidence(sql: Sql, provider: number, resendSeconds: number): Promise<DueEvidence[]> {
  return sql<DueEvidence[]>`
    update attempts a set told_at = clock_timestamp()
      where provider_id = ${provider} and state = 'unknown' and evidence is not null and not is_decided(a)
        and (told_at is null or told_at < clock_timestamp() - make_interval(secs => ${resendSeconds}))
      returning order_id::float8 as "orderId", batch, attempt, evidence`;
}
