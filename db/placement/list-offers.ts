import type { Sql } from '../client.ts';
import { type OfferJson, offered, type ServiceOffer } from './open-claim.ts';

/** What requests for these services are read by; a service that does not exist is left out. */
export async function readOffers(sql: Sql, services: readonly number[]): Promise<Map<number, ServiceOffer['service']>> {
  const rows = await sql<{ id: number; offer: OfferJson | null }[]>`
    select id::float8 as id, service_offer(id) as offer from unnest(${[...services]}::bigint[]) as id`;
  return new Map(rows.flatMap(({ id, offer }) => (offer === null ? [] : [[id, offered(offer)] as const])));
}

/** A target of a service, as its link key. */
export interface Target {
  readonly service: number;
  readonly linkKey: string;
}

/** Which of these targets an open order has, so that another order is refused; in their order. */
export async function takenTargets(sql: Sql, accountId: number, targets: readonly Target[]): Promise<boolean[]> {
  const rows = await sql<{ taken: boolean }[]>`
    select coalesce(link_taken(service, link_key, ${accountId}), false) as taken
      from unnest(${targets.map(({ service }) => service)}::integer[], ${targets.map(({ linkKey }) => linkKey)}::text[])
        with ordinality as t(service, link_key, n) order by n`;
  return rows.map(({ taken }) => taken);
}
