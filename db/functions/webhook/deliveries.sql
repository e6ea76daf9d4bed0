-- The receiver of an endpoint's requests. For a URL it is the endpoint's id. All mail goes to one
-- receiver, the mail server, which is 0.
create or replace function receiver_of(p_endpoint webhook_endpoints)
  returns integer language sql immutable as $$
  select case when p_endpoint.email is null then p_endpoint.id else 0 end
$$;

-- Takes deliveries whose first attempt is due: at most p_most, at most p_each of a receiver, and none
-- of the receivers in p_busy, so that one slow receiver does not hold up the others. The caller has
-- p_lease seconds; after that another call may take the deliveries.
create or replace function take_deliveries(
  p_most integer, p_each integer, p_busy integer[], p_lease integer
) returns table (event_id bigint, endpoint_id integer, round integer, receiver integer)
  language sql as $$
  with recursive waiting(id) as (
    -- Steps from one endpoint to the next by the index, without reading all deliveries of each.
    (select d.endpoint_id from webhook_deliveries d
      where d.state = 'pending' order by d.endpoint_id limit 1)
    union all
    select (select d.endpoint_id from webhook_deliveries d
              where d.state = 'pending' and d.endpoint_id > w.id order by d.endpoint_id limit 1)
      from waiting w where w.id is not null
  ), turn as (
    -- Random order, so that no endpoint is always the last.
    select one.id, one.receiver from (
      select distinct on (receiver) e.id, receiver_of(e) as receiver
        from waiting w join webhook_endpoints e on e.id = w.id
        where exists (select from webhook_deliveries d
          where d.endpoint_id = e.id and d.state = 'pending' and d.next_attempt_at <= now())
        order by receiver, random()) one
      where one.receiver <> all (p_busy) order by random() limit p_most
  ), due as (
    select d.endpoint_id, d.event_id, t.receiver from turn t cross join lateral (
      select p.endpoint_id, p.event_id from webhook_deliveries p
        where p.endpoint_id = t.id and p.state = 'pending' and p.next_attempt_at <= now()
        order by p.next_attempt_at limit p_each for update skip locked) d
      limit p_most
  )
  update webhook_deliveries d set next_attempt_at = now() + make_interval(secs => p_lease)
    from due where d.endpoint_id = due.endpoint_id and d.event_id = due.event_id
    returning d.event_id, d.endpoint_id, d.round, due.receiver
$$;

-- Stores attempts that succeeded, the nth of each array together, and returns the places, from 1, of
-- those that it stored. It leaves out a delivery that is no longer open, or of another round, one that
-- is locked, and any of an endpoint that fails: record_delivery is for them. As it waits for no lock,
-- it is in no deadlock, though it locks rows of several endpoints.
create or replace function record_successes(
  p_endpoints integer[], p_events bigint[], p_rounds integer[], p_statuses integer[]
) returns setof integer language sql as $$
  with mine as (
    select d.endpoint_id, d.event_id, s.status, s.nth
      from unnest(p_endpoints, p_events, p_rounds, p_statuses)
        with ordinality as s(endpoint, event, round, status, nth)
      join webhook_deliveries d on d.endpoint_id = s.endpoint and d.event_id = s.event
        and d.round = s.round and d.state in ('pending', 'retrying')
      where not exists (select from webhook_endpoints w
        where w.id = s.endpoint and w.failing_since is not null)
      for update of d skip locked
  )
  update webhook_deliveries d set state = 'delivered', attempts = d.attempts + 1,
      last_status = m.status, last_error = null, last_attempt_at = clock_timestamp(),
      next_attempt_at = null, delivered_at = clock_timestamp()
    from mine m where d.endpoint_id = m.endpoint_id and d.event_id = m.event_id
    returning m.nth::integer
$$;

-- Stores the result of an attempt. p_state: delivered, retrying (p_next: when), failed, or gone (the
-- receiver wants no more: the endpoint is disabled and its other open deliveries are stopped). A
-- delivery that is no longer open, or of another round, stays as it is. A day without a success
-- raises an alert, which the next success resolves. When p_patience events in a row have also been
-- given up, over p_days days, the endpoint is disabled and the function returns true.
create or replace function record_delivery(
  p_endpoint integer, p_event bigint, p_round integer, p_state text, p_status integer,
  p_error text, p_next timestamptz, p_patience integer, p_days integer
) returns boolean language plpgsql as $$
declare
  had webhook_endpoints;
begin
  -- Lock order: the endpoint before its deliveries. A healthy endpoint is not locked at all.
  if p_state <> 'delivered'
      or exists (select from webhook_endpoints where id = p_endpoint and failing_since is not null)
      then
    select * into strict had from webhook_endpoints where id = p_endpoint for no key update;
  end if;
  update webhook_deliveries set state = case p_state when 'gone' then 'failed' else p_state end,
      attempts = attempts + 1, last_status = p_status, last_error = p_error,
      last_attempt_at = clock_timestamp(),
      next_attempt_at = case p_state when 'retrying' then p_next end,
      delivered_at = case p_state when 'delivered' then clock_timestamp() end
    where endpoint_id = p_endpoint and event_id = p_event and round = p_round
      and state in ('pending', 'retrying');
  if not found or had.id is null then
    return false;
  elsif p_state = 'delivered' then
    perform webhook_works(p_endpoint);
    return false;
  elsif p_state = 'gone' then
    perform disable_endpoint(p_endpoint, 'gone');
    return false;
  end if;
  had.failing_since := coalesce(had.failing_since, clock_timestamp());
  had.given_up := had.given_up + (p_state = 'failed')::integer;
  update webhook_endpoints set failing_since = had.failing_since, given_up = had.given_up
    where id = p_endpoint and (failing_since is null or p_state = 'failed');
  -- An endpoint that waits for its confirmation raises no alert.
  if had.disabled_reason is not null
      or had.failing_since > clock_timestamp() - interval '1 day' then
    return false;
  end if;
  perform raise_alert('webhook_failing', 'webhook:' || p_endpoint,
    'nothing got through for a day', clock_timestamp());
  if had.given_up < p_patience
      or had.failing_since > clock_timestamp() - make_interval(days => p_days) then
    return false;
  end if;
  perform disable_endpoint(p_endpoint, 'failing');
  -- Adds a line to the endpoint's delivery log.
  insert into webhook_deliveries (event_id, endpoint_id, type, state, next_attempt_at)
    values (nextval(pg_get_serial_sequence('events', 'id')), p_endpoint, 'webhook.disabled',
      'stopped', null);
  return true;
end $$;
