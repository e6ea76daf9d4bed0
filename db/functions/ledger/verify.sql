-- Checks the ledger. Every row is an error; no row means that there is no drift. Each function checks
-- some items, given by their ids, so the caller decides how much one statement reads. A check reads
-- what one transaction writes together (an order and its transfers, a wallet and its last line), so it
-- holds in the snapshot of one statement, whatever moves meanwhile. Each row names its item: checking
-- that item again shows whether the error is still there.

-- Checks items of one part of the ledger; the parts together are all that there is to check. It reads
-- by indexes, whatever the planner thinks of the tables' sizes: a scan would grow with the past. (On
-- older versions of PostgreSQL a plan that is switched off looks so dear that it would be compiled.)
create or replace function verify_part(p_part text, p_items text[])
  returns table (item text, check_name text, subject text, detail text) language plpgsql stable
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
begin
  case p_part
    when 'transfers' then return query select * from verify_transfers(p_items::bigint[]);
    when 'orders' then return query select * from verify_orders(p_items::bigint[]);
    when 'wallets' then return query select * from verify_wallets(p_items::bigint[]);
    when 'claims' then return query select * from verify_claims(p_items::bigint[]);
    when 'deposits' then return query select * from verify_deposits(p_items);
  end case;
end $$;

-- Checks everything in one snapshot. It takes longer with every order: for a small ledger, and for
-- tests that move money meanwhile.
create or replace function verify_ledger()
  returns table (check_name text, subject text, detail text) language sql stable as $$
  select v.check_name, v.subject, v.detail from (
    select * from verify_transfers(array(select id from transfers))
    union all select * from verify_orders(array(select id from orders))
    union all select * from verify_wallets(array(select account_id::bigint from wallets))
    union all select * from verify_claims(array(select order_id from claims))
    union all select * from verify_deposits(
      array(select key from money_steps where key like 'deposit:%' or key like 'debit:%'))) v
$$;

-- Each wallet's balance is that of its last line. Each line follows from the one before (see
-- verify_transfers), so the balance is the sum of the wallet's transfers.
create or replace function verify_wallets(p_wallets bigint[])
  returns table (item text, check_name text, subject text, detail text) language sql stable as $$
  select w.account_id::text, 'wallet balance', 'wallet:' || w.account_id,
         format('stored %s after line %s, transfers say %s after line %s',
           w.balance, w.version, coalesce(l.wallet_balance, 0), coalesce(l.wallet_version, 0))
    from wallets w left join lateral (
      select wallet_balance, wallet_version from transfers where wallet_id = w.account_id
        order by wallet_version desc limit 1) l on true
    where w.account_id = any (p_wallets)
      and (w.balance, w.version)
        <> (coalesce(l.wallet_balance, 0), coalesce(l.wallet_version, 0))
$$;

-- Each claim that says order has its order.
create or replace function verify_claims(p_claims bigint[])
  returns table (item text, check_name text, subject text, detail text) language sql stable as $$
  select c.order_id::text, 'claim without order', 'order:' || c.order_id,
         'the claim says order, there is none'
    from claims c left join orders o on o.id = c.order_id
    where c.order_id = any (p_claims) and c.state = 'order' and o.id is null
$$;

-- Each step of a deposit or debit moved its money.
create or replace function verify_deposits(p_steps text[])
  returns table (item text, check_name text, subject text, detail text) language sql stable as $$
  select s.key, 'step without transfer', s.key, 'a money step moved nothing' from money_steps s
    where s.key = any (p_steps) and (s.key like 'deposit:%' or s.key like 'debit:%')
      and not exists (select from transfers t where t.step = s.key)
$$;
