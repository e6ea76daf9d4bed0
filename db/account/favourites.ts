import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Sql, Tx } from '../client.ts';

/** The services that an account has marked as favourites, by id. */
export async function listFavourites(sql: Sql, accountId: number): Promise<number[]> {
  const rows = await sql<{ service: number }[]>`
    select service_id as service from favourite_services where account_id = ${accountId} order by service_id`;
  return rows.map(({ service }) => service);
}

/**
 * Marks a service; a repeat changes nothing. False when there is no such service.
 * @throws Refusal `too_many_favourites`
 */
export async function keepFavourite(tx: Tx, accountId: number, service: number): Promise<boolean> {
  const [sold] = await tx`select from services where id = ${service}`;
  if (sold === undefined) return false;
  // Two requests at the same time would each count without the other. FOR UPDATE would wait for the account's orders.
  await tx`select from accounts where id = ${accountId} for no key update`;
  const [{ others } = { others: 0 }] = await tx<{ others: number }[]>`
    select count(*)::integer as others from favourite_services where account_id = ${accountId} and service_id <> ${service}`;
  if (others >= LIMITS.favourites) {
    throw new Refusal('too_many_favourites', `an account may have at most ${LIMITS.favourites}`);
  }
  await tx`insert into favourite_services (account_id, service_id) values (${accountId}, ${service}) on conflict do nothing`;
  return true;
}

/** Takes a mark away; a repeat changes nothing. */
export async function dropFavourite(sql: Sql, accountId: number, service: number): Promise<void> {
  await sql`delete from favourite_services where account_id = ${accountId} and service_id = ${service}`;
}
