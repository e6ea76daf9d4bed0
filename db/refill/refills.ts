import type { RefillFacts, RefillOutcome, RefillStage, RefillTerms } from '../../domain/refill/rules.ts';
import { type RefillStatus, refillStatus } from '../../domain/refill/rules.ts';
import type { AskedRefill, RefillSnapshot, RefillsSnapshot } from '../../domain/refill/state.ts';
import type { Sql, Tx } from '../client.ts';
import type { BatchCost } from '../ledger/ledger.ts';
import { type List, readListPage } from '../list-page.ts';
import { snapshotBatches } from '../order/order-state.ts';

/** A service's refill terms, as an order keeps them. */
export interface RefillColumns {
  readonly refill_days: number;
  readonly refill_cap: number;
  readonly refill_cooldown_seconds: number;
  readonly refill_fallback: RefillTerms['fallback'];
}

export const refillTerms = (row: RefillColumns): RefillTerms => ({
  days: row.refill_days,
  cap: row.refill_cap,
  cooldownMs: row.refill_cooldown_seconds * 1_000,
  fallback: row.refill_fallback,
});

/** The facts that decide whether an order may be refilled. */
export async function refillFacts(sql: Sql, orderId: number): Promise<{ facts: RefillFacts; terms: RefillTerms }> {
  const [row] = await sql<(RefillColumns & RefillFacts)[]>`
    select o.status, (extract(epoch from o.completed_at) * 1000)::float8 as "completedAt", o.delivered::float8 as delivered,
           exists (select from refills where order_id = o.id and stage <> 'ended') as "underWay",
           (select count(*)::integer from refills where order_id = o.id) as taken,
           (select (extract(epoch from max(ended_at)) * 1000)::float8 from refills where order_id = o.id) as "lastEndedAt",
           o.refill_days, o.refill_cap, o.refill_cooldown_seconds, o.refill_fallback
      from orders o where o.id = ${orderId}`;
  if (row === undefined) throw new Error(`order ${orderId} does not exist`);
  return { facts: row, terms: refillTerms(row) };
}

/** The state of an order's refills; null when the order was never Completed or is sold without refill. */
export async function refillStanding(sql: Sql | Tx, orderId: number): Promise<RefillsSnapshot | null> {
  const [row] = await sql<(Omit<RefillsSnapshot, 'current'> & { current: Omit<RefillSnapshot, 'batch'> | null })[]>`
    select (extract(epoch from o.completed_at) * 1000)::float8 as "completedAt",
           (select count(*)::integer from refills where order_id = o.id) as taken,
           (select (extract(epoch from max(ended_at)) * 1000)::float8 from refills where order_id = o.id) as "lastEndedAt",
           (select coalesce(max(batch), 0) from batches where order_id = o.id) as "lastBatch",
           (select jsonb_build_object('number', r.number, 'id', r.id, 'stage', r.stage, 'before', r.before,
              'reviewAt', extract(epoch from r.review_at) * 1000, 'sentAgain', a.batch,
              'missing', r.missing - least(coalesce(a.delivered, 0), r.missing))
              from refills r left join lateral (
                select max(batch) as batch, sum(delivered) filter (where state = 'done') as delivered
                  from batches where order_id = o.id and refill = r.number
              ) a on true where r.order_id = o.id and r.stage <> 'ended') as current
      from orders o where o.id = ${orderId} and o.completed_at is not null and o.refill_days > 0`;
  if (row === undefined) return null;
  const { open } = row.current === null ? { open: [] } : await snapshotBatches(sql, orderId);
  return { ...row, current: row.current === null ? null : { ...row.current, batch: open[0] ?? null } };
}

export interface NewRefill {
  readonly orderId: number;
  readonly number: number;
  readonly by: string;
  readonly reason: string;
  readonly missing: number | null;
  /** A person decides before any provider is asked. */
  readonly inReview?: boolean;
  readonly reviewAt: Date;
  readonly at: Date;
}

/** Stores a refill; a repeat changes nothing. Returns its id. */
export async function openRefill(sql: Sql, refill: NewRefill): Promise<number> {
  const { orderId, number, by, reason, missing, inReview = false, reviewAt, at } = refill;
  const [row] = await sql<{ id: number }[]>`
    select open_refill(${orderId}, ${number}, ${by}, ${reason}, ${missing}, ${inReview}, ${reviewAt}, ${at})::float8 as id`;
  if (row === undefined) throw new Error(`refill ${number} of order ${orderId} was not written`);
  return row.id;
}

/** A refill of an order, by its number there. */
export interface RefillKey {
  readonly orderId: number;
  readonly refill: number;
}

/** The id of a stored refill. */
export async function refillId(sql: Sql, { orderId, refill }: RefillKey): Promise<number | undefined> {
  const [row] = await sql<{ id: number }[]>`
    select id::float8 as id from refills where order_id = ${orderId} and number = ${refill}`;
  return row?.id;
}

/** A batch that delivered something and whose provider has not answered about its refill yet. */
export interface RefillableBatch {
  readonly batch: number;
  readonly provider: number;
  readonly providerOrder: string;
}

/** @throws PostgresError HF004 when the refill has ended. */
export async function batchesToRefill(sql: Sql, { orderId, refill }: RefillKey): Promise<RefillableBatch[]> {
  return sql<RefillableBatch[]>`
    select batch, provider_id as provider, provider_order as "providerOrder" from batches_to_refill(${orderId}, ${refill})
      order by batch`;
}

/** Counts a call to a provider that is about to leave: its outcome is unknown until its answer is stored. */
export async function refillCall(sql: Sql, { orderId, refill }: RefillKey): Promise<void> {
  await sql`update refills set open_calls = open_calls + 1 where order_id = ${orderId} and number = ${refill}`;
}

/** A provider's answer about one batch: the provider's id of the refill, null when the provider refuses. */
export interface RefillPart {
  readonly batch: number;
  readonly provider: number;
  readonly providerRefill: string | null;
}

/** Stores the answer to a call. */
export async function refillCallAnswered(
  sql: Sql,
  { orderId, refill }: RefillKey,
  parts: readonly RefillPart[],
): Promise<void> {
  await sql`select refill_call_answered(${orderId}, ${refill}, ${sql.json(parts.map((part) => ({ ...part })))})`;
}

/** Stores that all providers have been asked. Returns how many batches are taken, refused and unclear. */
export async function refillAsked(sql: Sql, { orderId, refill }: RefillKey, at: Date): Promise<AskedRefill> {
  const [row] = await sql<
    AskedRefill[]
  >`select taken, refused, unclear from refill_asked(${orderId}, ${refill}, ${at})`;
  if (row === undefined) throw new Error(`there is no refill ${refill} of order ${orderId}`);
  return row;
}

export interface ResendInput extends RefillKey {
  readonly batch: number;
  readonly quantity: number;
  /** The batch whose missing part is sent again; its route, and those of the batches that it sent again, are not used. */
  readonly resends: number | null;
}

/** Marks the missing part to be sent again as this batch; a repeat changes nothing. */
export async function resendRefill(sql: Sql, input: ResendInput): Promise<void> {
  const { orderId, refill, batch, quantity, resends } = input;
  await sql`select resend_refill(${orderId}, ${refill}, ${batch}, ${quantity}, ${resends})`;
}

export interface RefillEnd {
  readonly orderId: number;
  readonly refill: number;
  readonly outcome: RefillOutcome;
  readonly why: string;
  readonly by: string;
  readonly at: Date;
  /** The cost of the resend. */
  readonly costs: readonly BatchCost[];
}

/** Stores the end of a refill; a repeat changes nothing. */
export async function endRefill(sql: Sql, { orderId, refill, outcome, why, by, at, costs }: RefillEnd): Promise<void> {
  await sql`select end_refill(${orderId}, ${refill}, ${outcome}, ${why}, ${by}, ${at},
    ${sql.json(costs.map((cost) => ({ ...cost })))})`;
}

/** The ids of a provider's refills without a last word. */
export async function refillsToFollow(sql: Sql, provider: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select provider_refill as id from refill_parts where provider_id = ${provider} and state = 'asked'
      order by order_id, refill, batch`;
  return rows.map(({ id }) => id);
}

/** Stores what a provider said of its refills, by its ids. */
export async function recordRefills(
  sql: Sql,
  provider: number,
  said: ReadonlyMap<string, RefillStatus>,
): Promise<void> {
  if (said.size === 0) return;
  const rows = [...said].map(([id, status]) => ({ id, status }));
  await sql`select record_refills(${provider}, ${sql.json(rows)})`;
}

/** A refill whose parts have all ended at their providers, and whose workflow has not acted on that. */
export interface DueRefill {
  readonly orderId: number;
  readonly refill: number;
  readonly completed: number;
  readonly rejected: number;
}

/**
 * Takes refills that have ended at all providers and whose workflow was not signalled within `resendSeconds`; marks them as
 * signalled.
 */
export async function takeDueRefills(sql: Sql, provider: number, resendSeconds: number): Promise<DueRefill[]> {
  return sql<DueRefill[]>`
    update refills r set reported_at = clock_timestamp()
      from (
        select order_id, refill, count(*) filter (where state = 'Completed')::integer as completed,
               count(*) filter (where state = 'Rejected')::integer as rejected from refill_parts
          where (order_id, refill) in (
            select p.order_id, p.refill from refill_parts p join refills f on f.order_id = p.order_id and f.number = p.refill
              where p.provider_id = ${provider} and f.stage <> 'ended' and is_followed(f)
                and (f.reported_at is null or f.reported_at < clock_timestamp() - make_interval(secs => ${resendSeconds})))
          group by order_id, refill having bool_and(state <> 'asked')
      ) d
      where r.order_id = d.order_id and r.number = d.refill
      returning r.order_id::float8 as "orderId", r.number as refill, d.completed, d.rejected`;
}

/** A refill as the order's account reads it. */
export interface RefillRow {
  readonly id: number;
  readonly order: number;
  readonly status: RefillStatus;
  readonly missing: number | null;
  readonly requestedBy: string;
  readonly reason: string | null;
  /** Why the refill ended as it did; null while it is open, or without a reason. */
  readonly why: string | null;
  readonly requestedAt: Date;
  readonly endedAt: Date | null;
}

interface StoredRefill extends Omit<RefillRow, 'status'> {
  readonly stage: RefillStage;
  readonly outcome: RefillOutcome | null;
}

const withStatus = ({ stage, outcome, ...row }: StoredRefill): RefillRow => ({
  ...row,
  status: refillStatus(stage, outcome),
});

const columns = (sql: Sql) => sql`
  r.id::float8 as id, r.order_id::float8 as "order", r.stage, r.outcome, r.missing::float8 as missing, r.reason, r.why,
  r.requested_by as "requestedBy", r.requested_at as "requestedAt", r.ended_at as "endedAt"`;

/** The refills of an order, newest first, with ids below `before`. */
export async function refillsOf(
  sql: Sql,
  orderId: number,
  before: number | undefined,
  limit: number,
): Promise<RefillRow[]> {
  const rows = await sql<StoredRefill[]>`
    select ${columns(sql)} from refills r
      where r.order_id = ${orderId} ${before === undefined ? sql`` : sql`and r.id < ${before}`} order by r.id desc limit ${limit}`;
  return rows.map(withStatus);
}

/** A page of the refills of an account with this status, or with any, newest first, with ids below `before`. */
export async function refillsOfAccount(
  sql: Sql,
  accountId: number,
  { status, before }: { readonly status: RefillStatus | undefined; readonly before: number | undefined },
  limit: number,
): Promise<RefillRow[]> {
  const list: List = {
    table: 'refills',
    alias: 'r',
    columns: columns(sql),
    of: sql`r.account_id = ${accountId}`,
    by: status === undefined ? undefined : { column: sql`refill_status(r.stage, r.outcome)`, value: status },
    position: sql`r.id`,
    direction: 'desc',
    after: before,
  };
  return (await readListPage<StoredRefill>(sql, list, limit)).rows.map(withStatus);
}

/** Those of the given refills that belong to this account. */
export async function findRefills(sql: Sql, accountId: number, ids: readonly number[]): Promise<RefillRow[]> {
  const rows = await sql<StoredRefill[]>`
    select ${columns(sql)} from refills r join orders o on o.id = r.order_id
      where o.account_id = ${accountId} and r.id = any(${ids.map(String)}::bigint[])`;
  return rows.map(withStatus);
}
