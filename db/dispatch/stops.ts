import { LIMITS } from '../../domain/limits.ts';
import type { StopAnswer, StopSaid } from '../../domain/order/batch.ts';
import type { Sql } from '../client.ts';

/** A batch that a provider has accepted and must be asked to stop. */
export interface BatchToStop {
  readonly batch: number;
  readonly provider: number;
  readonly providerOrder: string;
}

/**
 * `open`: those of the batches whose provider may be asked to stop now. `said`: the last answer about each batch that has one.
 */
export async function batchesToStop(
  sql: Sql,
  orderId: number,
  batches: readonly number[],
  at: Date,
): Promise<{ readonly open: BatchToStop[]; readonly said: (StopSaid & { readonly batch: number })[] }> {
  const rows = await sql<(BatchToStop & { answer: StopAnswer; at: number; isOpen: boolean })[]>`
    select batch, provider_id as provider, provider_order as "providerOrder", stop_answer as answer,
           round(extract(epoch from stop_asked_at) * 1000)::float8 as at,
           may_ask_stop(b, ${at}, ${LIMITS.stopAgainMinutes}) as "isOpen"
      from batches b where order_id = ${orderId} and batch = any(${batches.map(String)}::integer[]) and provider_order is not null
      order by batch`;
  return {
    open: rows.filter(({ isOpen }) => isOpen),
    said: rows.flatMap(({ batch, answer, at: saidAt }) => (answer === null ? [] : [{ batch, answer, at: saidAt }])),
  };
}

export interface StopAnsweredInput {
  readonly orderId: number;
  readonly batch: number;
  readonly answer: StopAnswer;
  readonly at: Date;
}

/** Stores a provider's answer to a stop, with a line in the order's timeline. */
export async function stopAnswered(sql: Sql, { orderId, batch, answer, at }: StopAnsweredInput): Promise<void> {
  await sql`select stop_answered(${orderId}, ${batch}, ${answer}, ${at})`;
}

/** A batch that a person ended while its provider was delivering, and whose provider has not clearly answered the stop. */
export interface OwedStop extends BatchToStop {
  readonly orderId: number;
}

/**
 * Takes batches of ended orders whose stop has no clear answer, once their workflow has had its time to ask; marks them as asked now.
 */
export async function takeOwedStops(sql: Sql, provider: number, most: number): Promise<OwedStop[]> {
  return sql<OwedStop[]>`
    update batches b set stop_asked_at = clock_timestamp()
      from (select order_id, batch from owed_stops(${provider}, ${LIMITS.stopAgainMinutes}, ${LIMITS.correctionHours}) limit ${most}) o
      where b.order_id = o.order_id and b.batch = o.batch
      returning b.order_id::float8 as "orderId", b.batch, b.provider_id as provider, b.provider_order as "providerOrder"`;
}
