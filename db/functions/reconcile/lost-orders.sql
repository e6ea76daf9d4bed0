-- The orders among p_orders that must have a running workflow now. need: `claim` (not decided yet),
-- `order` (not ended) or `window` (it may be refilled, or a refill is open). service_id is 0 when a
-- claim names a service by a number that no service can have.
create or replace function orders_to_run(p_orders bigint[])
  returns table (order_id bigint, need text, account_id integer, service_id bigint, status text,
    attention text, age_seconds float8)
  language sql stable as $$
  select c.order_id,
         case when o.id is null then 'claim' when o.settled_at is null then 'order'
           else 'window' end,
         c.account_id, coalesce(o.service_id, service_asked(c.request), 0),
         coalesce(o.status, 'Pending'), coalesce(o.attention, 'none'),
         extract(epoch from clock_timestamp() - coalesce(o.created_at, c.created_at))::float8
    from claims c left join orders o on o.id = c.order_id
    where c.order_id = any (p_orders)
      and ((o.id is null and c.state = 'open'
          and (c.expires_at is null or c.expires_at > clock_timestamp()))
        or (o.id is not null and (o.settled_at is null or o.refill_until > clock_timestamp()
          or exists (select from refills r where r.order_id = o.id and r.stage <> 'ended'))))
$$;

-- Raises the alert about an order whose workflow is lost (p_how: like `it was terminated`), and
-- decides whether the workflow is started again: at most p_most times within p_seconds. After that
-- the workflow is given up until it runs again, and the order waits for a person.
create or replace function take_up_order(
  p_order bigint, p_how text, p_most integer, p_seconds integer
) returns boolean language plpgsql as $$
declare
  at   timestamptz := clock_timestamp();
  mine order_restarts;
begin
  insert into order_restarts (order_id, times, since) values (p_order, 0, at)
    on conflict do nothing;
  select * into strict mine from order_restarts where order_id = p_order for update;
  if mine.given_up_at is null and mine.since < at - make_interval(secs => p_seconds) then
    mine.times := 0;
    mine.since := at;
  end if;
  if mine.given_up_at is not null or mine.times >= p_most then
    update order_restarts set given_up_at = coalesce(given_up_at, at) where order_id = p_order;
    perform show_order(p_order, 'order_lost', format(
      'its workflow was lost several times, the last time: %s; it is not started again',
      p_how));
    return false;
  end if;
  update order_restarts set times = mine.times + 1, since = mine.since where order_id = p_order;
  perform raise_alert('order_lost', 'order:' || p_order,
    format('its workflow was lost: %s; it is started again', p_how), at);
  return true;
end $$;

-- Raises an alert about an order with a lost or stuck workflow, and makes the order wait for a
-- person. When the workflow runs again, it sets the attention anew. True when no such alert was open.
create or replace function show_order(p_order bigint, p_alert text, p_why text)
  returns boolean language plpgsql as $$
declare
  at     timestamptz := clock_timestamp();
  raised boolean := raise_alert(p_alert, 'order:' || p_order, p_why, at);
begin
  update orders set attention = 'review', version = version + 1
    where id = p_order and settled_at is null and attention in ('none', 'stalled', 'paused');
  if found then
    perform add_event(p_order, 'order.review', 'system', at, jsonb_build_object('why', p_why));
  end if;
  return raised;
end $$;

-- Resolves the alerts about lost workflows that run again or are no longer needed.
create or replace function orders_found(p_orders bigint[]) returns void language plpgsql as $$
begin
  update order_restarts set given_up_at = null
    where order_id = any (p_orders) and given_up_at is not null;
  perform resolve_alert('order_lost', 'order:' || o, clock_timestamp())
    from unnest(p_orders) o;
end $$;
