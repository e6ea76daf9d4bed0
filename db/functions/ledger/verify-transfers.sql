-- Checks transfers by themselves; see verify.sql.

create or replace function verify_transfers(p_transfers bigint[])
  returns table (item text, check_name text, subject text, detail text) language sql stable as $$
  select * from verify_lines(p_transfers)
  union all select * from verify_accounts(p_transfers)
  union all select * from verify_steps(p_transfers)
$$;

-- Each line of a wallet follows from the line before, and is not below zero. The wallet belongs to the
-- account of the order.
create or replace function verify_lines(p_transfers bigint[])
  returns table (item text, check_name text, subject text, detail text) language sql stable as $$
  with lines as (
    select t.*, before.id is null as first, o.account_id as owner,
           coalesce(before.wallet_balance, 0)
             + case when t.credit = 'wallet:' || t.wallet_id then t.amount else -t.amount end as due
      from transfers t
      left join transfers before on before.wallet_id = t.wallet_id
        and before.wallet_version = t.wallet_version - 1
      left join orders o on o.id = t.order_id
      where t.id = any (p_transfers) and t.wallet_id is not null
  )
  select id::text, 'wallet chain', 'wallet:' || wallet_id,
         format('line %s does not follow from the one before', wallet_version)
    from lines where first <> (wallet_version = 1) or wallet_balance <> due
  union all
  select id::text, 'wallet below zero', 'wallet:' || wallet_id, format('line %s', wallet_version)
    from lines where wallet_balance < 0
  union all
  select id::text, 'owner', 'order:' || order_id,
         format('transfer %s touches %s', id, 'wallet:' || wallet_id)
    from lines where wallet_id <> owner
$$;

-- Each transfer goes between the accounts of its kind. All but deposits and debits belong to an order.
create or replace function verify_accounts(p_transfers bigint[])
  returns table (item text, check_name text, subject text, detail text) language sql stable as $$
  select id::text, 'accounts of a transfer', 'transfer:' || id,
         format('%s from %s to %s', kind, debit, credit)
    from transfers where id = any (p_transfers) and case kind
      when 'deposit'    then debit = 'external' and credit = 'wallet:' || wallet_id
      when 'debit'      then debit = 'wallet:' || wallet_id and credit = 'external'
      when 'hold'       then debit = 'wallet:' || wallet_id and credit = 'escrow:' || order_id
      when 'charge'     then debit = 'escrow:' || order_id and credit = 'revenue'
      when 'refund'     then debit = 'escrow:' || order_id and credit = 'wallet:' || wallet_id
      when 'correction' then debit = 'revenue' and credit = 'wallet:' || wallet_id
      when 'cost'       then debit like 'cost:%' and credit = 'payable:' || substr(debit, 6)
      when 'rebate'     then credit like 'cost:%' and debit = 'payable:' || substr(credit, 6)
      when 'recovery'   then debit like 'payable:%' and credit = 'loss'
      else debit = 'loss' end is not true
  union all
  select t.id::text, 'transfer without order', 'transfer:' || t.id, t.kind
    from transfers t left join orders o on o.id = t.order_id
    where t.id = any (p_transfers) and t.kind not in ('deposit', 'debit') and o.id is null
$$;

-- Each transfer is made in a step of its kind. The steps of losses are checked with their orders.
create or replace function verify_steps(p_transfers bigint[])
  returns table (item text, check_name text, subject text, detail text) language sql stable as $$
  select id::text, 'step of a transfer', 'transfer:' || id, format('%s in step %s', kind, step)
    from transfers
    where id = any (p_transfers) and kind <> 'loss' and step not like case kind
      when 'deposit'    then 'deposit:' || wallet_id || ':%'
      when 'debit'      then 'debit:' || wallet_id || ':%'
      when 'hold'       then 'order:' || order_id || ':hold'
      when 'correction' then 'order:' || order_id || ':correct:%'
      when 'cost'       then 'order:' || order_id || ':batch:%:cost'
      when 'rebate'     then 'order:' || order_id || ':batch:%:cost:%'
      when 'recovery'   then 'order:' || order_id || ':batch:%:loss:%'
      else 'order:' || order_id || ':settle' end
$$;
