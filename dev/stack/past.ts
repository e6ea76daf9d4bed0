import { connect, type Tx } from '../../db/client.ts';
import { finalStatus } from '../../domain/order/status.ts';

/** What the past is made of: ids of the demo's accounts, providers and services. */
export interface PastOf {
  readonly accounts: readonly number[];
  readonly services: readonly number[];
  /** The usual provider, and a slow one. */
  readonly providers: readonly [number, number];
}

interface PastOrder {
  readonly name: string;
  readonly account: number;
  readonly service: number;
  readonly provider: number;
  readonly quantity: number;
  readonly delivered: number;
  readonly placedAt: Date;
  readonly startedAt: Date;
  readonly settledAt: Date;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const DAYS = 8;
const ORDERS = 160;
const POINTS = 12;
/** Items of an order, and how many minutes its delivery takes; the orders go through both lists. */
const QUANTITIES = [500, 1_000, 2_500, 250, 10_000] as const;
const MINUTES = [6, 18, 45, 9, 120, 30, 12] as const;
/** Every so many-th order ends short or is canceled, and a slow provider takes longer by this factor. */
const PARTIAL = 11;
const CANCELED = 17;
const SLOW = 8;

/** The orders of the last eight days, oldest first. The same numbers each time, so that the pages look the same. */
function pastOrders({ accounts, services, providers }: PastOf, now: number): PastOrder[] {
  return Array.from({ length: ORDERS }, (_, n) => {
    const isSlow = n % 6 === 4;
    const quantity = turn(QUANTITIES, n);
    const placedAt = now - DAYS * DAY + Math.floor((n * (DAYS * DAY - 0.5 * DAY)) / ORDERS);
    const startedAt = placedAt + (1 + (n % 4)) * 5_000;
    const settledAt = startedAt + turn(MINUTES, n) * MINUTE * (isSlow ? SLOW : 1);
    const delivered = n % CANCELED === 5 ? 0 : n % PARTIAL === 3 ? Math.floor(quantity * 0.6) : quantity;
    return {
      name: `past-${n + 1}`,
      account: turn(accounts, n % 5 === 0 ? n : 0),
      service: turn(services, n),
      provider: providers[isSlow ? 1 : 0],
      quantity,
      delivered,
      placedAt: new Date(placedAt),
      startedAt: new Date(startedAt),
      settledAt: new Date(settledAt),
    };
  });
}

const turn = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

/**
 * Writes the demo's past once: orders that the functions of the product accepted and settled, so that the books prove. Only
 * their times are moved into the past afterwards, without the triggers that protect them; that takes a superuser. Returns how many
 * orders were written.
 */
export async function writePast(databaseUrl: string, of: PastOf, now = Date.now()): Promise<number> {
  const sql = connect(databaseUrl, { name: 'holdfast-demo', max: 1 });
  try {
    return await sql.begin(async (tx) => {
      const [may] = await tx<{ may: boolean }[]>`
        select rolsuper and not exists (select from claims where idempotency_key = 'past-1') as may
          from pg_roles where rolname = current_user`;
      if (may?.may !== true) return 0;
      const orders = pastOrders(of, now);
      // The deposits come before all orders.
      await movedTo(tx, new Date(now - (DAYS + 1) * DAY), { transfer: '0', event: '0' });
      const steps = orders.flatMap((order) => [
        { at: order.placedAt, run: () => place(tx, order) },
        { at: order.settledAt, run: () => settle(tx, order) },
      ]);
      for (const { at, run } of steps.sort((one, other) => one.at.getTime() - other.at.getTime()))
        await inThePast(tx, at, run);
      return orders.length;
    });
  } finally {
    await sql.end();
  }
}

/** Runs a step, and gives the transfers and events that it wrote the time `at`. */
async function inThePast(tx: Tx, at: Date, step: () => Promise<void>): Promise<void> {
  const [last] = await tx<Last[]>`
    select (select coalesce(max(id), 0) from transfers)::text as transfer, (select coalesce(max(id), 0) from events)::text as event`;
  await step();
  await movedTo(tx, at, last ?? { transfer: '0', event: '0' });
}

interface Last {
  readonly transfer: string;
  readonly event: string;
}

/** Moves the transfers and events after the last ones to a time. Their triggers refuse that. */
async function movedTo(tx: Tx, at: Date, { transfer, event }: Last): Promise<void> {
  await tx`set local session_replication_role = replica`;
  await tx`update transfers set at = ${at} where id > ${transfer}`;
  await tx`update events set at = ${at} where id > ${event}`;
  await tx`set local session_replication_role = origin`;
}

const linkOf = ({ name }: PastOrder): string => `https://example.com/${name}`;

async function place(tx: Tx, order: PastOrder): Promise<void> {
  const { name, account, service, quantity, placedAt } = order;
  const link = linkOf(order);
  await tx`
    with claim as (
      insert into claims (account_id, idempotency_key, fingerprint, request, created_at)
        values (${account}, ${name}, sha256(convert_to(${name}, 'UTF8')),
          ${tx.json({ service, link, quantity, reference: name })}, ${placedAt})
        returning order_id)
    select accept_order(c.order_id, ${link}, ${link}, ${quantity}, 1, null, '{}', s.id, s.rate, null, ${name})
      from claim c, services s where s.id = ${service}`;
}

async function settle(tx: Tx, order: PastOrder): Promise<void> {
  const { name, provider, quantity, delivered, placedAt, startedAt, settledAt } = order;
  const status = finalStatus(delivered, quantity);
  const [row] = await tx<{ id: string; cost: string; providerService: string }[]>`
    select o.id::text as id, (r.rate * ${delivered})::text as cost, r.provider_service as "providerService"
      from orders o join routes r on r.service_id = o.service_id and r.position = 1 where o.reference = ${name}`;
  const { id, cost, providerService } = row ?? { id: '0', cost: '0', providerService: '' };
  await tx`update orders set created_at = ${placedAt}, started_at = ${startedAt} where id = ${id}`;
  await tx`
    insert into batches (order_id, batch, quantity, state, provider_id, provider_service, provider_order, cost_rate, accepted_at,
        provider_status, delivered, remains, supported, terminal_at)
      values (${id}, 1, ${quantity}, 'done', ${provider}, ${providerService}, ${name}, 0, ${startedAt}, ${status}, ${delivered},
          ${quantity - delivered}, ${delivered}, ${settledAt})`;
  await tx`
    insert into attempts (order_id, batch, attempt, provider_id, provider_service, cost_rate, state, sends, provider_order, created_at,
        sending_at, decided_at)
      values (${id}, 1, 1, ${provider}, ${providerService}, 0, 'accepted', 1, ${name}, ${placedAt}, ${startedAt},
          ${startedAt})`;
  await tx`
    insert into delivery_samples (order_id, batch, at, delivered)
      select ${id}, 1, ${startedAt}::timestamptz + (${settledAt}::timestamptz - ${startedAt}::timestamptz) * n / ${POINTS}::integer,
          ${delivered}::bigint * n / ${POINTS}::integer
        from generate_series(1, ${POINTS}::integer) n where ${delivered} > 0`;
  await tx`select add_event(${id}, 'order.in_progress', 'provider', ${startedAt})`;
  const costs = delivered === 0 ? [] : [{ batch: 1, cost: Number(cost), raw: String(Number(cost) / 1e8) }];
  await tx`
    select settle_order(${id}, ${status}, ${delivered}, ${status === 'Completed' ? null : 'unknown'}, 'provider', ${settledAt}, '[]',
      ${tx.json(costs)}, false)`;
}
