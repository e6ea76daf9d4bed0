-- Whether the provider of a batch has given no clear answer to a request to stop it.
create or replace function lacks_clear_stop(batches) returns boolean language sql immutable as $$
  select $1.stop_answer is null or $1.stop_answer = 'unclear'
$$;

-- Whether the provider of a batch may be asked to stop it: the provider never answered, or it did not
-- accept and was last asked more than p_minutes ago.
create or replace function may_ask_stop(batches, p_at timestamptz, p_minutes integer)
  returns boolean language sql immutable as $$
  select $1.stop_answer is null or ($1.stop_answer <> 'accepted'
    and $1.stop_asked_at + make_interval(mins => p_minutes) <= p_at)
$$;

-- Stores a provider's answer to the request to stop a batch, even after the end of its order.
create or replace function stop_answered(
  p_order bigint, p_batch integer, p_answer text, p_at timestamptz
) returns void language plpgsql as $$
begin
  update batches set stop_asked_at = p_at, stop_answer = p_answer
    where order_id = p_order and batch = p_batch;
  if found then
    update orders set version = version + 1 where id = p_order;
    perform add_event(p_order, 'stop.asked', 'provider', p_at,
      jsonb_build_object('batch', p_batch, 'answer', p_answer));
  end if;
end $$;

-- Batches that a person ended while their provider was delivering, and whose provider has not
-- answered the request to stop, or not clearly. The order's workflow asks first; after three minutes
-- that workflow may be gone. A batch that has ended at its provider needs no stop.
create or replace function owed_stops(p_provider integer, p_minutes integer, p_hours integer)
  returns setof batches language sql stable as $$
  select * from batches
    where provider_id = p_provider and stop_wanted_at is not null
      and lacks_clear_stop(batches) and terminal_at is null
      and stop_wanted_at between clock_timestamp() - make_interval(hours => p_hours)
        and clock_timestamp() - interval '3 minutes'
      and (stop_asked_at is null
        or stop_asked_at < clock_timestamp() - make_interval(mins => p_minutes))
    order by stop_wanted_at
$$;
