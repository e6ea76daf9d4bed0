-- The service that a request names; null when no service can have that number.
create or replace function service_asked(p_request jsonb)
  returns bigint language sql immutable as $$
  select case when p_request->>'service' ~ '^\d{1,18}$' then (p_request->>'service')::bigint end
$$;

-- Decides an open claim. Returns the claim's state afterwards. A claim that is withdrawn gives up its
-- key: its caller was told that there is no order, so a call with the key is a new request.
create or replace function close_claim(p_order bigint, p_state text, p_refusal jsonb default null)
  returns text language sql as $$
  update claims set state = p_state, refusal = p_refusal, decided_at = clock_timestamp(),
      idempotency_key = case when p_state <> 'withdrawn' then idempotency_key end
    where order_id = p_order and state = 'open';
  select state from claims where order_id = p_order
$$;

-- Refuses a claim that can never become an order, because the database cannot store it or our own
-- code fails on it (p_error: the error's name). One alert covers all claims with the same error.
create or replace function refuse_unplaceable(p_order bigint, p_refusal jsonb, p_error text)
  returns void language sql as $$
  select close_claim(p_order, 'refused', p_refusal);
  select raise_alert('order_unplaceable', 'error:' || p_error, format(
    'orders are refused because they can never be stored (%s); the log of the worker names them',
    p_error), clock_timestamp())
$$;

-- Resolves the alerts of refuse_unplaceable once no claim has been refused by it for p_seconds.
create or replace function resolve_unplaceable(p_seconds integer) returns void language sql as $$
  select resolve_alert(a.kind, a.subject, clock_timestamp()) from alerts a
    where a.kind = 'order_unplaceable' and a.resolved_at is null
      and not exists (select from claims where refusal->>'code' = 'cannot_be_placed'
        and decided_at > clock_timestamp() - make_interval(secs => p_seconds))
$$;
