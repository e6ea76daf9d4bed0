-- Settles an order: empties its escrow, once, in one transaction with its status and its event.
-- Returns false when the same settlement was made before.
--
--   p_ends     the batches that end now and what they delivered: [{batch, delivered}]
--   p_costs    what batches cost: [{batch, cost, raw}], cost in 1e-8 of the currency, raw as the
--              provider wrote it
--   p_decided  a person decided how much counts as delivered, even if batches still run. Otherwise
--              HF004 is raised when a batch has not ended, or when the batches delivered another
--              number: the caller does not know all of them.
create or replace function settle_order(
  p_order bigint, p_status text, p_delivered bigint, p_reason text, p_actor text,
  p_at timestamptz, p_ends jsonb, p_costs jsonb, p_decided boolean
) returns boolean language plpgsql
  security definer set search_path = public, pg_catalog, pg_temp as $$
declare
  step    text := format('order:%s:settle', p_order);
  placed  orders;
  charged bigint;
begin
  -- Lock order, as in record_reports: batches before their order. A report and a settlement at the
  -- same moment must not deadlock.
  perform from batches where order_id = p_order order by batch for update;
  select * into strict placed from orders where id = p_order for update;
  perform assert_possible_end(placed, p_status, p_delivered);
  if not take_step(step, jsonb_build_object('status', p_status, 'delivered', p_delivered)) then
    return false;
  end if;
  if not p_decided then
    perform assert_all_ended(placed, p_delivered, p_ends);
  end if;
  if escrow_of(p_order) <> placed.price then
    raise exception using errcode = 'HF003',
      message = format('order %s does not hold its price', p_order);
  end if;
  charged := charge_for(placed.unit_price, p_delivered);
  update orders set status = p_status, reason = p_reason, attention = 'none',
      delivered = p_delivered, charge = charged, refunded = placed.price - charged,
      settled_at = p_at, next_run_at = null, paused_at = null, paused_by = null,
      completed_at = case when p_status = 'Completed' then p_at end,
      refill_until = case when p_status = 'Completed' and refill_days > 0
        then p_at + refill_days * interval '24 hours' end,
      version = version + 1
    where id = p_order;
  perform end_batches(p_order, p_ends, p_at);
  perform book_cost(p_order, batch, cost, raw)
    from jsonb_to_recordset(p_costs) as c(batch integer, cost bigint, raw text);
  perform add_event(p_order, 'order.' || lower(p_status), p_actor, p_at,
    jsonb_strip_nulls(jsonb_build_object('delivered', p_delivered, 'reason', p_reason)));
  perform move_money(step, 'charge', 'escrow:' || p_order, 'revenue', charged, p_order);
  perform move_money(step, 'refund', 'escrow:' || p_order, 'wallet:' || placed.account_id,
    placed.price - charged, p_order);
  if escrow_of(p_order) <> 0 then
    raise exception using errcode = 'HF003',
      message = format('order %s left money in escrow', p_order);
  end if;
  return true;
end $$;

-- Raises HF003 unless the status fits what was delivered: Completed means all, Canceled means
-- nothing, and no more than the order's quantity can be delivered.
create or replace function assert_possible_end(p_placed orders, p_status text, p_delivered bigint)
  returns void language plpgsql as $$
begin
  if (p_status = 'Completed') <> (p_delivered = p_placed.total_quantity)
     or (p_status = 'Canceled') <> (p_delivered = 0)
     or p_status not in ('Completed', 'Partial', 'Canceled')
     or p_delivered not between 0 and p_placed.total_quantity then
    raise exception using errcode = 'HF003', message = format(
      'order %s cannot end %s with %s of %s delivered',
      p_placed.id, p_status, p_delivered, p_placed.total_quantity);
  end if;
end $$;

-- Raises HF004 unless every batch has ended or ends now (p_ends), and the batches together delivered
-- p_delivered.
create or replace function assert_all_ended(p_placed orders, p_delivered bigint, p_ends jsonb)
  returns void language plpgsql as $$
begin
  if (select coalesce(bool_or(b.state <> 'done' and e.batch is null), false)
          or least(coalesce(sum(coalesce(e.delivered, b.delivered)), 0), p_placed.total_quantity)
            <> p_delivered
        from batches b
        left join jsonb_to_recordset(p_ends) as e(batch integer, delivered bigint)
          on e.batch = b.batch
        where b.order_id = p_placed.id) then
    raise exception using errcode = 'HF004', message = format(
      'order %s has open batches, or its batches delivered another number in all', p_placed.id);
  end if;
end $$;

-- Ends the batches of an order that is being settled. From now on the watch checks whether the
-- order's providers take anything back.
create or replace function end_batches(p_order bigint, p_ends jsonb, p_at timestamptz)
  returns void language sql as $$
  with ending as (
    select b.batch, b.state <> 'done' or e.batch is not null as ends, e.delivered,
        -- A person settled the order while this batch still ran: it keeps its last number.
        e.batch is null and b.state = 'running' and b.terminal_at is null
          and lacks_clear_stop(b) as must_stop
      from batches b
      left join jsonb_to_recordset(p_ends) as e(batch integer, delivered bigint)
        on e.batch = b.batch
      where b.order_id = p_order
  )
  update batches b set state = 'done', delivered = coalesce(e.delivered, b.delivered),
      acked_version = case when e.ends then b.report_version else b.acked_version end,
      supported = case when e.delivered is null then b.supported
        when b.provider_order is not null then e.delivered end,
      stop_wanted_at = case when e.must_stop then p_at else b.stop_wanted_at end,
      next_look_at = case when b.provider_order is not null then p_at else b.next_look_at end
    from ending e
    where b.order_id = p_order and b.batch = e.batch
      and (e.ends or b.provider_order is not null)
$$;
