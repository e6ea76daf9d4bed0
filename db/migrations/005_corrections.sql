-- What a provider says of a batch after its order was settled. Settled batches are looked at more and more seldom; only a
-- last word moves money, and only towards the customer.

-- A provider's last word about a batch of a settled order, and what it says was delivered and what it cost (null: it does
-- not say). p_delivered is null when the word contradicts itself: then it is only kept, so that it is news once.
-- The order is never charged for more than the words about its batches support: what each was said to deliver, all of it
-- where a person settled the order before there was a word, nothing where no provider accepted it. A batch only ever goes
-- down, and so does what a person decided; the same word again changes nothing. True when money went back.
create function correct_batch(
  p_order bigint, p_batch integer, p_status text, p_remains bigint, p_charge text, p_delivered bigint, p_cost bigint, p_at timestamptz
) returns boolean language plpgsql as $$
declare
  known  batches;
  placed orders;
begin
  -- The batch before its order, as everywhere. Another word about the same order waits at the order, and then sees this one.
  select * into strict known from batches where order_id = p_order and batch = p_batch for update;
  select * into strict placed from orders where id = p_order for update;
  if placed.settled_at is null or known.state <> 'done' or known.provider_order is null then
    raise exception using errcode = 'HF003', message = format('batch %s of order %s has not been settled', p_batch, p_order);
  end if;
  update batches set provider_status = p_status, remains = p_remains, provider_charge = p_charge, terminal_at = coalesce(terminal_at, p_at),
      supported = least(supported, p_delivered), delivered = coalesce(least(supported, p_delivered), delivered)
    where order_id = p_order and batch = p_batch;
  if p_delivered is null then
    return false;
  end if;
  perform rebate_cost(p_order, p_batch, p_cost, p_charge);
  if p_delivered >= coalesce(known.supported, known.quantity) then
    return false;
  end if;
  return correct_order(p_order, (
    select coalesce(sum(case when provider_order is null then 0 else coalesce(supported, quantity) end), 0)::bigint
      from batches where order_id = p_order and refill is null), p_at);
end $$;

-- Batches have been looked at: p_looks is [{o, b, heard}], heard when the call got an answer and what it said is written.
-- The next look is a poll later, or an eighth of the time since the settlement: dense right after it, some sixty in all, the
-- last at the end of the watch. What was not heard is asked again within ten minutes, for a while also after the end.
create function looked_at(p_looks jsonb, p_at timestamptz, p_hours integer) returns void language sql as $$
  with clock as (
    select b.order_id, b.batch, l.heard, make_interval(secs => p.poll_seconds) as poll, greatest(p_at - o.settled_at, '0') as age,
           make_interval(hours => p_hours) as watched, o.settled_at
      from jsonb_to_recordset(p_looks) as l(o bigint, b integer, heard boolean)
      join batches b on b.order_id = l.o and b.batch = l.b
      join orders o on o.id = b.order_id join providers p on p.id = b.provider_id
      order by b.order_id, b.batch for update of b
  )
  update batches b set next_look_at = case
      when c.age >= c.watched and (c.heard or c.age >= c.watched * 9 / 8) then null
      when c.heard then least(p_at + greatest(c.poll, c.age / 8), c.settled_at + c.watched)
      else p_at + greatest(c.poll, least(c.age / 8, interval '10 minutes')) end
    from clock c where b.order_id = c.order_id and b.batch = c.batch
$$;
