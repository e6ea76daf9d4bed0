import type { Sql, Tx } from '../../../db/client.ts';

/** Orders of the past; five of six are of one account. */
const PAST_ORDERS = 60_000;

/** The accounts, services and objects of the past that tests ask for. */
export interface Past {
  /** The account with most orders; the newest are open, and few of them wait for a person. */
  readonly large: number;
  /** An account whose orders were all canceled but the oldest. */
  readonly odd: number;
  /** A service of most orders, and one that the large account ordered only long ago. */
  readonly service: number;
  readonly oldService: number;
  readonly provider: number;
  readonly webhook: number;
  readonly list: number;
  readonly decision: number;
  /** The large account's newest order, an ended one from the middle, its drip-feed of 3,000 runs, and its oldest order. */
  readonly newest: number;
  readonly middle: number;
  readonly dripFeed: number;
  readonly oldest: number;
  /** An old Partial order of the large account. */
  readonly partial: number;
}

const FIRST = 1_000_000;

/**
 * Writes a long past as rows: placing this many orders would take too long. What it skips, like claims and the steps of money, no
 * list reads. It switches triggers and foreign keys off, so `sql` must be a superuser's.
 */
export async function seedPast(sql: Sql): Promise<Past> {
  const past = await sql.begin(async (tx) => {
    await tx`select set_config('session_replication_role', 'replica', true), set_config('statement_timeout', '0', true)`;
    const accounts = await tx<{ id: number }[]>`
      insert into accounts (name) select 'customer ' || n from generate_series(1, 5) n returning id`;
    const [large = 0, odd = 0, ...others] = accounts.map(({ id }) => id);
    await tx`insert into wallets (account_id, balance) select id, 5000 from accounts`;
    const [provider] = await tx<{ id: number }[]>`
      insert into providers (name, url, key_cipher, poll_seconds) values ('panel', 'https://example.com/api/v2', '', 30) returning id`;
    const services = await tx<{ id: number }[]>`
      insert into services (name, category, type, rate, min, max, drip_feed, cancel, refill_days, stall_after_seconds, review_after_seconds,
          verify, duplicate_link)
        select 'service ' || n, 'Demo', 'Default', 90000, 10, 100000, true, true, 30, 86400, 604800, 'provider', 'allow'
          from generate_series(1, 20) n returning id`;
    const [service, oldService] = services.map(({ id }) => id);
    const at = { provider: provider?.id as number, service: service as number, oldService: oldService as number };
    await seedCatalogue(tx, at.provider);
    await seedOrders(tx, { ...at, large, odd, others });
    const seeded = await seedRest(tx, { ...at, large });
    return { large, odd, ...at, ...seeded };
  });
  await sql`analyze`;
  return {
    ...past,
    newest: FIRST + PAST_ORDERS,
    middle: FIRST + PAST_ORDERS / 2 + 1,
    dripFeed: FIRST + PAST_ORDERS - 1_199,
    oldest: FIRST + 1,
    partial: FIRST + 47,
  };
}

interface Owners {
  readonly provider: number;
  readonly service: number;
  readonly oldService: number;
  readonly large: number;
  readonly odd: number;
  readonly others: readonly number[];
}

/** An order every minute; every sixth is another account's. The last 1,200 of each kind are open. */
async function seedOrders(sql: Tx, { provider, service, oldService, large, odd, others }: Owners): Promise<void> {
  await sql`
    insert into orders (id, account_id, service_id, type, link, link_key, quantity, runs, total_quantity, unit_price, price, status, attention,
        charge, refunded, delivered, refill_days, refill_cap, refill_cooldown_seconds, refill_fallback, stall_after_seconds,
        review_after_seconds, created_at, started_at, settled_at, completed_at, refill_until, reference, cancelable, after_failed_run,
        verify, counter_tolerance_percent, recheck_seconds, finishing)
      select id, account_id, service_id, 'Default', 'https://example.com/' || n, 'https://example.com/' || n, 1000,
          case when is_drip then 3000 else 1 end, case when is_drip then 3000000 else 1000 end, 90,
          90 * case when is_drip then 3000000 else 1000 end, status,
          case when status = 'In progress' and n % 8 = 1 then (array['stalled', 'paused', 'review', 'conflict', 'uncertain'])[1 + n / 8 % 5]
            else 'none' end,
          case when status in ('Canceled', 'Partial') then 0 else 90 * case when is_drip then 3000000 else 1000 end end,
          case when status in ('Canceled', 'Partial') then 90000 else 0 end, 0, 30, 10, 86400, 'review', 86400, 604800, created_at,
          created_at, case when is_over then created_at + interval '5 minutes' end,
          case when status = 'Completed' then created_at + interval '5 minutes' end,
          case when status = 'Completed' then created_at + interval '30 days' end,
          case when n % 3 = 0 then 'campaign' when n % 3 = 1 then 'order ' || n end, true, 'continue', 'provider', 5, 300, is_over
        from (
          select *, now() - make_interval(mins => ${PAST_ORDERS} - n) as created_at, ${FIRST}::bigint + n as id,
              case when not is_over then (array['Pending', 'Processing', 'In progress', 'In progress'])[1 + n % 4]
                when account_id = ${odd} and n > 2000 then 'Canceled'
                when n % 40 = 7 then 'Partial' when n % 60 = 7 then 'Canceled' else 'Completed' end as status,
              case when account_id = ${large} and n < 600 then ${oldService}::integer
                when n % 10 = 0 then ${oldService}::integer + 1 + n / 10 % 10 else ${service}::integer end as service_id
            from (
              select n, n <= ${PAST_ORDERS - 1_200}::integer as is_over, n = ${PAST_ORDERS - 1_199}::integer as is_drip,
                  case when n % 6 <> 3 then ${large}::integer else (${[odd, ...others]}::integer[])[1 + n / 6 % 4] end as account_id
                from generate_series(1, ${PAST_ORDERS}::integer) n
            ) numbered
        ) o`;
  await sql`
    insert into batches (order_id, batch, quantity, state, provider_id, provider_service, provider_order, accepted_at, delivered)
      select id, run, 1000, case when settled_at is null and run = runs then 'running' else 'done' end, ${provider}, '1', id || '-' || run,
          created_at, 0
        from orders, generate_series(1, runs) run where status in ('In progress', 'Completed', 'Partial') or runs > 1`;
  await sql`
    insert into attempts (order_id, batch, attempt, provider_id, provider_service, cost_rate, state, provider_order, sending_at)
      select b.order_id, b.batch, 1, b.provider_id, '1', 1, case when o.attention = 'uncertain' then 'unknown' else 'accepted' end,
          case when o.attention = 'uncertain' then null else b.provider_order end, b.accepted_at
        from batches b join orders o on o.id = b.order_id`;
  await sql`
    insert into delivery_samples (order_id, batch, at, delivered)
      select order_id, batch, accepted_at + interval '1 minute', 10 from batches where order_id % 4 = 1 and batch <= 200`;
  await sql`
    insert into events (order_id, account_id, type, actor, version, at)
      select o.id, o.account_id, e.type, 'system', 1, o.created_at
        from orders o cross join lateral (values ('order.accepted'), ('order.in_progress'),
          (case when o.attention <> 'none' then 'order.' || o.attention else 'order.completed' end)) e(type)`;
  // A long timeline.
  await sql`
    insert into events (order_id, account_id, type, actor, version, at)
      select id, account_id, 'order.note', 'system', run, created_at from orders, generate_series(1, runs) run where runs > 1`;
}

/** A catalogue of 6,000 services, half of them gone, and their changes. */
async function seedCatalogue(sql: Tx, provider: number): Promise<void> {
  await sql`insert into provider_checks (provider_id, catalogue_at) values (${provider}, now())`;
  await sql`
    insert into provider_services (provider_id, service, name, category, type, rate, min, max, drip_feed, refill, cancel, first_seen_at,
        changed_at, gone_at, last_seen_at)
      select ${provider}, n::text, 'Followers ' || n, 'Demo', 'Default', '0.9', 10, 1000, false, false, false, now(), now(),
          case when n % 2 = 0 then now() end, case when n % 2 = 0 then now() end
        from generate_series(1, 6000) n`;
  await sql`
    insert into imports (service_id, provider_id, provider_service, percent, plus, follow)
      select id, ${provider}, id::text, 1000, 0, true from services order by services.id limit 5`;
  await sql`
    insert into catalogue_changes (provider_id, service, at, what, was, now)
      select ${provider}, (n % 50)::text, now() - make_interval(mins => 5000 - n), 'rate', '1', '2' from generate_series(1, 5000) n`;
}

async function seedRest(
  sql: Tx,
  { provider, large }: { readonly provider: number; readonly large: number },
): Promise<Pick<Past, 'webhook' | 'list' | 'decision'>> {
  await sql`
    insert into transfers (step, kind, debit, credit, amount, order_id, wallet_id, wallet_balance, wallet_version, at)
      select 'order:' || o.id || ':hold', 'hold', 'wallet:' || account_id, 'escrow:' || o.id, 90000, o.id, account_id, 5000,
          row_number() over (partition by account_id order by o.id), created_at from orders o`;
  await sql`
    insert into refills (order_id, account_id, number, stage, outcome, requested_by, requested_at, review_at, ended_at)
      select id, account_id, 1, case when id % 500 = 1 then 'tracked' else 'ended' end, case when id % 500 = 1 then null else 'Completed' end, 'account', now(),
          now(), case when id % 500 = 1 then null else now() end
        from orders where status = 'Completed' and id % 10 = 1`;
  const [webhook] = await sql<{ id: number }[]>`
    insert into webhook_endpoints (account_id, url, secret_cipher) values (${large}, 'https://example.com/hook', '') returning id`;
  // Nothing has arrived lately.
  await sql`
    insert into webhook_deliveries (event_id, endpoint_id, type, order_id, state, attempts, created_at, next_attempt_at, delivered_at)
      select id, ${webhook?.id as number}, type, order_id, d.state, 1, at, case when d.state in ('pending', 'retrying') then now() end,
          case when d.state = 'delivered' then at end
        from events cross join lateral (select case
          when order_id < ${FIRST + 15_000} then 'delivered' when order_id % 300 = 0 then 'pending' when order_id % 300 = 1 then 'retrying'
          when order_id % 2 = 0 then 'failed' else 'stopped' end as state) d
        where account_id = ${large} and order_id < ${FIRST + 30_000}`;
  await sql`
    insert into alerts (kind, subject, detail, at, resolved_at)
      select 'order_lost', 'order:' || n, 'lost', now(), case when n between 500 and 7000 then now() end from generate_series(1, 8000) n`;
  const [key] = await sql<{ id: number; account: number }[]>`
    insert into api_keys (account_id, name, prefix, hash, scopes)
      select ${large}, 'old ' || n, 'old' || n, sha256(n::text::bytea), '{}' from generate_series(1, 3000) n
      returning id, account_id as account`;
  await sql`
    insert into audit (at, account_id, key_id, actor, action, subject, detail, request_id)
      select now() - make_interval(mins => 12000 - n), ${key?.account as number}, ${key?.id as number}::integer + n % 40, 'staff',
          case when n < 20 then 'POST /v1/admin/accounts' else 'POST /v1/admin/orders/:id/resolve' end,
          case when n < 20 then 'accounts' else 'orders/' || ${FIRST}::integer + n % 4000 || '/resolve' end, '{}', n::text
        from generate_series(1, 12000) n`;
  await sql`
    insert into provider_calls (provider_id, minute, action, answered, latency)
      select ${provider}, date_trunc('minute', now()) - make_interval(mins => n), 'status', 9, '{0,0,9}' from generate_series(1, 5000) n`;
  // Two years of days, for 40 accounts and 20 services.
  await sql`
    insert into money_days (day, part, subject, revenue, cost)
      select current_date - n, 'account', a, 90, 50 from generate_series(0, 730) n, generate_series(1, 40) a`;
  await sql`
    insert into order_days (day, part, subject, completed, partial, canceled, refills, starts, ends)
      select current_date - n, 'service', s, 9, 1, 0, 0, '{0,10}', '{0,9}' from generate_series(0, 730) n, generate_series(1, 20) s`;
  await sql`
    insert into late_orders (order_id, batch, attempt, provider_id, provider_order, found_by)
      select order_id, 1, 1, ${provider}, 'late ' || order_id, 'staff' from batches where order_id % 20 = 1 and batch = 1`;
  await sql`
    insert into held_corrections (order_id, batch, provider_id, state, status, delivered, amount, held_at, said_at)
      select order_id, 1, ${provider}, case when order_id < ${FIRST + 1_000} then 'held' else 'withdrawn' end, 'Canceled', 0, 90, now(), now()
        from batches where order_id % 20 = 1 and batch = 1`;
  await sql`
    insert into service_stats (service_id, as_of, figures)
      select id, now(), '{"ended":0,"partial":0,"canceled":0,"average":null,"p50":null,"p95":null,"running":0,"itemsPerHour":0,"load":[]}' from services`;
  const lists = await sql<{ id: number }[]>`
    insert into mass_placements (account_id, idempotency_key, total) select ${large}, n::text, 100 from generate_series(1, 60) n
      returning id::float8 as id`;
  await sql`
    insert into mass_lines (mass_id, line, request) select m.id, n, '{}' from mass_placements m, generate_series(1, 100) n`;
  const decisions = await sql<{ id: number }[]>`
    insert into bulk_resolutions (actor, reason, resolution) select 'staff', '', '{"action":"cancel"}' from generate_series(1, 60)
      returning id::float8 as id`;
  await sql`
    insert into bulk_resolution_orders (bulk_id, order_id) select b.id, n from bulk_resolutions b, generate_series(1, 100) n`;
  return { webhook: webhook?.id as number, list: lists[30]?.id as number, decision: decisions[30]?.id as number };
}
