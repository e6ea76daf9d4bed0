-- Checks orders: the order, its claim, its steps, its batches and its transfers agree; see verify.sql.

create or replace function verify_orders(p_orders bigint[])
  returns table (item text, check_name text, subject text, detail text) language sql stable as $$
  select * from verify_escrow(p_orders)
  union all select * from verify_charges(p_orders)
  union all select * from verify_corrections(p_orders)
  union all select * from verify_costs(p_orders)
  union all select * from verify_late_losses(p_orders)
  union all select * from verify_batch_losses(p_orders)
  union all
  select o.id::text, 'order without claim', 'order:' || o.id,
         'the claim does not say order: ' || coalesce(c.state, 'there is none')
    from orders o left join claims c on c.order_id = o.id
    where o.id = any (p_orders) and c.state is distinct from 'order'
$$;

-- Each order holds its price until its settlement, then nothing; the order and its transfers agree.
create or replace function verify_escrow(p_orders bigint[])
  returns table (item text, check_name text, subject text, detail text) language sql stable as $$
  with per_order as (
    select o.id, o.price, o.charge, o.refunded, o.settled_at, t.*
      from orders o cross join lateral (
        select coalesce(sum(amount) filter (where credit = 'escrow:' || o.id), 0) as held,
               coalesce(sum(amount) filter (where debit = 'escrow:' || o.id), 0) as released,
               coalesce(sum(amount) filter (where kind = 'charge'), 0) as charged,
               coalesce(sum(amount) filter (where kind = 'refund'), 0) as given_back,
               coalesce(sum(amount) filter (where kind = 'correction'), 0) as corrected
          from transfers where order_id = o.id) t
      where o.id = any (p_orders)
  )
  select id::text, 'hold', 'order:' || id, format('holds %s, price %s', held, price)
    from per_order where held <> price
  union all
  select id::text, 'open order escrow', 'order:' || id,
         format('released %s before its settlement', released)
    from per_order where settled_at is null and released <> 0
  union all
  select id::text, 'settled order escrow', 'order:' || id,
         format('%s left in escrow', held - released)
    from per_order where settled_at is not null and held <> released
  union all
  select id::text, 'charge and refund', 'order:' || id,
         format('order says %s + %s, transfers say %s + %s',
           charge, refunded, charged - corrected, given_back + corrected)
    from per_order
    where settled_at is not null
      and (charge <> charged - corrected or refunded <> given_back + corrected)
  union all
  select id::text, 'price split', 'order:' || id,
         format('%s + %s is not %s', charge, refunded, price)
    from per_order where charge + refunded <> price
$$;

-- Each settled order is charged for what was delivered, and agrees with its last money step: the
-- settlement or the last correction.
create or replace function verify_charges(p_orders bigint[])
  returns table (item text, check_name text, subject text, detail text) language sql stable as $$
  select id::text, 'charge and delivered', 'order:' || id,
         format('charged %s for %s delivered', charge, delivered)
    from orders
    where id = any (p_orders) and settled_at is not null
      and charge <> charge_for(unit_price, delivered)
  union all
  select o.id::text, 'status and step', 'order:' || o.id,
         format('%s with %s delivered, by its last step %s with %s', o.status, o.delivered,
           s.payload->>'status', s.payload->>'delivered')
    from orders o left join money_steps s on s.key = 'order:' || o.id
      || case o.corrections when 0 then ':settle' else ':correct:' || o.corrections end
    where o.id = any (p_orders) and o.settled_at is not null
      and (s.payload->>'status', (s.payload->>'delivered')::bigint)
        is distinct from (o.status, o.delivered)
$$;

-- Each correction lowers what was delivered and gives back exactly the difference of the charges.
create or replace function verify_corrections(p_orders bigint[])
  returns table (item text, check_name text, subject text, detail text) language sql stable as $$
  with corrections as (
    select o.id, n, o.unit_price,
           (b.payload->>'delivered')::bigint as before, (s.payload->>'delivered')::bigint as after,
           (select coalesce(sum(amount), 0) from transfers
             where step = s.key and kind = 'correction') as given_back
      from orders o cross join generate_series(1, o.corrections) n
      left join money_steps b on b.key = 'order:' || o.id
        || case n when 1 then ':settle' else ':correct:' || n - 1 end
      left join money_steps s on s.key = 'order:' || o.id || ':correct:' || n
      where o.id = any (p_orders) and o.corrections > 0
  ), due as (
    select *, charge_for(unit_price, before) - charge_for(unit_price, after) as owed
      from corrections
  )
  select id::text, 'correction and step', 'order:' || id,
         format('correction %s gave back %s, its steps say %s', n, given_back, owed)
    from due where (given_back = owed and after < before) is not true
$$;

-- No more is booked back of a batch than it cost.
create or replace function verify_costs(p_orders bigint[])
  returns table (item text, check_name text, subject text, detail text) language sql stable as $$
  select order_id::text, 'more rebate than cost',
         'order:' || order_id || ':batch:' || split_part(step, ':', 4),
         format('%s more', -sum(case kind when 'cost' then amount else -amount end))
    from transfers where order_id = any (p_orders) and kind in ('cost', 'rebate')
    group by order_id, split_part(step, ':', 4)
    having sum(case kind when 'cost' then amount else -amount end) < 0
$$;

-- Each loss of a late order is booked as a transfer to its provider, and the other way round.
create or replace function verify_late_losses(p_orders bigint[])
  returns table (item text, check_name text, subject text, detail text) language sql stable as $$
  select coalesce(l.order_id, t.order_id)::text, 'loss and late order',
         'order:' || coalesce(l.order_id, t.order_id),
         format('late orders say %s to %s, transfers say %s to %s',
           coalesce(l.loss, 0), l.payee, coalesce(t.amount, 0), t.payee)
    from (select order_id, format('order:%s:late:%s:loss', order_id, id) as step, loss,
              'payable:' || provider_id as payee
            from late_orders where order_id = any (p_orders) and loss > 0) l
    full join (select order_id, step, sum(amount) as amount, string_agg(credit, ', ') as payee
            from transfers
            where order_id = any (p_orders) and kind = 'loss' and step not like 'order:%:batch:%'
            group by order_id, step) t
      on t.step = l.step
    where (l.order_id, l.loss, l.payee) is distinct from (t.order_id, t.amount, t.payee)
$$;

-- The loss that a batch says is what its transfers say, to the same provider.
create or replace function verify_batch_losses(p_orders bigint[])
  returns table (item text, check_name text, subject text, detail text) language sql stable as $$
  select coalesce(b.order_id, t.order_id)::text, 'loss and batch',
         format('order:%s:batch:%s', coalesce(b.order_id, t.order_id), coalesce(b.batch, t.batch)),
         format('the batch says %s to %s, transfers say %s to %s',
           coalesce(b.lost, 0), b.payee, coalesce(t.amount, 0), t.payee)
    from (select order_id, batch, lost, 'payable:' || provider_id as payee
            from batches where order_id = any (p_orders) and lost > 0) b
    full join (select order_id, split_part(step, ':', 4)::integer as batch,
              sum(case kind when 'loss' then amount else -amount end) as amount,
              string_agg(distinct case kind when 'loss' then credit else debit end, ', ') as payee
            from transfers
            where order_id = any (p_orders) and kind in ('loss', 'recovery')
              and step like 'order:%:batch:%:loss:%'
            group by order_id, split_part(step, ':', 4)) t
      on (t.order_id, t.batch) = (b.order_id, b.batch)
    where coalesce(b.lost, 0) <> coalesce(t.amount, 0)
      or (b.payee is not null and b.payee is distinct from t.payee)
$$;
