import type { ProviderReport } from '../../domain/delivery/verdict.ts';
import type { SettledBatch } from '../../domain/ledger/correction.ts';
import type { Money } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Sql } from '../client.ts';
import { type BoughtJson, bought, type RunningBatch } from './batches.ts';

/** A batch of a settled order that its provider is to be asked about again. */
export interface DueLook extends RunningBatch, SettledBatch {
  readonly bought: BoughtJson;
}

/** Settled batches that are due for a look, the longest due first, `most` of them. */
export async function dueLooks(sql: Sql, provider: number, at: Date, most: number): Promise<DueLook[]> {
  return sql<DueLook[]>`
    select b.order_id::float8 as "orderId", b.batch, b.provider_order as "providerOrder", b.quantity::float8 as quantity,
           b.supported::float8 as supported, ${bought(sql)} as bought,
           jsonb_build_object('status', b.provider_status, 'remains', b.remains, 'charge', b.provider_charge) as "lastWord"
      from (select * from batches where provider_id = ${provider} and next_look_at <= ${at} order by next_look_at limit ${most}) b
      join orders o on o.id = b.order_id join services s on s.id = o.service_id order by b.next_look_at`;
}

/**
 * What a provider says of a settled batch; `delivered` is null when it contradicts itself, `cost` when it says none. `rateCost`: what
 * was delivered costs by the rate of its route.
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
 * Writes a provider's later last word down, and gives back what the customer was charged too much by it, in one transaction. It is
 * held until staff decide when its provider takes back too much at once.
 * @returns whether money went back; the same word again never does.
 * @throws PostgresError HF003 when the order has not been settled.
 */
export async function correctBatch(sql: Sql, word: LaterWord, at: Date): Promise<boolean> {
  const { orderId, batch, said, delivered, cost, rateCost } = word;
  const [row] = await sql<{ corrected: boolean }[]>`
    select correct_batch(${orderId}, ${batch}, ${said.status}, ${said.remains}, ${said.charge}, ${delivered}, ${cost}, ${at},
      ${rateCost}, ${LIMITS.shortOrders}, ${LIMITS.shortOrdersMinutes}) as corrected`;
  return row?.corrected === true;
}

/** A batch that was looked at; `heard` when the call got an answer and what it said is written. */
export interface Look {
  readonly orderId: number;
  readonly batch: number;
  readonly heard: boolean;
}

/** These batches have been looked at: says when to look again, if at all. */
export async function markLooked(sql: Sql, looks: readonly Look[], at: Date): Promise<void> {
  if (looks.length === 0) return;
  const rows = looks.map(({ orderId, batch, heard }) => ({ o: orderId, b: batch, heard }));
  await sql`select looked_at(${sql.json(rows)}, ${at}, ${LIMITS.correctionHours})`;
}

/** Tells staff by alerts when a provider takes back too much, and when it delivers what was refunded; both end by themselves. */
export async function judgeLastWords(sql: Sql, provider: number, at: Date): Promise<void> {
  const { shortOrders, shortOrdersMinutes, correctionHours } = LIMITS;
  await sql`select judge_last_words(${provider}, ${at}, ${shortOrders}, ${shortOrdersMinutes}, ${correctionHours})`;
}
