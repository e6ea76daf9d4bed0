import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { CONFIRM_EVENT, type DeliveryRound, TEST_EVENT } from '../../domain/webhook/webhooks.ts';
import type { Sql, Tx } from '../client.ts';

export interface TakeOptions {
  readonly most: number;
  /** The most for one receiver. */
  readonly each: number;
  /** Receivers with no room for another request. */
  readonly busy: readonly number[];
}

/** The lease: longer than an attempt and the storing of its result. */
const LEASE_SECONDS = 60;

/** A delivery and the account of its webhook. */
export interface OwnedDelivery extends DeliveryRound {
  readonly account: number;
}

/** A delivery that the caller has taken. */
export interface TakenDelivery extends OwnedDelivery {
  /** The receiver of the request: the endpoint, or MAIL_RECEIVER. */
  readonly receiver: number;
}

/** Takes deliveries whose first attempt is due. */
export async function takeDeliveries(sql: Sql, { most, each, busy }: TakeOptions): Promise<TakenDelivery[]> {
  return sql<TakenDelivery[]>`
    select t.event_id::float8 as event, t.endpoint_id as endpoint, t.round, t.receiver, w.account_id as account
      from take_deliveries(${most}, ${each}, ${[...busy]}::integer[], ${LEASE_SECONDS}) t
      join webhook_endpoints w on w.id = t.endpoint_id`;
}

/** The receivers of open deliveries, in the order of `rounds`; undefined for those that are over. */
export async function receiversOf(sql: Sql, rounds: readonly DeliveryRound[]): Promise<(number | undefined)[]> {
  const rows = await sql<{ nth: number; receiver: number }[]>`
    select s.nth::integer as nth, receiver_of(w) as receiver from ${openOf(sql, rounds)}`;
  const receivers = new Map(rows.map(({ nth, receiver }) => [nth, receiver]));
  return rounds.map((_, index) => receivers.get(index + 1));
}

/** The destination of a delivery. */
export type Destination =
  | {
      readonly kind: 'url';
      readonly url: string;
      readonly secretCipher: Buffer;
      /** The previous secret, while it still signs. */
      readonly previousCipher: Buffer | null;
    }
  | { readonly kind: 'email'; readonly email: string };

/** An event and its destination. */
export interface OpenDelivery {
  readonly destination: Destination;
  /** Whether nothing may be sent: the webhook is disabled, or its address was not confirmed in time. */
  readonly isDisabled: boolean;
  readonly type: string;
  readonly at: Date;
  /** Null for a test. */
  readonly orderId: number | null;
  readonly version: number | null;
  /** The refill that the event is about. */
  readonly refill: number | null;
}

/** Reads open deliveries, in the order of `rounds`; undefined for those that are over. */
export async function readDeliveries(
  sql: Sql,
  rounds: readonly DeliveryRound[],
): Promise<(OpenDelivery | undefined)[]> {
  type Row = Omit<OpenDelivery, 'destination'> & {
    nth: number;
    url: string | null;
    email: string | null;
    secretCipher: Buffer;
    previousCipher: Buffer | null;
  };
  const rows = await sql<Row[]>`
    select s.nth::integer as nth, w.url, w.email, w.secret_cipher as "secretCipher",
           case when w.previous_until > clock_timestamp() then w.previous_cipher end as "previousCipher",
           case when d.type = ${CONFIRM_EVENT}
             then w.disabled_reason is distinct from 'unconfirmed' or w.confirm_until <= clock_timestamp()
             else w.disabled_reason is not null end as "isDisabled", d.type, coalesce(e.at, d.created_at) as at,
           d.order_id::float8 as "orderId", e.version, r.id::float8 as refill
      from ${openOf(sql, rounds)}
      left join events e on e.id = d.event_id
      left join refills r on r.order_id = e.order_id and r.number = (e.data->>'refill')::integer`;
  const open = new Map(
    rows.map(({ nth, url, email, secretCipher, previousCipher, ...delivery }) => {
      const destination: Destination =
        email === null ? { kind: 'url', url: url ?? '', secretCipher, previousCipher } : { kind: 'email', email };
      return [nth, { ...delivery, destination }];
    }),
  );
  return rounds.map((_, index) => open.get(index + 1));
}

/** The rounds that are open: `s` with `nth`, their place from 1, the delivery `d`, and its endpoint `w`. */
const openOf = (sql: Sql, rounds: readonly DeliveryRound[]) => sql`
  unnest(${rounds.map(({ endpoint }) => endpoint)}::integer[], ${rounds.map(({ event }) => String(event))}::bigint[],
      ${rounds.map(({ round }) => round)}::integer[]) with ordinality as s(endpoint, event, round, nth)
    join webhook_deliveries d
      on d.endpoint_id = s.endpoint and d.event_id = s.event and d.round = s.round and d.state in ('pending', 'retrying')
    join webhook_endpoints w on w.id = d.endpoint_id`;

/** How an attempt ended. `gone`: it failed, and the receiver wants no further events. */
export interface AttemptRecord {
  readonly state: 'delivered' | 'retrying' | 'failed' | 'gone';
  readonly status: number | null;
  readonly error: string | null;
  /** When the next attempt is due; milliseconds since 1970. */
  readonly nextAt: number | null;
}

/** An attempt whose receiver took the event. `status`: of the answer; null when there is none. */
export interface Success extends DeliveryRound {
  readonly status: number | null;
}

/**
 * Stores successful attempts, each of a webhook that works and of a delivery that nothing else changes now. Returns for each
 * whether it is stored; recordDelivery stores the others.
 */
export async function recordSuccesses(sql: Sql, successes: readonly Success[]): Promise<boolean[]> {
  const rows = await sql<{ nth: number }[]>`
    select nth from record_successes(${successes.map(({ endpoint }) => endpoint)}::integer[],
      ${successes.map(({ event }) => String(event))}::bigint[], ${successes.map(({ round }) => round)}::integer[],
      ${successes.map(({ status }) => status)}::integer[]) as nth`;
  const stored = new Set(rows.map(({ nth }) => nth));
  return successes.map((_, index) => stored.has(index + 1));
}

/** Stores the result of an attempt. True when its failure disabled the endpoint. */
export async function recordDelivery(sql: Sql, of: DeliveryRound, how: AttemptRecord): Promise<boolean> {
  const next = how.nextAt === null ? null : new Date(how.nextAt);
  const { webhookPatience, webhookPatienceDays } = LIMITS;
  const [row] = await sql<{ disabled: boolean }[]>`
    select record_delivery(${of.endpoint}, ${of.event}, ${of.round}, ${how.state}, ${how.status}, ${how.error}, ${next},
      ${webhookPatience}, ${webhookPatienceDays}) as disabled`;
  return row?.disabled === true;
}

/** Stops an open delivery to an endpoint that has been disabled. */
export async function stopDelivery(sql: Sql, { event, endpoint, round }: DeliveryRound): Promise<void> {
  await sql`
    update webhook_deliveries set state = 'stopped', next_attempt_at = null
      where endpoint_id = ${endpoint} and event_id = ${event} and round = ${round} and state in ('pending', 'retrying')`;
}

/** Adds an event about the endpoint itself, without an order; returns the event's id. */
export async function addOwnEvent(
  sql: Sql | Tx,
  endpoint: number,
  type: typeof TEST_EVENT | typeof CONFIRM_EVENT,
): Promise<number> {
  const [row] = await sql<{ event: number }[]>`
    insert into webhook_deliveries (event_id, endpoint_id, type)
      values (nextval(pg_get_serial_sequence('events', 'id')), ${endpoint}, ${type}) returning event_id::float8 as event`;
  return (row as { event: number }).event;
}

/**
 * Adds a test of an endpoint; returns the event's id.
 * @throws Refusal `too_many_tests`
 */
export async function addTest(sql: Sql | Tx, endpoint: number): Promise<number> {
  const [row] = await sql<
    { counted: boolean | null }[]
  >`select count_test(${endpoint}, ${LIMITS.testsAMinute}) as counted`;
  if (row?.counted !== true) throw new Refusal('too_many_tests', `at most ${LIMITS.testsAMinute} tests a minute`);
  return addOwnEvent(sql, endpoint, TEST_EVENT);
}

/**
 * At most `most` deliveries whose next attempt was due more than `seconds` ago: as many of each endpoint, the longest due first,
 * so that one endpoint does not take the place of the others. Of more than `most` endpoints each call takes others.
 */
export async function lateDeliveries(sql: Sql, seconds: number, most: number): Promise<OwnedDelivery[]> {
  // An index serves now(), and not clock_timestamp().
  const isLate = sql`
    d.endpoint_id = e.id and d.state = 'retrying' and d.next_attempt_at < now() - make_interval(secs => ${seconds})`;
  return sql<OwnedDelivery[]>`
    with recursive waiting(id) as (
      -- Steps from one endpoint to the next by the index, without reading all deliveries of each.
      (select endpoint_id from webhook_deliveries where state = 'retrying' order by endpoint_id limit 1)
      union all
      select (select d.endpoint_id from webhook_deliveries d
                where d.state = 'retrying' and d.endpoint_id > e.id order by d.endpoint_id limit 1)
        from waiting e where e.id is not null
    ), late as (
      select e.id from waiting e
        cross join lateral (select from webhook_deliveries d where ${isLate} limit 1) d
        order by random() limit ${most}
    )
    select d.event_id::float8 as event, e.id as endpoint, d.round, w.account_id as account
      from late e join webhook_endpoints w on w.id = e.id cross join lateral (
        select d.event_id, d.round from webhook_deliveries d
          where ${isLate} order by d.next_attempt_at
          limit (select ${most} / greatest(count(*), 1) from late)) d`;
}

/** Endpoints with first attempts that were due more than `seconds` ago, while no worker is making one. */
export async function unservedEndpoints(sql: Sql, seconds: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select w.id from webhook_endpoints w
      where exists (select from webhook_deliveries where endpoint_id = w.id and state = 'pending'
          and next_attempt_at < clock_timestamp() - make_interval(secs => ${seconds}))
        -- A worker that makes an attempt holds a lease, which ends in the future.
        and not exists (select from webhook_deliveries where endpoint_id = w.id and state = 'pending'
          and next_attempt_at > clock_timestamp())
      order by w.id`;
  return rows.map(({ id }) => id);
}
