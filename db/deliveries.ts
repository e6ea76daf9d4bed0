import { LIMITS } from '../domain/limits.ts';
import { type DeliveryRound, type DeliveryState, TEST_EVENT } from '../domain/webhooks.ts';
import type { Sql, Tx } from './client.ts';

export interface TakeOptions {
  readonly most: number;
  /** At most so many of one endpoint. */
  readonly each: number;
  /** Endpoints that have enough to do. */
  readonly busy: readonly number[];
}

/** Nobody else takes them for so long: longer than an attempt and writing down what came of it. */
const LEASE_SECONDS = 60;

/** Takes deliveries whose first attempt is due. */
export async function takeDeliveries(sql: Sql, { most, each, busy }: TakeOptions): Promise<DeliveryRound[]> {
  return sql<DeliveryRound[]>`
    select event_id::float8 as event, endpoint_id as endpoint, round
      from take_deliveries(${most}, ${each}, ${[...busy]}::integer[], ${LEASE_SECONDS})`;
}

/** What is to be sent, and where to. */
export interface OpenDelivery {
  readonly accountId: number;
  readonly url: string;
  readonly secretCipher: Buffer;
  /** The secret before, while it signs too. */
  readonly previousCipher: Buffer | null;
  readonly isDisabled: boolean;
  readonly type: string;
  readonly at: Date;
  /** Null for a test. */
  readonly orderId: number | null;
  readonly version: number | null;
  /** The refill it is about. */
  readonly refill: number | null;
}

/** Undefined when nothing is to be sent any more. */
export async function readDelivery(
  sql: Sql,
  { event, endpoint, round }: DeliveryRound,
): Promise<OpenDelivery | undefined> {
  const [row] = await sql<OpenDelivery[]>`
    select w.account_id as "accountId", w.url, w.secret_cipher as "secretCipher",
           case when w.previous_until > clock_timestamp() then w.previous_cipher end as "previousCipher",
           w.disabled_reason is not null as "isDisabled", d.type, coalesce(e.at, d.created_at) as at,
           d.order_id::float8 as "orderId", e.version, r.id::float8 as refill
      from webhook_deliveries d join webhook_endpoints w on w.id = d.endpoint_id
      left join events e on e.id = d.event_id
      left join refills r on r.order_id = e.order_id and r.number = (e.data->>'refill')::integer
      where d.endpoint_id = ${endpoint} and d.event_id = ${event} and d.round = ${round} and d.state in ('pending', 'retrying')`;
  return row;
}

/** How an attempt ended. `gone`: it failed, and its endpoint wants nothing more. */
export interface AttemptRecord {
  readonly state: 'delivered' | 'retrying' | 'failed' | 'gone';
  readonly status: number | null;
  readonly error: string | null;
  /** When the next attempt is due; milliseconds since 1970. */
  readonly nextAt: number | null;
}

export async function recordDelivery(sql: Sql, of: DeliveryRound, how: AttemptRecord): Promise<void> {
  const next = how.nextAt === null ? null : new Date(how.nextAt);
  await sql`
    select record_delivery(${of.endpoint}, ${of.event}, ${of.round}, ${how.state}, ${how.status}, ${how.error}, ${next})`;
}

/** It was to be sent to an endpoint that has been disabled. */
export async function stopDelivery(sql: Sql, { event, endpoint, round }: DeliveryRound): Promise<void> {
  await sql`
    update webhook_deliveries set state = 'stopped', next_attempt_at = null
      where endpoint_id = ${endpoint} and event_id = ${event} and round = ${round} and state in ('pending', 'retrying')`;
}

/** A test is an event of its own that happened to no order; returns its id. */
export async function addTest(sql: Sql, endpoint: number): Promise<number> {
  const [row] = await sql<{ event: number }[]>`
    insert into webhook_deliveries (event_id, endpoint_id, type)
      values (nextval(pg_get_serial_sequence('events', 'id')), ${endpoint}, ${TEST_EVENT}) returning event_id::float8 as event`;
  return (row as { event: number }).event;
}

/** Deliveries whose next attempt was due so long ago, the longest due first. */
export async function lateDeliveries(sql: Sql, seconds: number, limit: number): Promise<DeliveryRound[]> {
  return sql<DeliveryRound[]>`
    select event_id::float8 as event, endpoint_id as endpoint, round from webhook_deliveries
      where state = 'retrying' and next_attempt_at < clock_timestamp() - make_interval(secs => ${seconds})
      order by next_attempt_at limit ${limit}`;
}

/** Endpoints with first attempts that were due so long ago, and of which nobody makes any now. */
export async function unservedEndpoints(sql: Sql, seconds: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select w.id from webhook_endpoints w
      where exists (select from webhook_deliveries where endpoint_id = w.id and state = 'pending'
          and next_attempt_at < clock_timestamp() - make_interval(secs => ${seconds}))
        -- Whoever makes one holds it for a while.
        and not exists (select from webhook_deliveries where endpoint_id = w.id and state = 'pending'
          and next_attempt_at > clock_timestamp())
      order by w.id`;
  return rows.map(({ id }) => id);
}

const again = (sql: Sql | Tx) => sql`
  on conflict (endpoint_id, event_id) do update set state = 'pending', round = d.round + 1, next_attempt_at = now(),
      delivered_at = null
    where d.state <> 'pending'`;

/** Has an event of the account sent again, whether the endpoint listens to its type or not. False: there is none. */
export async function replayEvent(tx: Tx, accountId: number, endpoint: number, event: number): Promise<boolean> {
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
  return rows.length === 1;
}

/**
 * Has what happened from `from` until before `to` sent again, what the endpoint listens to and whether it got it or not.
 * Undefined when that is more than LIMITS.replayEvents.
 */
export async function replayPeriod(tx: Tx, endpoint: number, from: Date, to: Date): Promise<number | undefined> {
  const wanted = tx`
    events e join webhook_endpoints w on w.account_id = e.account_id and (w.events is null or e.type = any (w.events))
      where w.id = ${endpoint} and is_announced(e.type) and e.at >= ${from} and e.at < ${to}`;
  const [{ count } = { count: 0 }] = await tx<{ count: number }[]>`
    select count(*)::integer as count from (select from ${wanted} limit ${LIMITS.replayEvents + 1}) events`;
  if (count > LIMITS.replayEvents) return undefined;
  await tx`
    insert into webhook_deliveries as d (event_id, endpoint_id, type, order_id)
      select e.id, w.id, e.type, e.order_id from ${wanted} ${again(tx)}`;
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
  /** Only events below. */
  readonly before?: number | undefined;
}

/** An endpoint's deliveries, newest event first. */
export async function listDeliveries(
  sql: Sql,
  endpoint: number,
  { state, before }: DeliveryFilter,
  limit: number,
): Promise<DeliveryRow[]> {
  return sql<DeliveryRow[]>`
    select event_id::float8 as event, type, order_id::float8 as "order", state, attempts, last_status as "lastStatus",
           last_error as "lastError", created_at as "createdAt", last_attempt_at as "lastAttemptAt",
           next_attempt_at as "nextAttemptAt", delivered_at as "deliveredAt"
      from webhook_deliveries
      where endpoint_id = ${endpoint} ${state === undefined ? sql`` : sql`and state = ${state}`}
        ${before === undefined ? sql`` : sql`and event_id < ${before}`}
      order by event_id desc limit ${limit}`;
}
