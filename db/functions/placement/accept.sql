-- Turns an open claim into an order that holds its price, or decides that there is no order; all or
-- nothing. state: the claim's state afterwards, order | refused | withdrawn; a repeated call returns
-- the same. placed: the order, when this call made it. state is `open` when the service no longer has
-- the type (p_type) by which the caller read the request: the caller must read the request again.
create or replace function accept_order(
  p_order bigint, p_link text, p_link_key text, p_quantity integer, p_runs integer,
  p_interval integer, p_fields jsonb, p_service integer, p_unit_price bigint,
  p_scheduled_at timestamptz, p_reference text, p_type text default null,
  out state text, out placed orders
) language plpgsql
  security definer set search_path = public, pg_catalog, pg_temp as $$
declare
  claim   claims;
  service services;
  step    text := format('order:%s:hold', p_order);
  total   bigint := p_quantity::bigint * p_runs;
  price   bigint;
  verdict jsonb;
  reordered bigint;
begin
  select * into strict claim from claims where order_id = p_order for update;
  state := claim.state;
  if state <> 'open' then
    return;
  end if;
  if claim.expires_at <= clock_timestamp() then
    state := close_claim(p_order, 'withdrawn');
    return;
  end if;
  reordered := (claim.request->>'reorderOf')::bigint;
  select * into strict service from services where id = p_service;
  if p_type <> service.type then
    return;
  end if;
  verdict := coalesce(refusal_of(service, claim.account_id, p_link_key), reorder_refusal(reordered));
  if verdict is null then
    begin
      price := charge_for(p_unit_price, total);
      insert into orders (
        id, account_id, service_id, link, link_key, quantity, runs, interval_minutes,
        total_quantity, type, fields, unit_price, price, charge,
        refill_days, refill_cap, refill_cooldown_seconds, refill_fallback,
        stall_after_seconds, review_after_seconds, scheduled_at, reference, cancelable,
        after_failed_run, verify, counter_url, counter_tolerance_percent, recheck_seconds,
        finishing, next_run_at, metadata, reorder_of
      ) values (
        p_order, claim.account_id, p_service, p_link, p_link_key, p_quantity, p_runs, p_interval,
        total, service.type, p_fields, p_unit_price, price, price,
        service.refill_days, service.refill_cap, service.refill_cooldown_seconds,
        service.refill_fallback, service.stall_after_seconds, service.review_after_seconds,
        p_scheduled_at, p_reference, service.cancel, service.after_failed_run, service.verify,
        service.counter_url, service.counter_tolerance_percent, service.recheck_seconds,
        p_runs = 1, coalesce(p_scheduled_at, case when p_runs > 1 then clock_timestamp() end),
        coalesce(claim.request->'metadata', '{}'), reordered
      ) returning * into placed;
      perform add_event(p_order, 'order.accepted', 'system', clock_timestamp());
      perform take_step(step, jsonb_build_object('amount', price::text));
      if not move_money(step, 'hold', 'wallet:' || claim.account_id, 'escrow:' || p_order, price,
          p_order) then
        raise exception using errcode = 'HF402', message = 'the wallet does not hold the price';
      end if;
      state := close_claim(p_order, 'order');
      return;
    exception when sqlstate 'HF402' then
      -- PostgreSQL has undone everything since this block began; the claim is still open.
      verdict := jsonb_build_object('code', 'insufficient_funds');
      placed := null;
    end;
  end if;
  state := close_claim(p_order, 'refused', verdict);
end $$;

-- Why a service refuses an order for a link at present; null when it takes the order. Two claims for
-- one link are decided one after the other.
create or replace function refusal_of(p_service services, p_account integer, p_link_key text)
  returns jsonb language plpgsql as $$
begin
  if not p_service.active then
    return jsonb_build_object('code', 'unknown_service');
  elsif p_service.duplicate_link = 'reject' then
    perform pg_advisory_xact_lock(hashtextextended(p_service.id || ' ' || p_link_key, 42));
    if link_taken(p_service.id, p_link_key, p_account) then
      return jsonb_build_object('code', 'duplicate_link');
    end if;
  end if;
  return null;
end $$;
