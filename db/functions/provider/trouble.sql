-- Pauses a provider that could not take an order. When trouble returns within p_same_trouble seconds
-- after its last pause, and the provider accepted no order in between, the pause is longer. p_pauses:
-- the seconds of the first, the second … pause; the last number is for all further pauses. A paused
-- provider stays as it is: sends that were in flight at the pause report the same trouble. True when
-- an alert was raised.
create or replace function provider_troubled(
  p_provider integer, p_trouble text, p_pauses integer[], p_same_trouble integer,
  p_at timestamptz
) returns boolean language plpgsql as $$
declare
  had providers;
  nth integer;
begin
  -- Not FOR UPDATE: it would wait for every transaction that refers to the provider.
  select * into strict had from providers where id = p_provider for no key update;
  if had.paused_until > p_at then
    return false;
  end if;
  nth := case when had.paused_until > p_at - make_interval(secs => p_same_trouble)
    then had.troubles else 0 end + 1;
  update providers set troubles = nth, unclear = 0, pause_reason = p_trouble, pause_note = null,
      paused_until = p_at + make_interval(secs => p_pauses[least(nth, cardinality(p_pauses))])
    where id = p_provider;
  return raise_alert('provider_paused', 'provider:' || p_provider, p_trouble, p_at);
end $$;

-- Counts a send, of p_sent_at, to which a provider gave no clear answer. After p_break_after of them
-- in a row, or one while the provider is probed, the provider is paused. A send from before the end
-- of its last pause proves nothing new. True when an alert was raised.
create or replace function provider_unclear(
  p_provider integer, p_sent_at timestamptz, p_break_after integer, p_pauses integer[],
  p_same_trouble integer, p_at timestamptz
) returns boolean language plpgsql as $$
declare
  now_is providers;
begin
  update providers set unclear = unclear + 1
    where id = p_provider and (troubles = 0 or p_sent_at >= paused_until) returning * into now_is;
  if not found or (now_is.troubles = 0 and now_is.unclear < p_break_after) then
    return false;
  end if;
  return provider_troubled(p_provider, 'trouble', p_pauses, p_same_trouble, p_at);
end $$;

-- A provider clearly refused an order, so it answers again: its count of unclear answers starts anew,
-- and its probing after a pause ends. After a pause for funds the probing goes on, because a refusal
-- does not show whether our balance there suffices.
create or replace function provider_answers(p_provider integer, p_at timestamptz)
  returns void language plpgsql as $$
begin
  update providers set unclear = 0 where id = p_provider and unclear > 0;
  update providers set paused_until = null, pause_reason = null, troubles = 0
    where id = p_provider and troubles > 0 and pause_reason <> 'funds' and paused_until <= p_at;
  if found then
    perform resolve_alert('provider_paused', 'provider:' || p_provider, p_at);
  end if;
end $$;

-- A provider accepted an order, so its probing after a pause ends. During a pause an accepted order
-- proves nothing: it was sent before the pause.
create or replace function provider_works(p_provider integer, p_at timestamptz)
  returns void language plpgsql as $$
begin
  update providers set unclear = 0 where id = p_provider and unclear > 0;
  update providers set paused_until = null, pause_reason = null, troubles = 0,
      recovered_at = clock_timestamp()
    where id = p_provider and troubles > 0 and paused_until <= greatest(p_at, clock_timestamp());
  if found then
    perform resolve_alert('provider_paused', 'provider:' || p_provider, p_at);
  end if;
end $$;
