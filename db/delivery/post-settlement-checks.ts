import type { ProviderReport } from '../../domain/delivery/verdict.ts';
import type { SettledBatch } from '../../domain/ledger/correction.ts';
import type { Money } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Sql } from '../client.ts';
import { type BoughtJson, bought, type RunningBatch } from './batches.ts';

/** A batch of a settled order that is due to be checked again. */
export interface DueCheck extends RunningBatch, SettledBatch {
  readonly bought: BoughtJson;
}

/** Settled batches that are due for a check, the longest due first, `most` of them. */
export async function dueChecks(sql: Sql, provider: number, at: Date, most: number): Promise<DueCheck[]> {
  return sql<DueCheck[]>`
    select b.order_id::float8 as "orderId", b.batch, b.provider_order as "providerOrder", b.quantity::float8 as quantity,
           b.supported::float8 as supported, ${bought(sql)} as bought,
           jsonb_build_object('status', b.provider_status, 'remains', b.remains, 'charge', b.provider_charge) as "lastWord"
      from (select * from batches where provider_id = ${provider} and next_look_at <= ${at} order by next_look_at limit ${most}) b
      join orders o on o.id = b.order_id order by b.next_look_at`;
}

/**
 * A provider's word about a settled batch; `delivered` is null when the word contradicts itself, `cost` when it has none.
 * `rateCost`: the cost of what was delivered, at the rate of its route.
 */
export interface LaterWord {
  readonly orderId: number;
  readonly batch: number;
  readonly said: ProviderReport;
  readonly delivered: number | null;
  readonly cost: Money | null;
  readonly rateCost: Money | null;
}

/**
 * Stores a provider's later last word and refunds what the customer was charged too much, in one transaction. When the provider
 * takes back too much at once, the correction is held until staff decide.
 * @returns whether money went back; the same word again moves none.
 * @throws PostgresError HF003 when the order has not been settled.
 */
export async function correctBatch(sql: Sql, word: LaterWord, at: Date): Promise<boolean> {
  const { orderId, batch, said, delivered, cost, rateCost } = word;
  const [row] = await sql<{ corrected: boolean }[]>`
    select correct_batch(${orderId}, ${batch}, ${said.status}, ${said.remains}, ${said.charge}, ${delivered}, ${cost}, ${at},
      ${rateCost}, ${LIMITS.shortOrders}, ${LIMITS.shortOrdersMinutes}) as corrected`;
  return row?.corrected === true;
}

/** A batch that was checked; `heard` when the call got an answer and the answer is stored. */
export interface Checked {
  readonly orderId: number;
  readonly batch: number;
  readonly heard: boolean;
}

/** Marks these batches as checked and sets the time of their next check, if any. */
export async function markChecked(sql: Sql, looks: readonly Checked[], at: Date): Promise<void> {
  if (looks.length === 0) return;
  const rows = looks.map(({ orderId, batch, heard }) => ({ o: orderId, b: batch, heard }));
  await sql`select looked_at(${sql.json(rows)}, ${at}, ${LIMITS.correctionHours})`;
}

/** Raises or resolves the alerts that a provider takes back too much, and that it delivers what was refunded. */
export async function judgeLastWords(sql: Sql, provider: number, at: Date): Promise<void> {
  const { shortOrders, shortOrdersMinutes, correctionHours } = LIMITS;
  await sql`select judge_last_words(${provider}, ${at}, ${shortOrders}, ${shortOrdersMinutes}, ${correctionHours})`;
}
