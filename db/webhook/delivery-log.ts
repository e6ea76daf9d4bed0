import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type DeliveryState, TEST_EVENT } from '../../domain/webhook/webhooks.ts';
import type { Sql, Tx } from '../client.ts';
import { type List, type ListPage, readListPage } from '../list-page.ts';

const again = (sql: Sql | Tx) => sql`
  on conflict (endpoint_id, event_id) do update set state = 'pending', round = d.round + 1, next_attempt_at = now(),
      delivered_at = null
    where d.state <> 'pending'`;

const tooSoon = () => new Refusal('replayed_lately', `at most once in ${LIMITS.replayCooldown} seconds`);

/**
 * Sends an event of the account again, even when the endpoint does not listen to its type. False when there is no such event.
 * @throws Refusal `replayed_lately`
 */
export async function replayEvent(tx: Tx, accountId: number, endpoint: number, event: number): Promise<boolean> {
  const lately = await tx`
    select from webhook_deliveries where endpoint_id = ${endpoint} and event_id = ${event}
      and replayed_at > clock_timestamp() - make_interval(secs => ${LIMITS.replayCooldown})`;
  if (lately.length > 0) throw tooSoon();
  const rows = await tx`
    with found as (
      select id, type, order_id from events where id = ${event} and account_id = ${accountId} and is_announced(type)
      union all
      select event_id, type, null from webhook_deliveries
        where endpoint_id = ${endpoint} and event_id = ${event} and type = ${TEST_EVENT}
    ), sent as (
      insert into webhook_deliveries as d (event_id, endpoint_id, type, order_id)
        select id, ${endpoint}, type, order_id from found ${again(tx)}
    )
    select from found`;
  await tx`
    update webhook_deliveries set replayed_at = clock_timestamp() where endpoint_id = ${endpoint} and event_id = ${event}`;
  return rows.length === 1;
}

/**
 * Sends again the events that the endpoint listens to, from `from` until before `to`, even those that it got. Undefined when
 * there are more than LIMITS.replayEvents. LIMITS.replayCooldown lets one replay be sent before the next, and keeps the events of
 * an account from being read all the time: it counts also when nothing is sent.
 * @throws Refusal `replayed_lately`
 */
export async function replayPeriod(tx: Tx, endpoint: number, from: Date, to: Date): Promise<number | undefined> {
  const begun = await tx`
    update webhook_endpoints set replayed_at = clock_timestamp()
      where id = ${endpoint} and (replayed_at is null
        or replayed_at <= clock_timestamp() - make_interval(secs => ${LIMITS.replayCooldown}))`;
  if (begun.count === 0) throw tooSoon();
  const wanted = tx`
    events e join webhook_endpoints w on w.account_id = e.account_id and (w.events is null or e.type = any (w.events))
      where w.id = ${endpoint} and is_announced(e.type) and e.at >= ${from} and e.at < ${to}`;
  const [{ count } = { count: 0 }] = await tx<{ count: number }[]>`
    select count(*)::integer as count from (select from ${wanted} limit ${LIMITS.replayEvents + 1}) events`;
  if (count > LIMITS.replayEvents) return undefined;
  if (count > 0) {
    await tx`
      insert into webhook_deliveries as d (event_id, endpoint_id, type, order_id)
        select e.id, w.id, e.type, e.order_id from ${wanted} ${again(tx)}`;
  }
  return count;
}

/** One line of the delivery log. */
export interface DeliveryRow {
  readonly event: number;
  readonly type: string;
  readonly order: number | null;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly lastAttemptAt: Date | null;
  readonly nextAttemptAt: Date | null;
  readonly deliveredAt: Date | null;
}

export interface DeliveryFilter {
  readonly state?: DeliveryState | undefined;
  /** Only events with an id below this one. */
  readonly before?: number | undefined;
}

/** A page of an endpoint's deliveries, newest event first. */
export async function listDeliveries(
  sql: Sql,
  endpoint: number,
  { state, before }: DeliveryFilter,
  limit: number,
): Promise<ListPage<DeliveryRow>> {
  const list: List = {
    table: 'webhook_deliveries',
    alias: 'd',
    columns: sql`
      event_id::float8 as event, type, order_id::float8 as "order", state, attempts, last_status as "lastStatus",
      last_error as "lastError", created_at as "createdAt", last_attempt_at as "lastAttemptAt",
      next_attempt_at as "nextAttemptAt", delivered_at as "deliveredAt"`,
    ...(state === undefined || state === 'delivered'
      ? // Most events arrive, so those that did have no index of their own.
        { of: sql`d.endpoint_id = ${endpoint}`, rest: state && sql`state = ${state}` }
      : {
          of: sql`d.endpoint_id = ${endpoint} and d.state <> 'delivered'`,
          by: { column: sql`d.state`, value: state },
        }),
    position: sql`d.event_id`,
    direction: 'desc',
    after: before,
  };
  return readListPage(sql, list, limit);
}

/**
 * Deletes at most `most` deliveries that have been over for `days` days; returns how many. Open deliveries stay, however old.
 */
export async function deleteOldDeliveries(sql: Sql, days: number, most: number): Promise<number> {
  const { count } = await sql`
    delete from webhook_deliveries where ctid = any (array(
      select ctid from webhook_deliveries
        where created_at < now() - make_interval(days => ${days}) and state not in ('pending', 'retrying')
          and (last_attempt_at is null or last_attempt_at < now() - make_interval(days => ${days}))
        limit ${most} for update skip locked))`;
  return count;
}
