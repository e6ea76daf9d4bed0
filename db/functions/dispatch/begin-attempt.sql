-- p_at, in these functions, is the workflow's time; in tests it may be ahead of the database's clock.

-- Stores an attempt to place a batch, on the best route that is left and not paused, or reads the
-- stored one. A provider that was in trouble with this batch comes last. A provider in trouble that
-- has a probe in flight is skipped; for a healthy provider that is full, the batch waits. Without an
-- attempt, why_not_begun gives the reason. HF004: the caller's state of the order is older than
-- PostgreSQL's.
--
-- p_take: also takes the attempt for sending, in the same commit, unless the target must be counted
-- first. taken: this call took it; only its caller may send it.
create or replace function begin_attempt(
  p_order bigint, p_batch integer, p_attempt integer, p_quantity bigint, p_resends integer,
  p_next_run timestamptz, p_at timestamptz, p_usual_sends integer, p_given_up_after float8,
  p_take boolean, out attempt attempts, out taken boolean
) language plpgsql as $$
declare
  at    timestamptz := greatest(p_at, clock_timestamp());
  takes boolean := p_take and not must_be_counted(p_order, p_batch, p_attempt);
begin
  taken := false;
  if exists (select from batches where order_id = p_order and batch = p_batch
      and (quantity, resends) is distinct from (p_quantity::bigint, p_resends)) then
    raise exception using errcode = 'HF004',
      message = format('batch %s of order %s is stored with another quantity or resends', p_batch, p_order);
  end if;
  -- No run begins before the first attempt of the run before it has an outcome.
  if p_attempt = 1 and p_resends is null and exists (select from batches
      where order_id = p_order and batch > p_batch and resends is null) then
    raise exception using errcode = 'HF004',
      message = format('order %s has begun further runs since batch %s', p_order, p_batch);
  end if;
  perform refuse_stale_intent(p_order, p_batch, p_attempt, at);
  select * into attempt from attempts a
    where a.order_id = p_order and a.batch = p_batch and a.attempt = p_attempt;
  if attempt.state = 'intent' and takes then
    taken := take_attempt(p_order, p_batch, p_attempt, attempt.sends, p_at, p_usual_sends,
      p_given_up_after);
    select * into attempt from attempts a
      where a.order_id = p_order and a.batch = p_batch and a.attempt = p_attempt;
  end if;
  -- A workflow that was reset to before this send would wait for ever for what is not reported again.
  if attempt.state not in ('intent', 'sending') and exists (select from batches b
      left join refills r on r.order_id = b.order_id and r.number = b.refill
      where b.order_id = p_order and b.batch = p_batch
        and (b.acked_version > 0 or r.stage = 'ended')) then
    raise exception using errcode = 'HF004',
      message = format('the workflow of order %s knew more about batch %s', p_order, p_batch);
  end if;
  if attempt.state is not null or (p_batch = 1 and p_attempt = 1 and is_queued(p_order, at)) then
    return;
  end if;
  -- A provider has the batch and the caller does not know: a further attempt would send it twice.
  if exists (select from attempts a
      where a.order_id = p_order and a.batch = p_batch and a.state = 'accepted') then
    raise exception using errcode = 'HF004',
      message = format('a provider has batch %s of order %s', p_batch, p_order);
  end if;
  insert into batches (order_id, batch, quantity, resends)
    values (p_order, p_batch, p_quantity, p_resends) on conflict do nothing;
  if found then
    update orders set next_run_at = p_next_run, version = version + 1
      where id = p_order and settled_at is null and next_run_at is distinct from p_next_run;
  end if;
  attempt := new_attempt(p_order, p_batch, p_attempt, at, p_usual_sends, p_given_up_after, takes);
  taken := takes and attempt.state is not null;
  if attempt.state is null then
    -- There is no route, or another caller wrote the same attempt while this one looked for a route.
    select * into attempt from attempts a
      where a.order_id = p_order and a.batch = p_batch and a.attempt = p_attempt;
  end if;
end $$;

-- Whether an order's target must be counted before this attempt is sent: before the first one.
create or replace function must_be_counted(p_order bigint, p_batch integer, p_attempt integer)
  returns boolean language sql stable as $$
  select p_batch = 1 and p_attempt = 1 and exists (select from orders
    where id = p_order and counter_url is not null and counted_start is null)
$$;

-- Writes an attempt on the best route, as an intent, or (p_take) as one that is being sent, like
-- take_attempt. Null when no route is left, its provider has no room, or the attempt exists.
create or replace function new_attempt(
  p_order bigint, p_batch integer, p_attempt integer, p_at timestamptz, p_usual_sends integer,
  p_given_up_after float8, p_take boolean
) returns attempts language plpgsql as $$
declare
  best record;
  mine integer := (select account_id from orders where id = p_order);
  made attempts;
begin
  if p_take then
    perform from batches where order_id = p_order and batch = p_batch for update;
    perform from orders where id = p_order for no key update;
  end if;
  select * into best from best_route(p_order, p_batch, p_at, p_usual_sends, p_given_up_after);
  if best.room is null or best.room <= 0 then
    return null;
  end if;
  if p_take and not has_room(best.provider_id, mine, p_at, p_usual_sends, p_given_up_after) then
    return null;
  end if;
  insert into attempts (order_id, batch, attempt, provider_id, provider_service, cost_rate, state,
      sends, sending_at, choice)
    values (p_order, p_batch, p_attempt, best.provider_id, best.provider_service, best.cost_rate,
      case when p_take then 'sending' else 'intent' end, p_take::integer,
      case when p_take then clock_timestamp() end, best.choice)
    on conflict do nothing returning * into made;
  if p_take and found then
    perform sending_begins(p_order, p_batch);
  end if;
  return made;
end $$;

-- Refuses an intent that did not leave before its provider was paused, or its route was held or
-- removed. The batch then goes to the next route.
create or replace function refuse_stale_intent(
  p_order bigint, p_batch integer, p_attempt integer, p_at timestamptz
) returns void language sql as $$
  update attempts a set state = 'refused', detail = 'trouble', decided_at = clock_timestamp()
    from providers p, orders o
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'intent'
      and p.id = a.provider_id and o.id = p_order
      and ((p.paused_until > p_at and trouble_concerns(p, o.account_id)) or not exists (
        select from routes r
          where r.service_id = o.service_id and r.provider_id = a.provider_id
            and r.provider_service = a.provider_service and r.active and r.held is null))
$$;

-- The route that a batch should be sent on now, how many sends its provider has room for, and why it
-- was chosen (null: by the order of preference). A route whose provider had trouble with this batch
-- comes after all others. Then the routing of the service decides, and then the order of preference.
create or replace function best_route(
  p_order bigint, p_batch integer, p_at timestamptz, p_usual_sends integer,
  p_given_up_after float8
) returns table (provider_id integer, provider_service text, cost_rate bigint, room bigint,
    choice jsonb)
  language sql stable as $$
  select r.provider_id, r.provider_service, r.cost_rate,
      room_for_sends(r.provider_id, o.account_id, p_usual_sends, p_given_up_after),
      case s.routing
        when 'cheapest' then jsonb_build_object('routing', s.routing, 'preference', r.preference,
          'routes', count(*) over (partition by r.troubled))
        when 'fastest' then jsonb_build_object('routing', s.routing, 'preference', r.preference,
          'routes', count(*) over (partition by r.troubled), 'ended', f.ended, 'short', f.short,
          'p50Seconds', f.p50_seconds)
      end
    from (
      select l.*, exists (
          select from attempts a where a.order_id = p_order and a.batch = p_batch
            and a.state = 'refused' and a.detail not in ('refused', 'wait')
            and a.provider_id = l.provider_id) as troubled
        from routes_left(p_order, p_batch) l
    ) r join providers p on p.id = r.provider_id
    join orders o on o.id = p_order join services s on s.id = o.service_id
    left join route_places f on s.routing = 'fastest' and f.service_id = s.id
      and f.provider_id = r.provider_id and f.provider_service = r.provider_service
    where (r.paused_until is null or r.paused_until <= p_at)
      and (p.troubles = 0 or not trouble_concerns(p, o.account_id)
        or room_for_sends(r.provider_id, o.account_id, p_usual_sends, p_given_up_after) > 0)
    order by r.troubled, case when s.routing = 'cheapest' then r.cost_rate end, f.place,
      r.preference
    limit 1
$$;

-- Why begin_attempt stored nothing. queued: the order waits for another order of its link.
-- paused_seconds: routes are left, and the first of their pauses ends after this time (0: one is not
-- paused now); null: no route is left. full_at: a provider that is not paused but has as many sends
-- in flight as it may. failed: a provider was in trouble with this batch before.
create or replace function why_not_begun(
  p_order bigint, p_batch integer, p_at timestamptz, p_usual_sends integer,
  p_given_up_after float8,
  out queued boolean, out paused_seconds float8, out full_at integer, out failed boolean)
  language plpgsql as $$
declare
  at   timestamptz := greatest(p_at, clock_timestamp());
  mine integer := (select account_id from orders where id = p_order);
begin
  queued := is_queued(p_order, at);
  failed := exists (select from attempts where order_id = p_order and batch = p_batch
    and state = 'refused' and detail not in ('refused', 'wait'));
  select min(coalesce(extract(epoch from greatest(r.paused_until, at) - at), 0)),
      min(r.provider_id) filter (where coalesce(r.paused_until <= at, true)
        and room_for_sends(r.provider_id, mine, p_usual_sends, p_given_up_after) <= 0)
    into paused_seconds, full_at from routes_left(p_order, p_batch) r;
  if not queued and paused_seconds is not null then
    perform batch_waits(p_order, p_batch, at);
  end if;
end $$;

-- Stores that a batch waits for a provider. The first wait starts the time after which the batch goes
-- to a person.
create or replace function batch_waits(p_order bigint, p_batch integer, p_at timestamptz)
  returns void language sql as $$
  update batches b set review_at = p_at + make_interval(secs => o.review_after_seconds)
    from orders o
    where o.id = b.order_id and b.order_id = p_order and b.batch = p_batch
      and b.state in ('waiting', 'sending') and b.review_at is null
$$;
