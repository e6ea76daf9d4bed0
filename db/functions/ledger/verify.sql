-- Checks the ledger. Every row is an error; no row means that there is no drift. Each function checks
-- one part; verify_ledger runs all of them in one snapshot.

create or replace function verify_ledger()
  returns table (check_name text, subject text, detail text) language sql stable as $$
  select * from verify_wallets()
  union all select * from verify_escrow()
  union all select * from verify_charges()
  union all select * from verify_corrections()
  union all select * from verify_transfers()
  union all select * from verify_claims()
  union all select * from verify_losses()
$$;

-- Returns each wallet whose balance is not the sum of its transfers, and each wallet transfer that does
-- not continue the version and the balance of the transfer before, or leaves less than nothing.
create or replace function verify_wallets()
  returns table (check_name text, subject text, detail text) language sql stable as $$
  with lines as (
    select t.*, lag(t.wallet_version) over w as last_version,
           lag(t.wallet_balance) over w as last_balance,
           case when t.credit = 'wallet:' || t.wallet_id then t.amount else -t.amount end as signed
      from transfers t where t.wallet_id is not null
      window w as (partition by t.wallet_id order by t.wallet_version)
  )
  select 'wallet balance', 'wallet:' || w.account_id,
         format('stored %s, transfers say %s', w.balance, coalesce(sum(l.signed), 0))
    from wallets w left join lines l on l.wallet_id = w.account_id
    group by w.account_id having w.balance <> coalesce(sum(l.signed), 0)
  union all
  select 'wallet chain', 'wallet:' || wallet_id,
         format('line %s does not follow from the one before', wallet_version)
    from lines
    where wallet_version <> coalesce(last_version, 0) + 1
      or wallet_balance <> coalesce(last_balance, 0) + signed
  union all
  select 'wallet below zero', 'wallet:' || wallet_id, format('line %s', wallet_version)
    from lines where wallet_balance < 0
$$;

-- Each order holds its price until its settlement, then nothing; the order and its transfers agree.
create or replace function verify_escrow()
  returns table (check_name text, subject text, detail text) language sql stable as $$
  with per_order as (
    select o.id, o.price, o.charge, o.refunded, o.settled_at,
           coalesce(sum(t.amount) filter (where t.credit = 'escrow:' || o.id), 0) as held,
           coalesce(sum(t.amount) filter (where t.debit = 'escrow:' || o.id), 0) as released,
           coalesce(sum(t.amount) filter (where t.kind = 'charge'), 0) as charged,
           coalesce(sum(t.amount) filter (where t.kind = 'refund'), 0) as given_back,
           coalesce(sum(t.amount) filter (where t.kind = 'correction'), 0) as corrected
      from orders o left join transfers t on t.order_id = o.id group by o.id
  )
  select 'hold', 'order:' || id, format('holds %s, price %s', held, price)
    from per_order where held <> price
  union all
  select 'open order escrow', 'order:' || id, format('released %s before its settlement', released)
    from per_order where settled_at is null and released <> 0
  union all
  select 'settled order escrow', 'order:' || id, format('%s left in escrow', held - released)
    from per_order where settled_at is not null and held <> released
  union all
  select 'charge and refund', 'order:' || id,
         format('order says %s + %s, transfers say %s + %s',
           charge, refunded, charged - corrected, given_back + corrected)
    from per_order
    where settled_at is not null
      and (charge <> charged - corrected or refunded <> given_back + corrected)
  union all
  select 'price split', 'order:' || id, format('%s + %s is not %s', charge, refunded, price)
    from per_order where charge + refunded <> price
$$;

-- Each settled order is charged for what was delivered, and agrees with its last money step: the
-- settlement or the last correction.
create or replace function verify_charges()
  returns table (check_name text, subject text, detail text) language sql stable as $$
  select 'charge and delivered', 'order:' || id,
         format('charged %s for %s delivered', charge, delivered)
    from orders where settled_at is not null and charge <> charge_for(unit_price, delivered)
  union all
  select 'status and step', 'order:' || o.id,
         format('%s with %s delivered, by its last step %s with %s', o.status, o.delivered,
           s.payload->>'status', s.payload->>'delivered')
    from orders o left join money_steps s on s.key = 'order:' || o.id
      || case o.corrections when 0 then ':settle' else ':correct:' || o.corrections end
    where o.settled_at is not null
      and (s.payload->>'status', (s.payload->>'delivered')::bigint)
        is distinct from (o.status, o.delivered)
$$;

-- Each correction lowers what was delivered and gives back exactly the difference of the charges.
create or replace function verify_corrections()
  returns table (check_name text, subject text, detail text) language sql stable as $$
  with corrections as (
    select o.id, n, t.amount, o.unit_price,
           (b.payload->>'delivered')::bigint as before, (s.payload->>'delivered')::bigint as after
      from orders o cross join generate_series(1, o.corrections) n
      left join money_steps b on b.key = 'order:' || o.id
        || case n when 1 then ':settle' else ':correct:' || n - 1 end
      left join money_steps s on s.key = 'order:' || o.id || ':correct:' || n
      left join (select step, sum(amount) as amount from transfers
          where kind = 'correction' group by step) t on t.step = s.key
      where o.corrections > 0
  ), due as (
    select id, n, before, after, coalesce(amount, 0) as given_back,
           charge_for(unit_price, before) - charge_for(unit_price, after) as owed
      from corrections
  )
  select 'correction and step', 'order:' || id,
         format('correction %s gave back %s, its steps say %s', n, given_back, owed)
    from due where (given_back = owed and after < before) is not true
$$;

-- Each transfer goes between the accounts of its kind, in a step of its kind, and its wallet belongs
-- to the order's account.
create or replace function verify_transfers()
  returns table (check_name text, subject text, detail text) language sql stable as $$
  select 'owner', 'order:' || o.id, format('transfer %s touches %s', t.id, 'wallet:' || t.wallet_id)
    from transfers t join orders o on o.id = t.order_id
    where t.wallet_id is not null and t.wallet_id <> o.account_id
  union all
  select 'step without transfer', s.key, 'a money step moved nothing' from money_steps s
    where s.key like 'deposit:%' and not exists (select from transfers t where t.step = s.key)
  union all
  select 'accounts of a transfer', 'transfer:' || id, format('%s from %s to %s', kind, debit, credit)
    from transfers where case kind
      when 'deposit'    then debit = 'external' and credit = 'wallet:' || wallet_id
      when 'hold'       then debit = 'wallet:' || wallet_id and credit = 'escrow:' || order_id
      when 'charge'     then debit = 'escrow:' || order_id and credit = 'revenue'
      when 'refund'     then debit = 'escrow:' || order_id and credit = 'wallet:' || wallet_id
      when 'correction' then debit = 'revenue' and credit = 'wallet:' || wallet_id
      when 'cost'       then debit like 'cost:%' and credit = 'payable:' || substr(debit, 6)
      when 'rebate'     then credit like 'cost:%' and debit = 'payable:' || substr(credit, 6)
      when 'recovery'   then debit like 'payable:%' and credit = 'loss'
      else debit = 'loss' end is not true
  union all
  select 'step of a transfer', 'transfer:' || id, format('%s in step %s', kind, step) from transfers
    where kind <> 'loss' and step not like case kind
      when 'deposit'    then 'deposit:' || wallet_id || ':%'
      when 'hold'       then 'order:' || order_id || ':hold'
      when 'correction' then 'order:' || order_id || ':correct:%'
      when 'cost'       then 'order:' || order_id || ':batch:%:cost'
      when 'rebate'     then 'order:' || order_id || ':batch:%:cost:%'
      when 'recovery'   then 'order:' || order_id || ':batch:%:loss:%'
      else 'order:' || order_id || ':settle' end
  union all
  select 'more rebate than cost', 'order:' || order_id || ':batch:' || split_part(step, ':', 4),
         format('%s more', -sum(case kind when 'cost' then amount else -amount end))
    from transfers where kind in ('cost', 'rebate') group by order_id, split_part(step, ':', 4)
    having sum(case kind when 'cost' then amount else -amount end) < 0
  union all
  select 'transfer without order', 'transfer:' || t.id, t.kind from transfers t
    where t.kind in ('hold', 'charge', 'refund', 'correction') and t.order_id is null
$$;

create or replace function verify_claims()
  returns table (check_name text, subject text, detail text) language sql stable as $$
  select 'claim without order', 'order:' || c.order_id, 'the claim says order, there is none'
    from claims c left join orders o on o.id = c.order_id
    where c.state = 'order' and o.id is null
  union all
  select 'order without claim', 'order:' || o.id, 'the claim does not say order: ' || c.state
    from orders o join claims c on c.order_id = o.id where c.state <> 'order'
$$;

-- Each loss of a late order or a batch is booked as a transfer to its provider, and the other way
-- round.
create or replace function verify_losses()
  returns table (check_name text, subject text, detail text) language sql stable as $$
  select 'loss and late order', 'order:' || coalesce(l.order_id, t.order_id),
         format('late orders say %s to %s, transfers say %s to %s',
           coalesce(l.loss, 0), l.payee, coalesce(t.amount, 0), t.payee)
    from (select order_id, format('order:%s:late:%s:loss', order_id, id) as step, loss,
              'payable:' || provider_id as payee
            from late_orders where loss > 0) l
    full join (select step, max(order_id) as order_id, sum(amount) as amount,
              string_agg(credit, ', ') as payee
            from transfers where kind = 'loss' and step not like 'order:%:batch:%' group by step) t
      on t.step = l.step
    where (l.order_id, l.loss, l.payee) is distinct from (t.order_id, t.amount, t.payee)
  union all
  select 'loss and batch',
         format('order:%s:batch:%s', coalesce(b.order_id, t.order_id), coalesce(b.batch, t.batch)),
         format('the batch says %s to %s, transfers say %s to %s',
           coalesce(b.lost, 0), b.payee, coalesce(t.amount, 0), t.payee)
    from (select order_id, batch, lost, 'payable:' || provider_id as payee
            from batches where lost > 0) b
    full join (select order_id, split_part(step, ':', 4)::integer as batch,
              sum(case kind when 'loss' then amount else -amount end) as amount,
              string_agg(distinct case kind when 'loss' then credit else debit end, ', ') as payee
            from transfers
            where kind in ('loss', 'recovery') and step like 'order:%:batch:%:loss:%'
            group by order_id, split_part(step, ':', 4)) t
      on (t.order_id, t.batch) = (b.order_id, b.batch)
    where coalesce(b.lost, 0) <> coalesce(t.amount, 0)
      or (b.payee is not null and b.payee is distinct from t.payee)
$$;
