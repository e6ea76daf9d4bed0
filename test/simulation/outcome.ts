import { createHash } from 'node:crypto';
import type { Sql } from '../../db/client.ts';
import type { SeededProviders } from './provider.ts';

/** The result of one order. */
export interface OrderOutcome {
  readonly orderId: number;
  readonly status: string;
  readonly delivered: number;
  /** Units of 1e-8, as text. */
  readonly charge: string;
  readonly refunded: string;
  /** Every send that a provider accepted, in order. */
  readonly sends: readonly string[];
  /** The timeline: what happened, by whom and when. */
  readonly timeline: readonly string[];
}

export async function outcomes(sql: Sql, providers: SeededProviders): Promise<OrderOutcome[]> {
  const rows = await sql<Omit<OrderOutcome, 'sends'>[]>`
    select o.id::float8 as "orderId", o.status, o.delivered::float8 as delivered, o.charge::text as charge, o.refunded::text as refunded,
           array(select e.type || ' by ' || e.actor || ' at ' || e.at from events e where e.order_id = o.id order by e.id) as timeline
      from orders o order by o.id`;
  return rows.map((row) => ({
    ...row,
    sends: providers.taken
      .filter(({ order }) => order.sentFor.startsWith(`${row.orderId}/`))
      .map(({ provider, order }) => `${order.sentFor} at ${provider} as ${order.id}`),
  }));
}

/** Equal outcomes have equal digests. */
export const digestOf = (all: readonly OrderOutcome[]): string =>
  createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 16);
