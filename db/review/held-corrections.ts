import type { ProviderStatus } from '../../domain/delivery/words.ts';
import type { Money } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Sql, Tx } from '../client.ts';
import { type List, readListPage } from '../list-page.ts';
import { digestOf } from './digest.ts';

export const HELD_STATES = ['held', 'released', 'applied', 'dropped', 'withdrawn'] as const;
export type HeldState = (typeof HELD_STATES)[number];

/** A correction that waits, or waited, for staff. Money in units of 1e-8. */
export interface HeldCorrection {
  readonly id: number;
  readonly order: number;
  readonly batch: number;
  readonly state: HeldState;
  /** The provider's word. */
  readonly status: ProviderStatus;
  readonly remains: number | null;
  readonly providerCharge: string | null;
  /** What counts as delivered of the batch once the correction is released. */
  readonly delivered: number;
  /** The refund, worked out from the order's state when the provider said this. */
  readonly amount: Money;
  readonly heldAt: Date;
  readonly saidAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly reason: string | null;
}

export interface HeldFilter {
  readonly state: HeldState;
  /** Only ids below this one. */
  readonly before?: number | undefined;
}

/** A page of a provider's held corrections, past ones too, newest first. */
export async function listHeldCorrections(
  sql: Sql,
  provider: number,
  { state, before }: HeldFilter,
  limit: number,
): Promise<readonly HeldCorrection[]> {
  const list: List = {
    table: 'held_corrections',
    alias: 'h',
    columns: sql`
      id::float8 as id, order_id::float8 as "order", batch, state, status, remains::float8 as remains, charge as "providerCharge",
      delivered::float8 as delivered, amount, held_at as "heldAt", said_at as "saidAt", decided_at as "decidedAt",
      decided_by as "decidedBy", reason`,
    of: sql`h.provider_id = ${provider}`,
    by: { column: sql`h.state`, value: state },
    position: sql`h.id`,
    direction: 'desc',
    after: before,
  };
  return (await readListPage<HeldCorrection>(sql, list, limit)).rows;
}

export interface HeldDecision {
  readonly state: 'released' | 'dropped';
  /** Decide only about corrections of these orders; null: about all that are held. */
  readonly orders: readonly number[] | null;
  readonly by: string;
  readonly reason: string;
}

/** What a decision is about: how many corrections, and what they give back. */
export interface HeldEffect {
  readonly corrections: number;
  readonly amount: Money;
}

/** The same before the decision is made. */
export interface HeldDryRun extends HeldEffect {
  /** Of the corrections: order, batch and amount. */
  readonly digest: string;
}

const exists = async (sql: Sql | Tx, provider: number): Promise<boolean> =>
  (await sql`select from providers where id = ${provider}`).length > 0;

const effectIn = ([row]: readonly { readonly corrections: number; readonly amount: string }[]): HeldEffect => ({
  corrections: row?.corrections ?? 0,
  amount: BigInt(row?.amount ?? 0) as Money,
});

const idsOf = (orders: HeldDecision['orders']) => (orders === null ? null : orders.map(String));

/** What a decision about a provider's held corrections would be about now. Undefined: the provider does not exist. */
export async function heldEffect(
  sql: Sql,
  provider: number,
  orders: HeldDecision['orders'],
): Promise<HeldDryRun | undefined> {
  if (!(await exists(sql, provider))) return undefined;
  const rows = await sql<{ corrections: number; amount: string; digest: string }[]>`
    select count(*)::float8 as corrections, coalesce(sum(amount), 0)::text as amount,
           ${digestOf(sql, sql`order_id, batch, amount`)} as digest
      from held_corrections where provider_id = ${provider} and state = 'held'
        and (${idsOf(orders)}::bigint[] is null or order_id = any(${idsOf(orders)}::bigint[]))`;
  return { ...effectIn(rows), digest: rows[0]?.digest ?? '' };
}

/** Releases or drops a provider's held corrections; returns their number and money. Undefined: the provider does not exist. */
export async function decideHeldCorrections(
  sql: Tx,
  provider: number,
  { state, orders, by, reason }: HeldDecision,
): Promise<HeldEffect | undefined> {
  if (!(await exists(sql, provider))) return undefined;
  return effectIn(
    await sql<{ corrections: number; amount: string }[]>`
      select corrections::float8 as corrections, amount::text as amount
        from decide_held_corrections(${provider}, ${idsOf(orders)}::bigint[], ${state}, ${by}, ${reason})`,
  );
}

/** A released correction that is due. */
export interface ReleasedCorrection {
  readonly id: number;
  readonly orderId: number;
  readonly batch: number;
}

/** Released corrections of a provider, the first held first. */
export async function releasedCorrections(sql: Sql, provider: number): Promise<ReleasedCorrection[]> {
  return sql<ReleasedCorrection[]>`
    select id::float8 as id, order_id::float8 as "orderId", batch from held_corrections
      where provider_id = ${provider} and state = 'released' order by held_corrections.id nulls first limit ${LIMITS.postSettlementChecksPerRound}`;
}

/** Makes a released correction; a repeat changes nothing. True when money went back. */
export async function applyCorrection(sql: Sql, id: number, at: Date): Promise<boolean> {
  const [row] = await sql<{ corrected: boolean }[]>`select apply_correction(${id}, ${at}) as corrected`;
  return row?.corrected === true;
}
