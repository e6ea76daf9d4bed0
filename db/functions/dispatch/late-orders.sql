-- Whether an order no longer waits for the outcome of an attempt: the attempt was released or
-- refused, or it is unknown and its order or refill has ended.
create or replace function is_decided(p_attempt attempts) returns boolean language sql stable as $$
  select p_attempt.state in ('released', 'refused')
    or (p_attempt.state = 'unknown' and not may_be_sent(p_attempt.order_id, p_attempt.batch))
$$;

-- Stores a late order: a provider's order that turned up after its attempt was decided. Returns its
-- id; a repeated call returns the same. Null when the attempt is not decided. Raises unique_violation
-- when the provider's order belongs to another attempt.
create or replace function add_late_order(
  p_order bigint, p_batch integer, p_attempt integer, p_provider_order text, p_by text,
  p_at timestamptz
) returns bigint language plpgsql as $$
declare
  sent  attempts;
  known late_orders;
begin
  -- Calls run one after the other. Lock order, as everywhere: batches before anything else of an
  -- order.
  perform from batches where order_id = p_order and batch = p_batch for update;
  select * into sent from attempts
    where order_id = p_order and batch = p_batch and attempt = p_attempt;
  if not found or not is_decided(sent) then
    return null;
  end if;
  select * into known from late_orders
    where provider_id = sent.provider_id and provider_order = p_provider_order;
  if found then
    if (known.order_id, known.batch, known.attempt) = (p_order, p_batch, p_attempt) then
      return known.id;
    end if;
    raise unique_violation using
      message = format('order %s of the provider belongs to another late order', p_provider_order);
  end if;
  insert into late_orders (order_id, batch, attempt, provider_id, provider_order, found_by)
    values (p_order, p_batch, p_attempt, sent.provider_id, p_provider_order, p_by)
    returning * into known;
  perform add_event(p_order, 'attempt.turned_up', p_by, p_at, jsonb_build_object(
    'batch', p_batch, 'attempt', p_attempt, 'providerOrder', p_provider_order));
  return known.id;
end $$;

-- Stores an answer that came after its attempt became unknown or was decided. For an unknown attempt
-- it is the missing evidence; for a decided one it is a late order.
create or replace function answered_late(
  p_order bigint, p_batch integer, p_attempt integer, p_provider_order text, p_at timestamptz
) returns void language plpgsql as $$
begin
  update attempts set detail = format('answered late: accepted as %s', p_provider_order),
      evidence = coalesce(evidence,
        jsonb_build_object('kind', 'attach', 'providerOrder', p_provider_order))
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'unknown';
  begin
    perform add_late_order(p_order, p_batch, p_attempt, p_provider_order, 'provider', p_at);
  exception when unique_violation then
    -- The provider gave the same id to two orders; the first owner keeps it.
    null;
  end;
end $$;

-- Books the cost of a late order as a loss, once: it has ended, or was followed for long enough.
-- False when the loss was booked before.
create or replace function book_loss(
  p_late_order bigint, p_status text, p_charge text, p_cost bigint
) returns boolean language plpgsql
  security definer set search_path = public, pg_catalog, pg_temp as $$
declare
  late late_orders;
  step text;
begin
  select * into strict late from late_orders where id = p_late_order for update;
  if late.loss is not null then
    return false;
  end if;
  step := format('order:%s:late:%s:loss', late.order_id, late.id);
  perform take_step(step, jsonb_build_object('cost', p_cost::text));
  perform move_money(step, 'loss', 'loss', 'payable:' || late.provider_id, p_cost, late.order_id,
    p_charge);
  update late_orders set provider_status = p_status, provider_charge = p_charge, loss = p_cost,
      booked_at = clock_timestamp(), next_look_at = null
    where id = p_late_order;
  return true;
end $$;
