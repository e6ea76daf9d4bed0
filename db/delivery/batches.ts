import type { ProviderReport } from '../../domain/delivery/verdict.ts';
import { type Bought, paidFor } from '../../domain/ledger/provider-cost.ts';
import type { ListAction, NoLists } from '../../domain/provider/profile.ts';
import type { Sql, Tx } from '../client.ts';

/** A provider's address and cadence. */
export interface WatchedProvider {
  readonly url: string;
  readonly keyCipher: Buffer;
  readonly pollSeconds: number;
  /** How it deviates from others, as stored. */
  readonly profile: unknown;
  /** When the provider showed that it knows no lists, by action. */
  readonly noLists: NoLists;
}

export async function readProvider(sql: Sql, provider: number): Promise<WatchedProvider> {
  const [row] = await sql<WatchedProvider[]>`
    select url, key_cipher as "keyCipher", poll_seconds as "pollSeconds", profile, no_lists as "noLists" from providers where id = ${provider}`;
  if (row === undefined) throw new Error(`there is no provider ${provider}`);
  return row;
}

/** Stores that a provider knows no lists for this action: from now on it is asked about each order by itself. */
export async function markNoLists(sql: Sql, provider: number, action: ListAction): Promise<void> {
  await sql`
    update providers set no_lists = no_lists || jsonb_build_object(${action}::text, clock_timestamp()) where id = ${provider}`;
}

/** A batch that a provider is working on. */
export interface RunningBatch {
  readonly orderId: number;
  readonly batch: number;
  readonly providerOrder: string;
  readonly quantity: number;
}

/** A batch, in the order in which a round asks about them. */
export type BatchKey = Pick<RunningBatch, 'orderId' | 'batch'>;

/** A provider's running batches, those without a last word: the `most` that follow `after`, or all. */
export async function runningBatches(
  sql: Sql,
  provider: number,
  after: BatchKey = { orderId: 0, batch: 0 },
  most: number | null = null,
): Promise<RunningBatch[]> {
  return sql<RunningBatch[]>`
    select order_id::float8 as "orderId", batch, provider_order as "providerOrder", quantity::float8 as quantity from batches
      where provider_id = ${provider} and state = 'running' and terminal_at is null
        and (order_id, batch) > (${after.orderId}, ${after.batch}) order by order_id, batch limit ${most}`;
}

/** A batch's purchase terms as JSON; a batch that no provider accepted has no rate. */
export type BoughtJson = Omit<Bought, 'rate'> & { readonly rate: string | null };

export const boughtOf = ({ rate, ...bought }: BoughtJson): Bought => ({ ...bought, rate: BigInt(rate ?? 0) });

/** The purchase terms of a batch `b` of an order `o`, as JSON. The type is that of the service when the order was placed. */
export const bought = (sql: Sql | Tx) => sql`
  jsonb_build_object('rate', b.cost_rate::text, 'type', o.type, 'most', case when o.type = 'Subscriptions' then o.fields->>'max' end)`;

/** A report with the items that its charge pays for, when only the charge may tell how much was delivered. */
export const withPaid = <R extends ProviderReport>(report: R, quantity: number, bought: BoughtJson): R =>
  report.status === 'Canceled' ? { ...report, paidFor: paidFor(report.charge, boughtOf(bought), quantity) } : report;

/** Every provider: each has a watch. */
export async function providerIds(sql: Sql): Promise<number[]> {
  return (await sql<{ id: number }[]>`select id from providers order by id`).map(({ id }) => id);
}
