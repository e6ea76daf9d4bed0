-- Whether a batch may still be sent: no provider has it, and its order, or the refill that it belongs
-- to, has not ended.
create or replace function may_be_sent(p_order bigint, p_batch integer)
  returns boolean language plpgsql stable as $$
begin
  return not exists (select from attempts
      where order_id = p_order and batch = p_batch and state = 'accepted')
    and (exists (select from orders where id = p_order and settled_at is null)
      or exists (select from batches b
        join refills r on r.order_id = b.order_id and r.number = b.refill
        where b.order_id = p_order and b.batch = p_batch and r.stage <> 'ended'));
end $$;

-- The routes that a batch may still be sent on, as they are now. Such a route is active and not held,
-- takes the quantity, and has not refused this batch before; its service still has the type that was
-- ordered. The routes of paused providers are included; paused_until is null when the pause is not for
-- this order's account.
create or replace function routes_left(p_order bigint, p_batch integer)
  returns table (provider_id integer, provider_service text, cost_rate bigint, preference integer,
    paused_until timestamptz)
  language sql stable as $$
  select r.provider_id, r.provider_service, r.rate, r.position,
      case when trouble_concerns(p, o.account_id) then p.paused_until end
    from orders o join services s on s.id = o.service_id join routes r on r.service_id = s.id
    join providers p on p.id = r.provider_id
    left join batches q on q.order_id = o.id and q.batch = p_batch
    where o.id = p_order and may_be_sent(p_order, p_batch) and r.active and r.held is null
      and (r.min_quantity is null or coalesce(q.quantity, o.quantity) >= r.min_quantity)
      and (r.max_quantity is null or coalesce(q.quantity, o.quantity) <= r.max_quantity)
      -- A missing part is sent as it is or not at all: rounded up, it would be more than the customer
      -- paid for. The quantity of the order itself fitted the service's own step when it was accepted.
      and coalesce(q.quantity, o.quantity)
        % coalesce(r.quantity_step, case when q.resends is not null then s.step end, 1) = 0
      and s.type = o.type
      -- A scheduled order whose service is no longer sold is refunded; one that has begun goes on.
      and (s.active or o.status <> 'Pending')
      and not exists (
        select from attempts a where a.order_id = p_order and a.batch = p_batch
          and a.state = 'refused' and a.detail = 'refused'
          and a.provider_id = r.provider_id and a.provider_service = r.provider_service)
      -- A missing part goes to the next route, not to one that did not deliver it. The first check
      -- is there for speed: the recursive search reads all batches of the order, and a drip-feed
      -- has thousands.
      and not (exists (select from batches b
          where b.order_id = p_order and b.batch = p_batch and b.resends is not null)
        and exists (
          with recursive before as (
            select b.resends as batch from batches b
              where b.order_id = p_order and b.batch = p_batch
            union
            select b.resends from batches b join before on b.batch = before.batch
              where b.order_id = p_order
          )
          select from batches b join before on b.batch = before.batch
            where b.order_id = p_order and b.provider_id = r.provider_id
              and b.provider_service = r.provider_service))
$$;

-- How many more sends a provider may have in flight: its maxParallelSends, or p_usual where the
-- profile has none, minus the sends in flight. An account that the provider's trouble concerns gets
-- one send at a time, as a probe. A send older than p_given_up_after seconds is over: its answer came, or never will.
create or replace function room_for_sends(
  p_provider integer, p_account integer, p_usual integer, p_given_up_after float8
) returns bigint language sql stable as $$
  select case when p.troubles > 0 and trouble_concerns(p, p_account) then 1
        else coalesce((p.profile->>'maxParallelSends')::integer, p_usual) end
      - (select count(*) from attempts a where a.provider_id = p.id and a.state = 'sending'
           and a.sending_at > clock_timestamp() - make_interval(secs => p_given_up_after))
    from providers p where p.id = p_provider
$$;
