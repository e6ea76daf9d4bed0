-- What a provider says after the settlement. The watch looks at settled batches more and more seldom;
-- only a last word moves money, and only towards the customer.

-- A provider's last word about a batch of a settled order. True when money went back.
--
--   p_delivered         what it says was delivered; null when the word contradicts itself: then it is
--                       only stored, so that it is news once
--   p_cost              what it says the batch cost; null when it does not say
--   p_rate_cost         what that many items cost at the rate of the route
--   p_most, p_minutes   see is_held_back; null: nothing is held
--
-- An order is never charged for more than the words about its batches support: what each word says
-- was delivered, all of a batch that a person settled before there was a word, nothing of a batch
-- that no provider accepted. A batch only goes down, and so does what a person decided; the same word
-- again changes nothing.
create or replace function correct_batch(
  p_order bigint, p_batch integer, p_status text, p_remains bigint, p_charge text,
  p_delivered bigint, p_cost bigint, p_at timestamptz,
  p_rate_cost bigint default null, p_most integer default null, p_minutes integer default null
) returns boolean language plpgsql as $$
declare
  known  batches;
  placed orders;
  total  bigint;
begin
  -- The batch before its order, as everywhere. Another word about the same order waits at the order,
  -- and then sees this one.
  select * into strict known from batches
    where order_id = p_order and batch = p_batch for update;
  select * into strict placed from orders where id = p_order for update;
  if placed.settled_at is null or known.state <> 'done' or known.provider_order is null then
    raise exception using errcode = 'HF003',
      message = format('batch %s of order %s has not been settled', p_batch, p_order);
  end if;
  update batches set provider_status = p_status, remains = p_remains, provider_charge = p_charge,
      -- A repeated word keeps the time of the first one.
      terminal_at = case
        when (provider_status, remains, provider_charge)
          is distinct from (p_status, p_remains, p_charge) then p_at
        else coalesce(terminal_at, p_at) end
    where order_id = p_order and batch = p_batch;
  if p_delivered is null then
    return false;
  end if;
  total := supported_total(p_order, p_batch, p_delivered);
  if p_most is not null and total < placed.delivered
      and is_held_back(known.provider_id, p_at, p_most, p_minutes) then
    perform hold_correction(known, p_status, p_remains, p_charge, p_delivered, p_cost,
      p_rate_cost, placed.charge - charge_for(placed.unit_price, total), p_at);
    return false;
  end if;
  -- A held word about this batch is older than this one.
  update held_corrections set state = 'withdrawn', decided_at = null, decided_by = null
    where order_id = p_order and batch = p_batch and state in ('held', 'released');
  update batches set supported = least(supported, p_delivered),
      delivered = least(supported, p_delivered)
    where order_id = p_order and batch = p_batch;
  perform rebate_cost(p_order, p_batch, p_cost, p_charge);
  perform book_unpaid(p_order, p_batch, coalesce(p_cost, p_rate_cost), p_charge,
    placed.refunded > 0 and p_delivered > coalesce(known.supported, known.delivered));
  if p_delivered >= coalesce(known.supported, known.quantity) then
    return false;
  end if;
  return correct_order(p_order, total, p_at);
end $$;

-- What all words about an order support, when a word says p_delivered of p_batch. Batches of refills
-- do not count: they are not charged for.
create or replace function supported_total(p_order bigint, p_batch integer, p_delivered bigint)
  returns bigint language sql stable as $$
  select coalesce(sum(case
      when provider_order is null then 0
      when batch = p_batch then least(coalesce(supported, quantity), p_delivered)
      else coalesce(supported, quantity) end), 0)::bigint
    from batches where order_id = p_order and refill is null
$$;

-- A settled order delivered less than it was charged for: the difference goes back, never more than
-- the charge, and the status follows. The time of Completed and the refill window stay. False when
-- the order was not charged for more.
create or replace function correct_order(
  p_order bigint, p_delivered bigint, p_at timestamptz, p_by text default 'provider'
) returns boolean language plpgsql
  security definer set search_path = public, pg_catalog, pg_temp as $$
declare
  placed orders;
  step   text;
  became text := case when p_delivered = 0 then 'Canceled' else 'Partial' end;
  amount bigint;
begin
  select * into strict placed from orders where id = p_order for update;
  if placed.settled_at is null then
    raise exception using errcode = 'HF003',
      message = format('order %s has not been settled', p_order);
  end if;
  if p_delivered < 0 then
    raise exception using errcode = 'HF003', message = 'delivered cannot be negative';
  end if;
  if p_delivered >= placed.delivered then
    return false;
  end if;
  step := format('order:%s:correct:%s', p_order, placed.corrections + 1);
  if not take_step(step, jsonb_build_object('status', became, 'delivered', p_delivered)) then
    raise exception using errcode = 'HF003',
      message = format('%s has been taken, and order %s does not know', step, p_order);
  end if;
  amount := placed.charge - charge_for(placed.unit_price, p_delivered);
  update orders set status = became, reason = coalesce(reason, 'unknown'),
      delivered = p_delivered, charge = charge - amount, refunded = refunded + amount,
      corrections = corrections + 1, version = version + 1
    where id = p_order;
  perform add_event(p_order, 'order.corrected', p_by, p_at, jsonb_build_object(
    'from', placed.status, 'to', became, 'delivered', p_delivered,
    'amount', trim_scale(amount / 100000000.0)::text));
  perform move_money(step, 'correction', 'revenue', 'wallet:' || placed.account_id, amount,
    p_order);
  return true;
end $$;
