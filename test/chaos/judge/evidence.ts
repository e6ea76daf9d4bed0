import type { Sql } from '../../../db/client.ts';
import { type Customer, customerAt } from '../customer.ts';
import type { Told } from '../customers.ts';
import type { ChaosShop } from '../shop.ts';
import type { ChaosStack } from '../stack.ts';

export interface OrderRow {
  readonly id: number;
  readonly link: string;
  readonly status: string;
  readonly attention: string;
  readonly settled: boolean;
  readonly price: bigint;
  readonly unitPrice: bigint;
  readonly charge: bigint;
  readonly refunded: bigint;
  readonly delivered: number;
  readonly canceledBy: string | null;
}

export interface AttemptRow {
  readonly order: number;
  readonly batch: number;
  readonly attempt: number;
  readonly state: string;
  readonly providerOrder: string | null;
}

/** An order in the provider's own record. */
export interface ProviderOrder {
  readonly order: number;
  readonly link: string;
  readonly delivered: number;
}

/**
 * Everything the judges compare, read once all is at rest: what customers, PostgreSQL and the provider each have about the same
 * orders.
 */
export interface Evidence {
  readonly sql: Sql;
  readonly shop: ChaosShop;
  /** From the customers. */
  readonly told: readonly Told[];
  /** Ids of the events that the webhook's receiver has acknowledged. */
  readonly heard: readonly string[];
  /** From PostgreSQL. */
  readonly orders: readonly OrderRow[];
  readonly attempts: readonly AttemptRow[];
  /** From the provider. */
  readonly providerOrders: readonly ProviderOrder[];
  readonly staff: Customer;
}

export async function gather(
  { stack, receiver }: ChaosStack,
  { sql, shop, told }: Pick<Evidence, 'sql' | 'shop' | 'told'>,
): Promise<Evidence> {
  const orders = await sql<OrderRow[]>`
    select id::float8 as id, link, status, attention, settled_at is not null as settled, price, unit_price as "unitPrice",
           charge, refunded, delivered::float8 as delivered, canceled_by as "canceledBy"
      from orders where account_id = ${shop.account} order by id`;
  const attempts = await sql<AttemptRow[]>`
    select a.order_id::float8 as "order", a.batch, a.attempt, a.state, a.provider_order as "providerOrder"
      from attempts a join orders o on o.id = a.order_id where o.account_id = ${shop.account}
      order by a.order_id, a.batch, a.attempt`;
  const listed = await fetch(`${stack.providerUrl}/orders`);
  const all = (await listed.json()) as ProviderOrder[];
  const ours = new Set(told.map(({ wish }) => wish.link));
  return {
    sql,
    shop,
    told,
    heard: receiver.ids(),
    orders,
    attempts,
    providerOrders: all.filter(({ link }) => ours.has(link)),
    staff: customerAt(stack.apiUrl, stack.adminKey),
  };
}

/** Groups things by a key. */
export function groupedBy<T, K>(things: readonly T[], keyOf: (thing: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thing]);
    else group.push(thing);
  }
  return groups;
}
