import type { Sql } from '../../../db/client.ts';
import type { Shop } from './shop.ts';

/** How much has been before a test: settled orders, and the accounts that placed them in turn. */
export interface Past {
  readonly orders: number;
  readonly accounts: number;
}

/**
 * Writes settled orders of a shop's service straight into the tables, as the functions of the ledger would have. Every fourth is
 * Partial with a refund; each has its claim, a batch, its steps and a booked cost. The accounts are new.
 */
export async function seedPast(sql: Sql, shop: Shop, { orders, accounts }: Past): Promise<void> {
  const provider = shop.providers[0] ?? 0;
  await sql.begin(async (tx) => {
    // Switches the checks of foreign keys off: they would take longer than the rest.
    await tx`set local session_replication_role = replica`;
    await tx`set local statement_timeout = 0`;
    const made = await tx<{ first: number }[]>`
      with made as (
        insert into accounts (name) select 'past ' || n from generate_series(1, ${accounts}::integer) n returning id
      )
      select min(id) as first from made`;
    await tx`
      create temporary table past on commit drop as
        select nextval('order_ids') as id, ${made[0]?.first ?? 0}::integer + n % ${accounts}::integer as account_id,
               case n % 4 when 0 then 600 else 1000 end as delivered
          from generate_series(0, ${orders - 1}::integer) n`;
    await tx`
      insert into claims (order_id, account_id, fingerprint, request, state, decided_at)
        select id, account_id, '', '{}', 'order', now() from past`;
    await tx`
      insert into orders (id, account_id, service_id, link, link_key, quantity, total_quantity, type, unit_price, price, status,
          reason, charge, refunded, delivered, refill_days, refill_cap, refill_cooldown_seconds, refill_fallback,
          stall_after_seconds, review_after_seconds, settled_at, completed_at, cancelable, after_failed_run, verify,
          counter_tolerance_percent, recheck_seconds, finishing)
        select id, account_id, ${shop.service}, 'https://example.com/' || id, 'https://example.com/' || id, 1000, 1000, 'Default',
               900, 900000, case delivered when 1000 then 'Completed' else 'Partial' end,
               case delivered when 1000 then null else 'unknown' end, 900 * delivered, 900000 - 900 * delivered, delivered,
               0, 10, 86400, 'review', 86400, 604800, now(), case delivered when 1000 then now() end, true, 'continue', 'provider',
               5, 300, false
          from past`;
    await tx`
      insert into batches (order_id, batch, quantity, state, provider_id, provider_service, provider_order, cost_rate, accepted_at,
          provider_status, delivered, remains, terminal_at, supported)
        select id, 1, 1000, 'done', ${provider}::integer, '1', 'past-' || id, 50000, now(),
               case delivered when 1000 then 'Completed' else 'Partial' end, delivered, 1000 - delivered, now(), delivered
          from past`;
    await tx`
      insert into money_steps (key, payload)
        select format('deposit:%s:past', account_id), '{"amount": "1000000000000"}'::jsonb from past group by account_id
        union all select format('order:%s:hold', id), '{"amount": "900000"}' from past
        union all select format('order:%s:batch:1:cost', id), '{"cost": "500"}' from past
        union all select format('order:%s:settle', id), jsonb_build_object(
            'status', case delivered when 1000 then 'Completed' else 'Partial' end, 'delivered', delivered)
          from past`;
    await tx`
      insert into transfers (step, kind, debit, credit, amount, order_id, wallet_id, wallet_balance, wallet_version)
        select step, kind, debit, credit, amount, id, case when signed is not null then account_id end,
               case when signed is not null then sum(signed) over lines end,
               case when signed is not null then count(signed) over lines end
          from (
            select 0::bigint as place, null::bigint as id, account_id, format('deposit:%s:past', account_id) as step,
                   'deposit' as kind, 'external' as debit, 'wallet:' || account_id as credit, 1000000000000 as amount,
                   1000000000000 as signed
              from past group by account_id
            union all select 4 * id, id, account_id, format('order:%s:hold', id), 'hold', 'wallet:' || account_id, 'escrow:' || id,
                900000, -900000 from past
            union all select 4 * id + 1, id, account_id, format('order:%s:batch:1:cost', id), 'cost', ${`cost:${provider}`},
                ${`payable:${provider}`}, 500, null from past
            union all select 4 * id + 2, id, account_id, format('order:%s:settle', id), 'charge', 'escrow:' || id, 'revenue',
                900 * delivered, null from past
            union all select 4 * id + 3, id, account_id, format('order:%s:settle', id), 'refund', 'escrow:' || id,
                'wallet:' || account_id, 900000 - 900 * delivered, 900000 - 900 * delivered from past where delivered < 1000
          ) l window lines as (partition by account_id order by place)
          order by place`;
    await tx`
      insert into wallets (account_id, balance, version)
        select distinct on (wallet_id) wallet_id, wallet_balance, wallet_version from transfers
          where wallet_id in (select account_id from past) order by wallet_id, wallet_version desc`;
  });
  await sql`analyze`;
}
