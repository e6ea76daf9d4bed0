import type { Tx } from '../client.ts';

export interface NewCounts {
  readonly orderId: number;
  readonly batch: number;
  readonly startCount?: number | undefined;
  readonly remains?: number | undefined;
  readonly by: string;
  readonly reason: string;
}

/** A batch after staff have set its counts. */
export interface BatchCounts {
  readonly outcome: 'set' | 'no_batch' | 'not_running';
  readonly quantity: number;
  readonly delivered: number;
  readonly startCount: number | null;
  readonly remains: number | null;
}

/** The quantity of a batch; undefined when there is no such batch. */
export async function batchQuantity(tx: Tx, orderId: number, batch: number): Promise<number | undefined> {
  const [row] = await tx<{ quantity: number }[]>`
    select quantity::float8 as quantity from batches where order_id = ${orderId} and batch = ${batch}`;
  return row?.quantity;
}

/** Sets the start count and what remains of a batch, with a line in the timeline; it moves no money (see batch-counts.sql). */
export async function setBatchCounts(tx: Tx, counts: NewCounts): Promise<BatchCounts> {
  const { orderId, batch, startCount = null, remains = null, by, reason } = counts;
  const [row] = await tx<BatchCounts[]>`
    select outcome, quantity::float8 as quantity, delivered::float8 as delivered, start_count::float8 as "startCount",
           remains::float8 as remains
      from set_batch_counts(${orderId}, ${batch}, ${startCount}, ${remains}, ${by}, ${reason}, clock_timestamp())`;
  return row as BatchCounts;
}
