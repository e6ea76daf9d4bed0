-- Placing batches with providers and hearing of them: what the activities `dispatch` and `watch` write, each step one
-- function and so one commit.

-- Writes down the intent to place a batch, on the best route that is left: active, its provider not paused, and not one
-- that refused this batch before; a route in trouble with this batch comes after the others. Called again for the same
-- attempt it returns what was written then. No row: no route.
create function begin_attempt(p_order bigint, p_batch integer, p_attempt integer)
  returns setof attempts language plpgsql as $$
begin
  return query select * from attempts where order_id = p_order and batch = p_batch and attempt = p_attempt;
  if found then
    return;
  end if;
  return query
    insert into attempts (order_id, batch, attempt, provider_id, provider_service, cost_rate)
      select p_order, p_batch, p_attempt, r.provider_id, r.provider_service, r.rate
        from orders o join routes r on r.service_id = o.service_id join providers p on p.id = r.provider_id
        where o.id = p_order and o.settled_at is null and r.active and (p.paused_until is null or p.paused_until <= now())
          and not exists (
            select from attempts a where a.order_id = p_order and a.batch = p_batch and a.state = 'refused'
              and a.detail = 'refused' and a.provider_id = r.provider_id and a.provider_service = r.provider_service)
        order by exists (
            select from attempts a where a.order_id = p_order and a.batch = p_batch and a.state = 'refused'
              and a.detail = 'providerTrouble' and a.provider_id = r.provider_id),
          r.position
        limit 1
      on conflict do nothing
      returning *;
  if not found then
    -- Either there is no route, or somebody wrote the same attempt down while this looked for one.
    return query select * from attempts where order_id = p_order and batch = p_batch and attempt = p_attempt;
  end if;
end $$;

-- Takes an attempt for sending. True for exactly one caller, and nobody else may send it.
create function take_attempt(p_order bigint, p_batch integer, p_attempt integer) returns boolean language plpgsql as $$
begin
  update attempts set state = 'sending', sends = sends + 1, sending_at = clock_timestamp()
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'intent';
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
create function release_attempt(p_order bigint, p_batch integer, p_attempt integer, p_detail text) returns void language sql as $$
  update attempts set state = 'intent', detail = p_detail
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'sending'
$$;

-- The provider accepted: the batch runs and the order is In progress. Raises unique_violation when that order of the
-- provider is another batch's already. False when the attempt had been decided otherwise before this was known; the
-- provider's order is then only noted, for a person.
create function attempt_accepted(
  p_order bigint, p_batch integer, p_attempt integer, p_provider_order text, p_at timestamptz
) returns boolean language plpgsql as $$
declare
  won attempts;
begin
  update attempts set state = 'accepted', provider_order = p_provider_order, decided_at = p_at, detail = null
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'sending' returning * into won;
  if not found then
    update attempts set detail = format('answered late: accepted as %s', p_provider_order)
      where order_id = p_order and batch = p_batch and attempt = p_attempt and state <> 'accepted';
    return exists (select from attempts where order_id = p_order and batch = p_batch and attempt = p_attempt
      and state = 'accepted' and provider_order = p_provider_order);
  end if;
  update batches set state = 'running', provider_id = won.provider_id, provider_service = won.provider_service,
      provider_order = p_provider_order, cost_rate = won.cost_rate, accepted_at = p_at, progress_at = p_at
    where order_id = p_order and batch = p_batch;
  update orders set status = 'In progress', started_at = p_at, version = version + 1
    where id = p_order and status in ('Pending', 'Processing');
  if found then
    perform add_event(p_order, 'order.in_progress', 'provider', p_at);
  end if;
  return true;
end $$;

-- The provider refused, definitely.
create function attempt_refused(p_order bigint, p_batch integer, p_attempt integer, p_error text, p_meaning text)
  returns void language plpgsql as $$
begin
  update attempts set state = 'refused', error = p_error, detail = p_meaning, decided_at = clock_timestamp()
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'sending';
  if found then
    perform add_event(p_order, 'attempt.refused', 'provider', clock_timestamp(),
      jsonb_build_object('batch', p_batch, 'attempt', p_attempt, 'meaning', p_meaning));
  end if;
end $$;

-- Whether it was placed cannot be known: the order waits for a person.
create function attempt_unknown(p_order bigint, p_batch integer, p_attempt integer, p_detail text) returns void language plpgsql as $$
begin
  update attempts set state = 'unknown', detail = p_detail, decided_at = clock_timestamp()
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'sending';
  if found then
    update batches set state = 'uncertain' where order_id = p_order and batch = p_batch;
    update orders set attention = 'uncertain', version = version + 1 where id = p_order;
    perform add_event(p_order, 'order.uncertain', 'system', clock_timestamp(),
      jsonb_build_object('batch', p_batch, 'attempt', p_attempt, 'detail', p_detail));
  end if;
end $$;

-- What a provider said in one status call about many of its orders: p_reports is [{o, b, status, remains, start, charge,
-- terminal}]. Only what changed is written: the batch, the number the customer sees (it never falls), a point of the
-- delivery curve (at most p_samples a batch, by which slice of its quantity it fell into), and a report for the
-- workflow when the provider said its last word. Returns how many batches changed.
create function record_reports(p_provider integer, p_reports jsonb, p_at timestamptz, p_samples integer)
  returns integer language sql as $$
  with said as (
    select b.order_id, b.batch, b.quantity, b.delivered as had, r.status, r.remains, r.start, r.charge, r.terminal,
           case when r.remains between 0 and b.quantity then greatest(b.delivered, b.quantity - r.remains)
                when r.remains < 0 then b.quantity
                else b.delivered end as has
      from jsonb_to_recordset(p_reports)
        as r(o bigint, b integer, status text, remains bigint, start bigint, charge text, terminal boolean)
      join batches b on b.order_id = r.o and b.batch = r.b
      where b.provider_id = p_provider and b.state = 'running' and b.terminal_at is null
        and (b.provider_status, b.remains, b.start_count, b.provider_charge)
            is distinct from (r.status, r.remains, coalesce(b.start_count, r.start), r.charge)
      -- Two watchers of one provider may overlap for a moment: the later one waits here and sees what the first one wrote.
      order by b.order_id, b.batch for update of b
  ), changed as (
    update batches b set provider_status = s.status, remains = s.remains, start_count = coalesce(b.start_count, s.start),
        provider_charge = s.charge, delivered = s.has,
        progress_at = case when s.has > s.had then p_at else b.progress_at end,
        terminal_at = case when s.terminal then p_at end,
        report_version = b.report_version + case when s.terminal then 1 else 0 end,
        reported_at = case when s.terminal then null else b.reported_at end
      from said s where b.order_id = s.order_id and b.batch = s.batch and b.state = 'running'
      returning b.order_id, b.batch, s.had, s.has, b.quantity, s.terminal, b.start_count
  ), curve as (
    insert into delivery_samples (order_id, batch, at, delivered)
      select order_id, batch, p_at, has from changed
        where has > had and (terminal or has * p_samples / quantity > had * p_samples / quantity)
      on conflict do nothing
  ), shown as (
    update orders o set delivered = least(o.delivered + c.more, o.total_quantity),
        start_count = coalesce(o.start_count, c.start_count), version = o.version + 1
      from (select order_id, sum(has - had) as more, min(start_count) filter (where batch = 1) as start_count
              from changed group by order_id) c
      where o.id = c.order_id and o.settled_at is null and (c.more > 0 or (o.start_count is null and c.start_count is not null))
  )
  select count(*)::integer from changed
$$;

-- An order needs, or no longer needs, somebody's attention.
create function set_attention(p_order bigint, p_attention text, p_actor text, p_at timestamptz, p_data jsonb)
  returns void language plpgsql as $$
begin
  update orders set attention = p_attention, version = version + 1
    where id = p_order and settled_at is null and attention <> p_attention;
  if found then
    perform add_event(p_order, case when p_attention = 'none' then 'order.cleared' else 'order.' || p_attention end,
      p_actor, p_at, p_data);
  end if;
end $$;
