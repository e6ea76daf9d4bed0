-- Decisions of staff about many orders at once. The set of orders, and of an uncertain one its attempts, is fixed when the request is
-- taken; each order gets one result.

create table bulk_resolutions (
  id         bigint generated always as identity (start with 801) primary key,
  -- Who decides, as the timelines of the orders have it, and what: {action, hours?, delivered?}.
  actor      text not null,
  reason     text not null,
  resolution jsonb not null,
  -- The filter, or null for ids.
  filter     jsonb,
  created_at timestamptz not null default clock_timestamp(),
  ended_at   timestamptz
);
create index bulk_resolutions_open on bulk_resolutions (id) where ended_at is null;

-- attention: why the order waited when it was taken into the set; null when it did not. attempts: [{batch, attempt}] of which nobody
-- knew then whether they were placed; no other is decided about. message: what the order's workflow answered, or why it was not asked.
create table bulk_resolution_orders (
  bulk_id    bigint not null references bulk_resolutions,
  order_id   bigint not null,
  attention  text,
  attempts   jsonb not null default '[]',
  status     text not null default 'waiting' check (status in ('waiting', 'decided', 'refused', 'unanswered', 'canceled')),
  message    text,
  -- Times its workflow did not answer, and when it is asked again.
  tries      integer not null default 0,
  next_at    timestamptz not null default clock_timestamp(),
  ended_at   timestamptz,
  primary key (bulk_id, order_id)
);
create index bulk_resolution_orders_waiting on bulk_resolution_orders (bulk_id, next_at) where status = 'waiting';

-- The attempts of an order of which nobody knows whether they were placed, at one provider or at any.
create function uncertain_attempts(p_order bigint, p_provider integer) returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object('batch', batch, 'attempt', attempt) order by batch), '[]') from attempts
    where order_id = p_order and state = 'unknown' and may_be_sent(order_id, batch) and provider_id = coalesce(p_provider, provider_id)
$$;

-- Whether it is this provider that an order waits for: of an uncertain one, where it may have been placed; else who has a batch of it
-- that has not ended, or has had one when none is left.
create function waits_for_provider(p_order bigint, p_attention text, p_provider integer) returns boolean language sql stable as $$
  select case when p_attention = 'uncertain' then uncertain_attempts(p_order, p_provider) <> '[]'
    when exists (select from batches where order_id = p_order and state <> 'done' and provider_id is not null)
      then exists (select from batches where order_id = p_order and state <> 'done' and provider_id = p_provider)
    else exists (select from batches where order_id = p_order and provider_id = p_provider) end
$$;
