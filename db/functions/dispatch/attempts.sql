-- The states of an attempt: intent → sending → accepted | refused | unknown; unknown → accepted |
-- released. Lock order, as everywhere: the batch before its order.
--
-- p_sends is how often the attempt had been taken when the caller read it, the caller's own take
-- included. So a worker that was frozen meanwhile does not change another sender's attempt.

-- Takes an attempt for sending. True for exactly one caller: only that caller may send it. False when
-- the order has ended, or the provider is paused or full.
create or replace function take_attempt(
  p_order bigint, p_batch integer, p_attempt integer, p_sends integer, p_at timestamptz,
  p_usual_sends integer, p_given_up_after float8
) returns boolean language plpgsql as $$
declare
  at timestamptz := greatest(p_at, clock_timestamp());
  asked integer;
  mine  integer;
begin
  perform from batches where order_id = p_order and batch = p_batch for update;
  select account_id into mine from orders where id = p_order for share;
  if not may_be_sent(p_order, p_batch) then
    return false;
  end if;
  select provider_id into asked from attempts
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'intent';
  if has_room(asked, mine, at, p_usual_sends, p_given_up_after) is not true then
    return false;
  end if;
  update attempts set state = 'sending', sends = sends + 1, sending_at = clock_timestamp()
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'intent'
      and sends = coalesce(p_sends, sends);
  if not found then
    return false;
  end if;
  perform sending_begins(p_order, p_batch);
  return true;
end $$;

-- Whether a provider may get one more send of an account: it is not paused and has room. Calls run
-- one after the other for a provider, each after the commit of the one before, so that room_for_sends
-- counts every send.
create or replace function has_room(
  p_provider integer, p_account integer, p_at timestamptz, p_usual_sends integer,
  p_given_up_after float8
) returns boolean language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(p_provider::text, 44));
  return not exists (select from providers p
      where id = p_provider and paused_until > p_at and trouble_concerns(p, p_account))
    and room_for_sends(p_provider, p_account, p_usual_sends, p_given_up_after) > 0;
end $$;

-- Stores that a batch is being sent, and with the first batch that its order is Processing.
create or replace function sending_begins(p_order bigint, p_batch integer)
  returns void language plpgsql as $$
begin
  update batches set state = 'sending'
    where order_id = p_order and batch = p_batch and state = 'waiting';
  update orders set status = 'Processing', version = version + 1
    where id = p_order and status = 'Pending';
  if found then
    perform add_event(p_order, 'order.processing', 'system', clock_timestamp());
  end if;
end $$;

-- Stores that the request provably never left: the attempt may be taken again.
create or replace function release_attempt(
  p_order bigint, p_batch integer, p_attempt integer, p_detail text, p_sends integer default null
) returns void language sql as $$
  update attempts set state = 'intent', detail = p_detail
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'sending'
      and sends = coalesce(p_sends, sends)
$$;

-- Stores that the provider accepted an attempt (from `sending`), or that its order was found there
-- (from `unknown`): the batch runs and the order is In progress. Raises unique_violation when another
-- batch has the provider's order. False when the attempt was decided otherwise before (see
-- answered_late).
create or replace function attempt_accepted(
  p_order bigint, p_batch integer, p_attempt integer, p_provider_order text, p_at timestamptz,
  p_from text, p_sends integer default null
) returns boolean language plpgsql as $$
declare
  won attempts;
begin
  perform from batches where order_id = p_order and batch = p_batch for update;
  update attempts set state = 'accepted', provider_order = p_provider_order, decided_at = p_at,
      detail = null
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = p_from
      and (p_from <> 'sending' or sends = coalesce(p_sends, sends)) returning * into won;
  if not found then
    if not exists (select from attempts where order_id = p_order and batch = p_batch
        and attempt = p_attempt and state = 'accepted') then
      perform add_event(p_order, 'attempt.late', 'provider', p_at, jsonb_build_object(
        'batch', p_batch, 'attempt', p_attempt, 'providerOrder', p_provider_order));
      perform answered_late(p_order, p_batch, p_attempt, p_provider_order, p_at);
    end if;
    return exists (select from attempts where order_id = p_order and batch = p_batch
      and attempt = p_attempt and state = 'accepted' and provider_order = p_provider_order);
  end if;
  update batches set state = 'running', provider_id = won.provider_id,
      provider_service = won.provider_service, provider_order = p_provider_order,
      cost_rate = won.cost_rate, accepted_at = p_at, progress_at = p_at,
      review_at = p_at + make_interval(
        secs => (select review_after_seconds from orders where id = p_order))
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

-- Stores a provider's definite refusal. p_pauses is given when the refusal means that the provider is
-- in trouble (p_meaning: which); the provider is then paused (see provider_troubled). With `trouble` and
-- `funds` the order itself may be the cause: a firewall of the provider dislikes the link, or our
-- balance does not pay for so many items. So the pause is first for the order's account alone; and when
-- the provider has accepted other orders since it last failed this batch, the order waits and the
-- provider is not paused at all.
--   alerted: an alert was raised. meaning: the meaning after that rule.
create or replace function attempt_refused(
  p_order bigint, p_batch integer, p_attempt integer, p_error text, p_meaning text,
  p_sends integer, p_at timestamptz, p_pauses integer[], p_same_trouble integer,
  out alerted boolean, out meaning text
) language plpgsql as $$
declare
  at    timestamptz := greatest(p_at, clock_timestamp());
  asked integer;
begin
  alerted := false;
  meaning := p_meaning;
  perform from batches where order_id = p_order and batch = p_batch for update;
  if p_meaning in ('trouble', 'funds') and exists (
      select from attempts this join providers p on p.id = this.provider_id
        join attempts before on before.order_id = p_order and before.batch = p_batch
          and before.provider_id = this.provider_id and before.state = 'refused'
          and before.detail = p_meaning and before.decided_at < p.recovered_at
        where this.order_id = p_order and this.batch = p_batch and this.attempt = p_attempt) then
    meaning := 'wait';
  end if;
  update attempts set state = 'refused', error = p_error, detail = meaning,
      decided_at = clock_timestamp()
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'sending'
      and sends = coalesce(p_sends, sends)
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
    alerted := provider_troubled(asked, meaning, p_pauses, p_same_trouble, at,
      case when meaning in ('trouble', 'funds')
        then (select account_id from orders where id = p_order) end);
  end if;
end $$;

-- Stores that it is unknown whether the batch was placed: the order waits for a person. p_break_after
-- is given when the provider is the cause: after that many in a row it is paused (see
-- provider_unclear). True when that raised an alert.
create or replace function attempt_unknown(
  p_order bigint, p_batch integer, p_attempt integer, p_detail text, p_sends integer,
  p_at timestamptz, p_break_after integer, p_pauses integer[], p_same_trouble integer
) returns boolean language plpgsql as $$
declare
  sent attempts;
begin
  perform from batches where order_id = p_order and batch = p_batch for update;
  update attempts set state = 'unknown', detail = p_detail, decided_at = clock_timestamp()
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'sending'
      and sends = coalesce(p_sends, sends)
    returning * into sent;
  if not found then
    return false;
  end if;
  update batches set state = 'uncertain' where order_id = p_order and batch = p_batch;
  update orders set attention = 'uncertain', version = version + 1 where id = p_order;
  perform add_event(p_order, 'order.uncertain', 'system', clock_timestamp(),
    jsonb_build_object('batch', p_batch, 'attempt', p_attempt, 'detail', p_detail));
  return p_break_after is not null and provider_unclear(sent.provider_id, sent.sending_at,
    p_break_after, p_pauses, p_same_trouble, greatest(p_at, clock_timestamp()));
end $$;

-- Stores the decision that an unknown attempt was not placed (the batch may be sent again), or is
-- given up (the batch delivered nothing; if its order turns up, the cost is a loss).
create or replace function attempt_released(
  p_order bigint, p_batch integer, p_attempt integer, p_why text, p_given_up boolean
) returns void language plpgsql as $$
begin
  perform from batches where order_id = p_order and batch = p_batch for update;
  update attempts set state = 'released', detail = p_why, decided_at = clock_timestamp()
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'unknown';
  if found then
    update batches set state = case when p_given_up then 'done' else 'waiting' end
      where order_id = p_order and batch = p_batch and state = 'uncertain';
  end if;
end $$;
