-- Stores a refill; a repeated call changes nothing. Returns its id.
create or replace function open_refill(
  p_order bigint, p_number integer, p_by text, p_reason text, p_missing bigint,
  p_in_review boolean, p_review_at timestamptz, p_at timestamptz
) returns bigint language plpgsql as $$
begin
  insert into refills (order_id, number, stage, missing, requested_by, reason, requested_at,
      review_at)
    values (p_order, p_number, case when p_in_review then 'review' else 'asking' end, p_missing,
      p_by, nullif(p_reason, ''), p_at, p_review_at) on conflict (order_id, number) do nothing;
  if found then
    update orders set version = version + 1 where id = p_order;
    perform add_event(p_order, 'refill.requested', p_by, p_at,
      jsonb_strip_nulls(jsonb_build_object(
        'refill', p_number, 'missing', p_missing, 'reason', nullif(p_reason, ''))));
    perform audit_from_ui(p_order, 'refill-' || p_number, 'refill.requested', p_by,
      jsonb_strip_nulls(jsonb_build_object('refill', p_number, 'reason', nullif(p_reason, ''))));
  end if;
  return (select id from refills where order_id = p_order and number = p_number);
end $$;

-- Stores that the missing items are sent again, as this batch; a repeated call changes nothing.
create or replace function resend_refill(
  p_order bigint, p_number integer, p_batch integer, p_quantity bigint, p_resends integer
) returns void language sql as $$
  insert into batches (order_id, batch, quantity, resends, refill)
    values (p_order, p_batch, p_quantity, p_resends, p_number)
    on conflict do nothing;
  select from orders where id = p_order for update;
  update refills set stage = 'resending', before = null
    where order_id = p_order and number = p_number and stage <> 'ended'
$$;

-- The batches of an order that delivered something and whose refill no provider has answered. HF004
-- when the refill has ended: the caller is behind.
create or replace function batches_to_refill(p_order bigint, p_number integer)
  returns setof batches language plpgsql stable as $$
begin
  if exists (select from refills
      where order_id = p_order and number = p_number and stage = 'ended') then
    raise exception using errcode = 'HF004',
      message = format('refill %s of order %s has ended', p_number, p_order);
  end if;
  return query select b.* from batches b
    where b.order_id = p_order and b.provider_order is not null and b.delivered > 0
      and b.refill is distinct from p_number
      and not exists (select from refill_parts p
        where p.order_id = p_order and p.batch = b.batch and p.refill = p_number);
end $$;

-- Stores a provider's answer to a call: p_parts is [{batch, provider, providerRefill}],
-- providerRefill null where the provider refuses. An id that another refill has is not stored.
create or replace function refill_call_answered(p_order bigint, p_number integer, p_parts jsonb)
  returns void language sql as $$
  insert into refill_parts (order_id, refill, batch, provider_id, provider_refill, state)
    select p_order, p_number, p.batch, p.provider, p."providerRefill",
        case when p."providerRefill" is null then 'refused' else 'asked' end
      from jsonb_to_recordset(p_parts) as p(batch integer, provider integer, "providerRefill" text)
    on conflict do nothing;
  update refills set open_calls = greatest(open_calls - 1, 0)
    where order_id = p_order and number = p_number
$$;

-- Stores that all providers have been asked. Returns for how many batches the refill is accepted,
-- refused and unclear. After a call without an answer every refusal is unclear: the provider may
-- refuse the repeat only because it had accepted the first call.
create or replace function refill_asked(
  p_order bigint, p_number integer, p_at timestamptz,
  out taken integer, out refused integer, out unclear integer
) language plpgsql as $$
begin
  perform from orders where id = p_order for update;
  select count(*) filter (where state <> 'refused'), count(*) filter (where state = 'refused')
    into taken, refused
    from refill_parts where order_id = p_order and refill = p_number;
  select count(*) into unclear from batches_to_refill(p_order, p_number);
  if exists (select from refills
      where order_id = p_order and number = p_number and open_calls > 0) then
    unclear := unclear + refused;
    refused := 0;
  end if;
  update refills set stage = 'tracked'
    where order_id = p_order and number = p_number and stage = 'asking' and taken > 0;
  if found then
    update orders set version = version + 1 where id = p_order;
    perform add_event(p_order, 'refill.in_progress', 'provider', p_at,
      jsonb_build_object('refill', p_number));
  end if;
end $$;

-- Whether the watch asks the providers about the progress of a refill.
create or replace function is_followed(refills) returns boolean language sql immutable as $$
  select $1.stage = 'tracked' or coalesce($1.before = 'tracked', false)
$$;

-- Ends a refill. A batch of the refill that has not ended keeps its last delivered number. p_costs is
-- as in settle_order. A repeated call changes nothing.
create or replace function end_refill(
  p_order bigint, p_number integer, p_outcome text, p_why text, p_by text, p_at timestamptz,
  p_costs jsonb
) returns void language plpgsql as $$
begin
  -- Lock order, as everywhere: batches before their order.
  perform from batches where order_id = p_order and refill = p_number order by batch for update;
  perform from orders where id = p_order for update;
  update refills set stage = 'ended', before = null, outcome = p_outcome,
      why = nullif(p_why, ''), ended_at = p_at
    where order_id = p_order and number = p_number and stage <> 'ended';
  if not found then
    return;
  end if;
  -- If the order of an unknown attempt turns up later, its cost is a loss.
  update attempts a set state = 'released', detail = 'given up', decided_at = p_at
    from batches b
    where b.order_id = p_order and b.refill = p_number
      and a.order_id = p_order and a.batch = b.batch and a.state = 'unknown';
  update batches set state = 'done', acked_version = report_version,
      stop_wanted_at = case when state = 'running' and terminal_at is null
        and lacks_clear_stop(batches) then p_at end
    where order_id = p_order and refill = p_number and state <> 'done';
  -- The refill no longer waits for its unfinished parts.
  update refill_parts set state = 'left'
    where order_id = p_order and refill = p_number and state = 'asked';
  update orders set attention = 'none', version = version + 1 where id = p_order;
  perform book_cost(p_order, batch, cost, raw)
    from jsonb_to_recordset(p_costs) as c(batch integer, cost bigint, raw text);
  perform add_event(p_order, 'refill.' || lower(p_outcome), p_by, p_at,
    jsonb_strip_nulls(jsonb_build_object('refill', p_number, 'why', nullif(p_why, ''))));
end $$;

-- Stores what a provider says about its refills: p_said is [{id, status}]. Only Completed and
-- Rejected change anything.
create or replace function record_refills(p_provider integer, p_said jsonb)
  returns void language sql as $$
  update refill_parts p set state = s.status
    from jsonb_to_recordset(p_said) as s(id text, status text)
    where p.provider_id = p_provider and p.provider_refill = s.id and p.state = 'asked'
      and s.status in ('Completed', 'Rejected')
$$;
