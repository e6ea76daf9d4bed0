-- Settles an order with all that its workflow needs afterwards, in one round trip. Returns no row, and
-- writes nothing, when the provider of a batch gives no plain figure of what it charges: the caller
-- then works the costs out (p_costs) and calls again.
--
--   fresh          this call settled the order: it has no refill and no correction yet
--   next_in_line   the next order for the link; null without one
create or replace function end_order(
  p_order bigint, p_status text, p_delivered bigint, p_reason text, p_actor text,
  p_at timestamptz, p_ends jsonb, p_costs jsonb, p_decided boolean
) returns table (fresh boolean, completed_at timestamptz, refill_days integer, last_batch integer,
    next_in_line bigint)
  language plpgsql as $$
begin
  p_costs := coalesce(p_costs, plain_costs(p_order));
  if p_costs is null then
    return;
  end if;
  fresh := settle_order(p_order, p_status, p_delivered, p_reason, p_actor, p_at, p_ends, p_costs,
    p_decided);
  return query
    select fresh, o.completed_at, o.refill_days,
        (select coalesce(max(b.batch), 0) from batches b where b.order_id = p_order),
        next_in_line(p_order, p_at)
      from orders o where o.id = p_order;
end $$;

-- What the batches of an order cost by their providers' own figures, as settle_order takes it. Null
-- when one of the figures is missing or not plain.
create or replace function plain_costs(p_order bigint) returns jsonb language sql stable as $$
  select case when count(*) = count(plain_charge(provider_charge)) then
      coalesce(jsonb_agg(jsonb_build_object('batch', batch, 'raw', provider_charge,
        'cost', plain_charge(provider_charge)::text)), '[]') end
    from batches where order_id = p_order and provider_order is not null and refill is null
$$;

-- A provider's figure in 1e-8 of the currency; null unless it is a decimal that needs no rounding.
-- Its twin for all figures is costFromProvider in domain/ledger/money.ts.
create or replace function plain_charge(p_raw text) returns bigint language sql immutable as $$
  select case when p_raw ~ '^\d{1,10}(\.\d{1,8})?$' then (p_raw::numeric * 100000000)::bigint end
$$;

-- The first order that queues for the link of this order and has not begun.
create or replace function next_in_line(p_order bigint, p_at timestamptz)
  returns bigint language sql stable as $$
  select n.id
    from orders o join services s on s.id = o.service_id and s.duplicate_link = 'queue'
    cross join lateral open_orders_of_link(o.service_id, o.link_key) n
    where o.id = p_order and (s.duplicate_scope = 'all' or n.account_id = o.account_id)
      and not exists (select from batches where order_id = n.id)
      and n.paused_at is null
      and n.due_at <= greatest(p_at, clock_timestamp())
    order by n.id limit 1
$$;
