-- The service that a request asks for; null when no service can have that number.
create or replace function service_asked(p_request jsonb) returns bigint language sql immutable as $$
  select case when p_request->>'service' ~ '^\d{1,18}$' then (p_request->>'service')::bigint end
$$;

-- Decides an open claim without an order. Returns how the claim stands afterwards.
create or replace function close_claim(p_order bigint, p_state text, p_refusal jsonb default null) returns text language sql as $$
  update claims set state = p_state, refusal = p_refusal, decided_at = clock_timestamp()
    where order_id = p_order and state = 'open';
  select state from claims where order_id = p_order
$$;

-- A claim can never become an order: the database cannot take it (p_error says why), or our own code breaks on it. It is refused,
-- and one alert tells of all of the kind.
create or replace function refuse_unplaceable(p_order bigint, p_refusal jsonb, p_error text) returns void language sql as $$
  select close_claim(p_order, 'refused', p_refusal);
  select raise_alert('order_unplaceable', 'error:' || p_error, format(
    'orders are refused because they can never be written down (%s); the log of the worker names them', p_error), clock_timestamp())
$$;

-- No claim has been refused as unplaceable for p_seconds.
create or replace function resolve_unplaceable(p_seconds integer) returns void language sql as $$
  select resolve_alert(a.kind, a.subject, clock_timestamp()) from alerts a
    where a.kind = 'order_unplaceable' and a.resolved_at is null
      and not exists (select from claims where refusal->>'code' = 'cannot_be_placed'
        and decided_at > clock_timestamp() - make_interval(secs => p_seconds))
$$;
