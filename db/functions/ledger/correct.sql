-- Corrections after the settlement. The watch asks about settled batches less and less often. Only a
-- provider's last word moves money, and only towards the customer.

-- Applies a provider's last word about a batch of a settled order. True when money went back.
--
--   p_delivered         what was delivered by that word; null when the word contradicts itself: then
--                       the word is only stored, so that it is news once
--   p_cost              what the batch cost by that word; null when the word does not say
--   p_rate_cost         what that many items cost at the rate of the route
--   p_most, p_minutes   see is_held_back; null: nothing is held
--
-- An order is never charged for more than the words about its batches support. A batch counts with
-- what its word says was delivered; in full when a person settled it before there was a word; and
-- with nothing when no provider accepted it. What is supported only goes down, also what a person
-- decided. The same word again changes nothing.
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
  -- Lock order, as everywhere: the batch before its order. Another word about the same order waits
  -- for the order's lock, and then sees this word.
  select * into strict known from batches
    where order_id = p_order and batch = p_batch for update;
  select * into strict placed from orders where id = p_order for update;
  if placed.settled_at is null or known.state <> 'done' or known.provider_order is null then
    raise exception using errcode = 'HF003',
      message = format('batch %s of order %s has not been settled', p_batch, p_order);
  end if;
  update batches set provider_status = p_status, remains = p_remains, provider_charge = p_charge,
      -- A repeated word keeps the time of the first.
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
  -- A correction of this batch that is still held is older than this word.
  update held_corrections set state = 'withdrawn', decided_at = null, decided_by = null
    where order_id = p_order and batch = p_batch and state in ('held', 'released');
  update batches set supported = least(supported, p_delivered),
      delivered = least(supported, p_delivered)
    where order_id = p_order and batch = p_batch;
  perform rebate_cost(p_order, p_batch, p_cost, p_charge);
  perform book_unpaid(p_order, p_batch, coalesce(p_cost, p_rate_cost), p_charge,
    p_delivered > coalesce(known.supported, known.delivered)
      and (placed.refunded > 0 or was_sent_again(p_order, p_batch)));
  if p_delivered >= coalesce(known.supported, known.quantity) then
    return false;
  end if;
  return correct_order(p_order, total, p_at);
end $$;

-- Whether the missing part of a batch was sent again: the customer has paid for that, and not for what
-- the batch itself delivers later.
create or replace function was_sent_again(p_order bigint, p_batch integer)
  returns boolean language sql stable as $$
  select exists (select from batches
    where order_id = p_order and resends = p_batch and refill is null)
$$;

-- How much all words about an order support, when a word says p_delivered of p_batch. Batches of
-- refills do not count: customers are not charged for them.
create or replace function supported_total(p_order bigint, p_batch integer, p_delivered bigint)
  returns bigint language sql stable as $$
  select coalesce(sum(case
      when provider_order is null then 0
      when batch = p_batch then least(coalesce(supported, quantity), p_delivered)
      else coalesce(supported, quantity) end), 0)::bigint
    from batches where order_id = p_order and refill is null
$$;

-- Refunds the difference when a settled order delivered less than was charged, never more than the
-- charge, and changes its status. The time of Completed and the refill window stay. False when the
-- order was charged for p_delivered or less.
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
      message = format('the step %s is taken, but order %s has no such correction', step, p_order);
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
