-- Placing batches with providers and hearing of them: what the activities `dispatch` and `watch` write, each step one
-- function and so one commit.

-- Whether a batch is still to be sent: no provider has it, and its order has not ended, or the refill that it is for has not.
create function may_be_sent(p_order bigint, p_batch integer) returns boolean language plpgsql stable as $$
begin
  return not exists (select from attempts where order_id = p_order and batch = p_batch and state = 'accepted')
    and (exists (select from orders where id = p_order and settled_at is null)
      or exists (select from batches b join refills r on r.order_id = b.order_id and r.number = b.refill
        where b.order_id = p_order and b.batch = p_batch and r.stage <> 'ended'));
end $$;

-- The routes a batch may still be sent on, as they are now: active, not held, of a service of the type that was ordered, taking its quantity, not one that refused this batch before, and for what is sent again not
-- one that did not deliver it. A paused provider's are among them.
create function routes_left(p_order bigint, p_batch integer)
  returns table (provider_id integer, provider_service text, cost_rate bigint, preference integer, paused_until timestamptz)
  language sql stable as $$
  select r.provider_id, r.provider_service, r.rate, r.position, p.paused_until
    from orders o join services s on s.id = o.service_id join routes r on r.service_id = s.id
    join providers p on p.id = r.provider_id
    left join batches q on q.order_id = o.id and q.batch = p_batch
    where o.id = p_order and may_be_sent(p_order, p_batch) and r.active and r.held is null
      and (r.min_quantity is null or coalesce(q.quantity, o.quantity) >= r.min_quantity)
      and (r.max_quantity is null or coalesce(q.quantity, o.quantity) <= r.max_quantity)
      -- What is missing is sent as it is or not at all: rounded up it would be more than was paid for. For an order as it was placed the
      -- service's own step was kept then.
      and coalesce(q.quantity, o.quantity) % coalesce(r.quantity_step, case when q.resends is not null then s.step end, 1) = 0
      and s.type = o.type
      -- A scheduled order whose service is no longer sold is given back; one that has begun goes on.
      and (s.active or o.status <> 'Pending')
      and not exists (
        select from attempts a where a.order_id = p_order and a.batch = p_batch and a.state = 'refused'
          and a.detail = 'refused' and a.provider_id = r.provider_id and a.provider_service = r.provider_service)
      -- What is sent again goes to the next route, not to one that did not deliver it. Asked only then: the search back
      -- reads all batches of the order, and a drip-feed has thousands.
      and not (exists (select from batches b where b.order_id = p_order and b.batch = p_batch and b.resends is not null)
        and exists (
          with recursive before as (
            select b.resends as batch from batches b where b.order_id = p_order and b.batch = p_batch
            union
            select b.resends from batches b join before on b.batch = before.batch where b.order_id = p_order
          )
          select from batches b join before on b.batch = before.batch
            where b.order_id = p_order and b.provider_id = r.provider_id and b.provider_service = r.provider_service))
$$;

-- How many more sends a provider may have in flight (profile maxParallelSends, p_usual where it says nothing). One at a time while
-- it is in trouble: after a pause a single order probes. A send older than p_given_up_after seconds has had its answer, or never will.
create function room_for_sends(p_provider integer, p_usual integer, p_given_up_after float8) returns bigint language sql stable as $$
  select case when p.troubles > 0 then 1 else coalesce((p.profile->>'maxParallelSends')::integer, p_usual) end
      - (select count(*) from attempts a where a.provider_id = p.id and a.state = 'sending'
           and a.sending_at > clock_timestamp() - make_interval(secs => p_given_up_after))
    from providers p where p.id = p_provider
$$;

-- Writes down the intent to place a batch, on the best route that is left and not paused; a route in trouble with this
-- batch comes after the others. A provider that is being probed is passed over; for one that is full the batch waits. Called again for the same attempt it returns what was written then. No row:
-- why_not_begun tells. HF004 when there is another batch by this number: who asks goes by an older state of the order. p_at, here
-- and below: now, as the workflow's clock has it, which tests let run ahead of this one.
create function begin_attempt(
  p_order bigint, p_batch integer, p_attempt integer, p_quantity bigint, p_resends integer, p_next_run timestamptz, p_at timestamptz,
  p_usual_sends integer, p_given_up_after float8
) returns setof attempts language plpgsql as $$
declare
  at timestamptz := greatest(p_at, clock_timestamp());
begin
  if exists (select from batches where order_id = p_order and batch = p_batch
      and (quantity, resends) is distinct from (p_quantity::bigint, p_resends)) then
    raise exception using errcode = 'HF004', message = format('batch %s of order %s is another one', p_batch, p_order);
  end if;
  -- What did not leave before its provider was paused, or its route held or taken away, goes to the next route.
  update attempts a set state = 'refused', detail = 'trouble', decided_at = clock_timestamp() from providers p
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'intent' and p.id = a.provider_id
      and (p.paused_until > at or not exists (
        select from orders o join routes r on r.service_id = o.service_id
          where o.id = p_order and r.provider_id = a.provider_id and r.provider_service = a.provider_service and r.active and r.held is null));
  return query select * from attempts where order_id = p_order and batch = p_batch and attempt = p_attempt;
  if found or (p_batch = 1 and p_attempt = 1 and is_queued(p_order, at)) then
    return;
  end if;
  -- Whoever wants another attempt does not know that a provider has the batch: it would be sent twice.
  if exists (select from attempts where order_id = p_order and batch = p_batch and state = 'accepted') then
    raise exception using errcode = 'HF004', message = format('a provider has batch %s of order %s', p_batch, p_order);
  end if;
  insert into batches (order_id, batch, quantity, resends) values (p_order, p_batch, p_quantity, p_resends) on conflict do nothing;
  if found then
    update orders set next_run_at = p_next_run, version = version + 1
      where id = p_order and settled_at is null and next_run_at is distinct from p_next_run;
  end if;
  return query
    insert into attempts (order_id, batch, attempt, provider_id, provider_service, cost_rate)
      select p_order, p_batch, p_attempt, best.provider_id, best.provider_service, best.cost_rate
        from (select r.*, room_for_sends(r.provider_id, p_usual_sends, p_given_up_after) as room
          from routes_left(p_order, p_batch) r join providers p on p.id = r.provider_id
          where (r.paused_until is null or r.paused_until <= at)
            and (p.troubles = 0 or room_for_sends(r.provider_id, p_usual_sends, p_given_up_after) > 0)
          order by exists (
              select from attempts a where a.order_id = p_order and a.batch = p_batch and a.state = 'refused'
                and a.detail not in ('refused', 'wait') and a.provider_id = r.provider_id),
            r.preference
          limit 1) best
        where best.room > 0
      on conflict do nothing
      returning *;
  if not found then
    -- Either there is no route, or somebody wrote the same attempt down while this looked for one.
    return query select * from attempts where order_id = p_order and batch = p_batch and attempt = p_attempt;
  end if;
end $$;

-- Why begin_attempt wrote nothing down: the order is queued; or routes are left and the first pause among them ends in so
-- many seconds (0: it has just ended); or neither, there is no route. full_at: the provider that is not paused, but has as many sends in
-- flight as it may. failed: a provider was in trouble with it before.
create function why_not_begun(
  p_order bigint, p_batch integer, p_at timestamptz, p_usual_sends integer, p_given_up_after float8,
  out queued boolean, out paused_seconds float8, out full_at integer, out failed boolean)
  language plpgsql as $$
declare
  at timestamptz := greatest(p_at, clock_timestamp());
begin
  queued := is_queued(p_order, at);
  failed := exists (select from attempts where order_id = p_order and batch = p_batch and state = 'refused' and detail not in ('refused', 'wait'));
  select min(coalesce(extract(epoch from greatest(r.paused_until, at) - at), 0)),
      min(r.provider_id) filter (where coalesce(r.paused_until <= at, true)
        and room_for_sends(r.provider_id, p_usual_sends, p_given_up_after) <= 0)
    into paused_seconds, full_at from routes_left(p_order, p_batch) r;
  if not queued and paused_seconds is not null then
    perform batch_waits(p_order, p_batch, at);
  end if;
end $$;

-- A batch waits for a provider: from the first time on its cap runs.
create function batch_waits(p_order bigint, p_batch integer, p_at timestamptz) returns void language sql as $$
  update batches b set review_at = p_at + make_interval(secs => o.review_after_seconds)
    from orders o
    where o.id = b.order_id and b.order_id = p_order and b.batch = p_batch and b.state in ('waiting', 'sending') and b.review_at is null
$$;

-- Whether an order that has not begun must wait for another of its service and link: one that has begun, or an earlier one
-- that is about to (one that is scheduled for later, or was paused before it began, holds up no other). Whose count, holds_link says. Orders of a link are asked one after the other, and of those that have not begun the earliest waits for
-- none of the others, so that never two begin and always one does. The timeline is told once.
create function is_queued(p_order bigint, p_at timestamptz) returns boolean language plpgsql as $$
declare
  this  orders;
  ahead orders;
  scope text;
begin
  select o.* into this from orders o where o.id = p_order and o.settled_at is null
    and not exists (select from batches where order_id = p_order);
  select duplicate_scope into scope from services where id = this.service_id and duplicate_link = 'queue';
  if not found then
    return false;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(this.service_id || ' ' || this.link_key, 42));
  select * into ahead from open_orders_of_link(this.service_id, this.link_key) o
    where o.id <> p_order and holds_link(o, this.account_id, scope, p_at) and (exists (select from batches where order_id = o.id)
        or (o.id < p_order and o.paused_at is null and coalesce(o.next_run_at, o.created_at) <= p_at))
    order by o.id limit 1;
  if not found then
    return false;
  end if;
  if not exists (select from events where order_id = p_order and type = 'order.queued') then
    -- Whose the other order is, is nobody else's business.
    perform add_event(p_order, 'order.queued', 'system', p_at,
      case when ahead.account_id = this.account_id then jsonb_build_object('waitsFor', ahead.id) else '{}' end);
  end if;
  return true;
end $$;

-- Takes an attempt for sending. True for exactly one caller, and nobody else may send it. p_sends, here and below, is how
-- often it had been taken when the caller looked (for what comes after a take: with that take): who was frozen meanwhile,
-- or goes by an older look, does not touch what another sender is doing. An order that has ended is not sent any more, and
-- nothing is sent to a provider that is paused, or has as many sends in flight as it may.
create function take_attempt(
  p_order bigint, p_batch integer, p_attempt integer, p_sends integer, p_at timestamptz, p_usual_sends integer, p_given_up_after float8
) returns boolean language plpgsql as $$
declare
  at timestamptz := greatest(p_at, clock_timestamp());
  asked integer;
begin
  -- Batches before their order, as everywhere.
  perform from batches where order_id = p_order and batch = p_batch for update;
  perform from orders where id = p_order for share;
  if not may_be_sent(p_order, p_batch) then
    return false;
  end if;
  select provider_id into asked from attempts where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'intent';
  -- Sends to a provider are taken one after the other, until each is committed: so none is counted too late.
  perform pg_advisory_xact_lock(hashtextextended(asked::text, 44));
  update attempts set state = 'sending', sends = sends + 1, sending_at = clock_timestamp()
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'intent'
      and sends = coalesce(p_sends, sends)
      and not exists (select from providers where id = asked and paused_until > at)
      and room_for_sends(asked, p_usual_sends, p_given_up_after) > 0;
  if not found then
    return false;
  end if;
  update batches set state = 'sending' where order_id = p_order and batch = p_batch and state = 'waiting';
  update orders set status = 'Processing', version = version + 1 where id = p_order and status = 'Pending';
  if found then
    perform add_event(p_order, 'order.processing', 'system', clock_timestamp());
  end if;
  return true;
end $$;

-- The request provably never left: the attempt may be taken again.
create function release_attempt(p_order bigint, p_batch integer, p_attempt integer, p_detail text, p_sends integer default null)
  returns void language sql as $$
  update attempts set state = 'intent', detail = p_detail
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'sending' and sends = coalesce(p_sends, sends)
$$;

-- The provider accepted (from `sending`), or a person found the order there (from `unknown`): the batch runs and the order
-- is In progress. Raises unique_violation when that order of the provider is another batch's already. False when the
-- attempt had been decided otherwise before this was known; what the provider's order is then, answered_late says (see 012).
create function attempt_accepted(
  p_order bigint, p_batch integer, p_attempt integer, p_provider_order text, p_at timestamptz, p_from text,
  p_sends integer default null
) returns boolean language plpgsql as $$
declare
  won attempts;
begin
  -- Batches first, as everywhere.
  perform from batches where order_id = p_order and batch = p_batch for update;
  update attempts set state = 'accepted', provider_order = p_provider_order, decided_at = p_at, detail = null
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = p_from
      and (p_from <> 'sending' or sends = coalesce(p_sends, sends)) returning * into won;
  if not found then
    if not exists (select from attempts where order_id = p_order and batch = p_batch and attempt = p_attempt
        and state = 'accepted') then
      perform add_event(p_order, 'attempt.late', 'provider', p_at,
        jsonb_build_object('batch', p_batch, 'attempt', p_attempt, 'providerOrder', p_provider_order));
      perform answered_late(p_order, p_batch, p_attempt, p_provider_order, p_at);
    end if;
    return exists (select from attempts where order_id = p_order and batch = p_batch and attempt = p_attempt
      and state = 'accepted' and provider_order = p_provider_order);
  end if;
  update batches set state = 'running', provider_id = won.provider_id, provider_service = won.provider_service,
      provider_order = p_provider_order, cost_rate = won.cost_rate, accepted_at = p_at, progress_at = p_at,
      review_at = p_at + make_interval(secs => (select review_after_seconds from orders where id = p_order))
    where order_id = p_order and batch = p_batch;
  update orders set status = 'In progress', started_at = p_at, version = version + 1
    where id = p_order and status in ('Pending', 'Processing');
  if found then
    perform add_event(p_order, 'order.in_progress', 'provider', p_at);
  else
    update orders set version = version + 1 where id = p_order;
  end if;
  if p_from = 'sending' then
    perform provider_works(won.provider_id, p_at);
  end if;
  return true;
end $$;

-- The provider refused, definitely. p_pauses is given when that means that the provider is in trouble (p_meaning says
-- which): it is paused then (see provider_troubled). A provider that took others since it last failed this one is in none: it is
-- this order that it does not take (a wall in front of it dislikes the link, or our balance does not pay for so many), which waits,
-- or it would keep all others from it. alerted: that raised an alert. meaning: how it is to be taken in the end.
create function attempt_refused(
  p_order bigint, p_batch integer, p_attempt integer, p_error text, p_meaning text, p_sends integer, p_at timestamptz,
  p_pauses integer[], p_same_trouble integer, out alerted boolean, out meaning text
) language plpgsql as $$
declare
  at    timestamptz := greatest(p_at, clock_timestamp());
  asked integer;
begin
  alerted := false;
  meaning := p_meaning;
  -- Batches first, as everywhere.
  perform from batches where order_id = p_order and batch = p_batch for update;
  if p_meaning in ('trouble', 'funds') and exists (
      select from attempts this join providers p on p.id = this.provider_id
        join attempts before on before.order_id = p_order and before.batch = p_batch and before.provider_id = this.provider_id
          and before.state = 'refused' and before.detail = p_meaning and before.decided_at < p.recovered_at
        where this.order_id = p_order and this.batch = p_batch and this.attempt = p_attempt) then
    meaning := 'wait';
  end if;
  update attempts set state = 'refused', error = p_error, detail = meaning, decided_at = clock_timestamp()
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'sending' and sends = coalesce(p_sends, sends)
    returning provider_id into asked;
  if not found then
    return;
  end if;
  perform add_event(p_order, 'attempt.refused', 'provider', clock_timestamp(),
    jsonb_build_object('batch', p_batch, 'attempt', p_attempt, 'meaning', meaning));
  if p_meaning in ('refused', 'wait') then
    perform provider_answers(asked, at);
  end if;
  if meaning = 'wait' then
    perform batch_waits(p_order, p_batch, at);
  elsif p_pauses is not null then
    alerted := provider_troubled(asked, meaning, p_pauses, p_same_trouble, at);
  end if;
end $$;

-- Whether it was placed cannot be known: the order waits for a person. p_break_after is given when that is the provider's doing:
-- after so many in a row it is paused (see provider_unclear). True when that raised an alert.
create function attempt_unknown(
  p_order bigint, p_batch integer, p_attempt integer, p_detail text, p_sends integer, p_at timestamptz,
  p_break_after integer, p_pauses integer[], p_same_trouble integer
) returns boolean language plpgsql as $$
declare
  sent attempts;
begin
  -- Batches first, as everywhere.
  perform from batches where order_id = p_order and batch = p_batch for update;
  update attempts set state = 'unknown', detail = p_detail, decided_at = clock_timestamp()
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'sending' and sends = coalesce(p_sends, sends)
    returning * into sent;
  if not found then
    return false;
  end if;
  update batches set state = 'uncertain' where order_id = p_order and batch = p_batch;
  update orders set attention = 'uncertain', version = version + 1 where id = p_order;
  perform add_event(p_order, 'order.uncertain', 'system', clock_timestamp(),
    jsonb_build_object('batch', p_batch, 'attempt', p_attempt, 'detail', p_detail));
  return p_break_after is not null and provider_unclear(
    sent.provider_id, sent.sending_at, p_break_after, p_pauses, p_same_trouble, greatest(p_at, clock_timestamp()));
end $$;

-- A person knows that an attempt whose outcome was unknown was not placed (the batch may be sent again), or gives it up
-- (the batch has delivered nothing; should it turn up, its cost is a loss).
create function attempt_released(p_order bigint, p_batch integer, p_attempt integer, p_why text, p_given_up boolean)
  returns void language plpgsql as $$
begin
  -- Batches first, as everywhere.
  perform from batches where order_id = p_order and batch = p_batch for update;
  update attempts set state = 'released', detail = p_why, decided_at = clock_timestamp()
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'unknown';
  if found then
    update batches set state = case when p_given_up then 'done' else 'waiting' end
      where order_id = p_order and batch = p_batch and state = 'uncertain';
  end if;
end $$;

-- A batch has ended and its workflow knows.
create function end_batch(p_order bigint, p_batch integer, p_delivered bigint) returns void language sql as $$
  update batches set state = 'done', delivered = p_delivered, acked_version = report_version,
      supported = case when provider_order is not null then p_delivered end
    where order_id = p_order and batch = p_batch and state <> 'done';
  update orders set version = version + 1 where id = p_order
$$;

-- From now on no run is begun and every end of a batch is reported. Waits for reports that are just being recorded, so that
-- a batch has either ended for who reads next, or its end will be reported.
create function finish_runs(p_order bigint) returns void language sql as $$
  select from batches where order_id = p_order and state <> 'done' order by batch for update;
  update orders set finishing = true, next_run_at = null, version = version + 1 where id = p_order
$$;

-- What people, timers and reports changed in an order, as its workflow says it: attention, pause, cancel, the caps of open
-- batches (also of those that wait for a provider) and the last report taken ([{batch, reviewAt, resend, acked}], milliseconds),
-- and notes for the timeline ([{number, at, type, actor, data}]). p_restart: the clocks for stalling start again. p_settled:
-- the writer knows that it has ended, and follows its refill ({number, stage, reviewAt, before}). False when the order had
-- been settled and the writer did not know; then nothing is written.
create function write_life(
  p_order bigint, p_attention text, p_reason text, p_paused_at timestamptz, p_paused_by text, p_canceled_by text, p_next_run timestamptz,
  p_batches jsonb, p_notes jsonb, p_at timestamptz, p_restart boolean, p_settled boolean, p_refill jsonb
) returns boolean language plpgsql as $$
declare
  had    orders;
  paused interval;
  audited bigint;
begin
  -- Batches before their order, as everywhere.
  perform from batches where order_id = p_order and state <> 'done' order by batch for update;
  select * into strict had from orders where id = p_order for update;
  if had.settled_at is not null and not p_settled then
    return false;
  end if;
  -- A pause that ends moves the clocks of what runs; said twice it finds no pause any more.
  -- (Another pause may have begun before this was written.)
  paused := coalesce(greatest(coalesce(p_paused_at, p_at) - had.paused_at, '0'), '0');
  update batches b set review_at = to_timestamp(n."reviewAt" / 1000.0), resend = n.resend,
      progress_at = case when p_restart then p_at else least(b.progress_at + paused, greatest(b.progress_at, p_at)) end,
      stalled_since = case when p_restart then null else b.stalled_since end,
      acked_version = greatest(b.acked_version, least(n.acked, b.report_version)),
      -- A person lets a contradiction be looked at again: the watch asks for this batch once more.
      terminal_at = case when p_restart and n.acked >= b.report_version then null else b.terminal_at end
    from jsonb_to_recordset(p_batches) as n(batch integer, "reviewAt" numeric, resend boolean, acked numeric)
    where b.order_id = p_order and b.batch = n.batch and b.state = 'running';
  update batches b set review_at = to_timestamp(n."reviewAt" / 1000.0)
    from jsonb_to_recordset(p_batches) as n(batch integer, "reviewAt" numeric)
    where b.order_id = p_order and b.batch = n.batch and b.state in ('waiting', 'sending');
  update refills set stage = r.stage, review_at = to_timestamp(r."reviewAt" / 1000.0), before = r.before
    from jsonb_to_record(p_refill) as r(number integer, stage text, "reviewAt" numeric, before text)
    where order_id = p_order and refills.number = r.number and refills.stage <> 'ended';
  update orders set attention = p_attention, reason = case when p_settled then reason else p_reason end, paused_at = p_paused_at,
      paused_by = p_paused_by, canceled_by = p_canceled_by,
      next_run_at = p_next_run, version = version + 1, notes = greatest(notes, (select coalesce(max((n->>'number')::integer), 0)
        from jsonb_array_elements(p_notes) n))
    where id = p_order;
  with told as (
    insert into events (order_id, account_id, type, actor, version, data, note, at)
      select p_order, had.account_id, n.type, n.actor, had.version + 1, n.data, n.number, to_timestamp(n.at / 1000.0)
        from jsonb_to_recordset(p_notes) as n(number integer, at numeric, type text, actor text, data jsonb)
      on conflict (order_id, note) where note is not null do nothing
      returning note, type, actor, data
  )
  select count(audit_from_ui(p_order, 'note-' || note, type, actor, data)) into audited from told;
  return true;
end $$;

-- The start count after a provider says p_said. The first above 0 stays. A 0 is what panels say of a count that they do not know yet: it
-- is believed once something was delivered, and still gives way to a number.
create function start_after(p_had bigint, p_said bigint, p_begun boolean) returns bigint language sql immutable as $$
  select case when p_had > 0 then p_had when p_said > 0 then p_said when p_had = 0 or (p_said = 0 and p_begun) then 0 end
$$;

-- How much a batch has delivered after a provider says that p_remains remain. A 0 before the last word is also what panels say of an order
-- that they know nothing of: it counts once they have said a larger number, and that it has begun. Of last words, it is what they charge for.
create function delivered_after(b batches, p_status text, p_remains bigint, p_terminal boolean, p_clean boolean)
  returns bigint language sql immutable as $$
  select case
    when p_remains between 1 and b.quantity then greatest(b.delivered, b.quantity - p_remains)
    when p_clean or (p_remains <= 0 and case when p_terminal then p_status = 'Partial'
        else b.delivered > 0 or (b.counts_down and p_status in ('In progress', 'Paused')) end) then b.quantity
    else b.delivered end
$$;

-- What a provider said in one status call about many of its orders: p_reports is [{o, b, status, remains, start, charge,
-- terminal, clean}]. Only what changed is written: the batch, the number the customer sees (it never falls), a point of the
-- delivery curve (at most p_samples a batch, by which slice of its quantity it fell into). What its workflow must hear of
-- gets a new version: the last word, a pause or an error or their end, the end of a stall. A run of a drip-feed that simply completes
-- (`clean`) while others remain is ended here, without a word. Returns how many batches changed.
create function record_reports(p_provider integer, p_reports jsonb, p_at timestamptz, p_samples integer)
  returns integer language plpgsql as $$
declare
  written integer;
  of      bigint[];
  numbers integer[];
begin
  -- Locked in order, and before what follows reads: two watchers of one provider may overlap for a moment, and an order
  -- may be finishing its runs (see finish_runs) just now. Nothing else is touched below: of a batch whose word was no news at this
  -- moment, another watcher may be writing one, and whoever waited for that one with the order in hand would wait for ever.
  with held as (
    select b.order_id, b.batch
      from batches b
      join jsonb_to_recordset(p_reports) as r(o bigint, b integer, status text, remains bigint, start bigint, charge text)
        on b.order_id = r.o and b.batch = r.b
      where (b.provider_status, b.remains, b.start_count, b.provider_charge)
          is distinct from (r.status, r.remains, start_after(b.start_count, r.start, b.delivered > 0), r.charge)
        or b.report_version > 0
      order by b.order_id, b.batch for update of b
  )
  select array_agg(order_id), array_agg(batch) into of, numbers from held;
  if of is null then
    return 0;
  end if;
  -- Their orders next, in order too: watches of two providers may share orders.
  perform from orders where settled_at is null and id = any (of) order by id for update;
  with said as (
    select b.order_id, b.batch, b.quantity, b.delivered as had, r.status, r.remains, r.start, r.charge, r.terminal,
           -- Of a batch that its workflow has heard of, or while anything waits for a person, or of a refill, the end is news.
           r.clean and not o.finishing and b.report_version = 0 and o.attention = 'none' and b.refill is null as quiet,
           delivered_after(b.*, r.status, r.remains, r.terminal, r.clean) as has,
           r.terminal or (r.status is distinct from b.provider_status
             and (r.status in ('Paused', 'Error') or coalesce(b.provider_status, '') in ('Paused', 'Error'))) as changes_state
      from jsonb_to_recordset(p_reports)
        as r(o bigint, b integer, status text, remains bigint, start bigint, charge text, terminal boolean, clean boolean)
      join unnest(of, numbers) as held(o, b) on held.o = r.o and held.b = r.b
      join batches b on b.order_id = r.o and b.batch = r.b
      join orders o on o.id = b.order_id
      where b.provider_id = p_provider and b.state = 'running' and b.terminal_at is null
        -- A last word said again is news once a person has asked to look again.
        and ((b.provider_status, b.remains, b.start_count, b.provider_charge)
            is distinct from (r.status, r.remains, start_after(b.start_count, r.start, b.delivered > 0), r.charge)
          or (r.terminal and b.report_version > 0))
  ), changed as (
    update batches b set provider_status = s.status, remains = s.remains, start_count = start_after(b.start_count, s.start, s.has > 0),
        counts_down = b.counts_down or coalesce(s.remains between 1 and s.quantity, false), provider_charge = s.charge, delivered = s.has,
        progress_at = case when s.has > s.had then p_at else b.progress_at end,
        stalled_since = case when s.has > s.had then null else b.stalled_since end,
        terminal_at = case when s.terminal then p_at end,
        state = case when s.quiet then 'done' else b.state end,
        supported = case when s.quiet then b.quantity end,
        report_version = b.report_version
          + case when not s.quiet and (s.changes_state or (s.has > s.had and b.stalled_since is not null)) then 1 else 0 end,
        reported_at = case when s.changes_state or s.has > s.had then null else b.reported_at end
      from said s where b.order_id = s.order_id and b.batch = s.batch and b.state = 'running'
      returning b.order_id, b.batch, s.had, s.has, b.quantity, s.terminal, b.start_count
  ), curve as (
    insert into delivery_samples (order_id, batch, at, delivered)
      select order_id, batch, p_at, has from changed
        where has > had and (terminal or has * p_samples / quantity > had * p_samples / quantity)
      on conflict do nothing
  ), shown as (
    update orders o set delivered = least(o.delivered + c.more, o.total_quantity),
        start_count = start_after(o.start_count, c.start_count, true), version = o.version + 1
      from (select order_id, sum(has - had) as more, min(start_count) filter (where batch = 1) as start_count
              from changed group by order_id) c
      where o.id = c.order_id and o.settled_at is null
        and (c.more > 0 or o.start_count is distinct from start_after(o.start_count, c.start_count, true))
  )
  select count(*) into written from changed;
  return written;
end $$;

-- Batches that have delivered nothing for as long as their service allows, paused ones aside.
create function stalled_batches(p_provider integer) returns setof batches language sql stable as $$
  select b.* from batches b join orders o on o.id = b.order_id
    where b.provider_id = p_provider and b.state = 'running' and b.terminal_at is null and b.stalled_since is null
      and o.paused_at is null and b.progress_at < clock_timestamp() - make_interval(secs => o.stall_after_seconds)
$$;

-- They get a report that says so: those of some orders, or (null) of all.
create function record_stalls(p_provider integer, p_orders bigint[] default null) returns void language sql as $$
  with stuck as (
    -- Locked in order, as everywhere.
    select b.order_id, b.batch from batches b join orders o on o.id = b.order_id
      where b.provider_id = p_provider and b.state = 'running' and b.terminal_at is null and b.stalled_since is null
        and o.paused_at is null and b.progress_at < clock_timestamp() - make_interval(secs => o.stall_after_seconds)
        and (p_orders is null or b.order_id = any (p_orders))
      order by b.order_id, b.batch for update of b
  )
  update batches b set stalled_since = b.progress_at, report_version = b.report_version + 1, reported_at = null
    from stuck s where b.order_id = s.order_id and b.batch = s.batch
$$;

-- Whether the provider of a batch may be asked to stop it: it was not asked lately, or has not agreed.
create function may_ask_stop(batches, p_at timestamptz, p_minutes integer) returns boolean language sql immutable as $$
  select $1.stop_answer is null
    or ($1.stop_answer <> 'accepted' and $1.stop_asked_at + make_interval(mins => p_minutes) <= p_at)
$$;

-- What a provider answered to the wish to stop a batch, also once its order has ended.
create function stop_answered(p_order bigint, p_batch integer, p_answer text, p_at timestamptz) returns void language plpgsql as $$
begin
  update batches set stop_asked_at = p_at, stop_answer = p_answer where order_id = p_order and batch = p_batch;
  if found then
    update orders set version = version + 1 where id = p_order;
    perform add_event(p_order, 'stop.asked', 'provider', p_at, jsonb_build_object('batch', p_batch, 'answer', p_answer));
  end if;
end $$;

-- Batches that a person ended while their provider was at it, and of whose stop it has said nothing: the workflow of the order asks
-- first; a few minutes later it may be gone.
create function owed_stops(p_provider integer, p_minutes integer, p_hours integer) returns setof batches language sql stable as $$
  select * from batches
    where provider_id = p_provider and stop_wanted_at is not null and stop_answer is null
      and stop_wanted_at between clock_timestamp() - make_interval(hours => p_hours) and clock_timestamp() - interval '3 minutes'
      and (stop_asked_at is null or stop_asked_at < clock_timestamp() - make_interval(mins => p_minutes))
    order by stop_wanted_at
$$;
create index batches_stop_wanted on batches (provider_id, stop_wanted_at) where stop_wanted_at is not null and stop_answer is null;
