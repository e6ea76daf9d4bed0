-- Whether a provider's pause, and its probing afterwards, are for the orders of this account too.
create or replace function trouble_concerns(p providers, p_account integer)
  returns boolean language sql immutable as $$
  select p.paused_for_all or p_account = any(p.failed_accounts)
$$;

-- Pauses a provider that could not take an order. When trouble returns within p_same_trouble seconds
-- after its last pause, and the provider accepted no order in between, the pause is longer. p_pauses:
-- the seconds of the first, the second … pause; the last number is for all further pauses. A paused
-- provider stays as it is: sends that were in flight at the pause report the same trouble. True when
-- an alert was raised.
--
-- p_account is given when the order itself may be the cause. Then the provider is paused only for the
-- accounts whose orders it refused since it last accepted one, and for all when the third such
-- account joins them. So no account alone, however often it tries, keeps the others away.
create or replace function provider_troubled(
  p_provider integer, p_trouble text, p_pauses integer[], p_same_trouble integer,
  p_at timestamptz, p_account integer default null
) returns boolean language plpgsql as $$
declare
  had      providers;
  recent   boolean;
  accounts integer[];
  known    boolean;
  for_all  boolean;
  nth      integer;
begin
  -- Not FOR UPDATE: it would wait for every transaction that refers to the provider.
  select * into strict had from providers where id = p_provider for no key update;
  recent := coalesce(had.paused_until > p_at - make_interval(secs => p_same_trouble), false);
  accounts := case when recent then had.failed_accounts else '{}' end;
  known := coalesce(p_account = any(accounts), false);
  if had.paused_until > p_at and (had.paused_for_all or known) then
    return false;
  end if;
  for_all := p_account is null or (not known and cardinality(accounts) >= 2);
  nth := case when recent and had.paused_for_all = for_all and (for_all or known)
    then had.troubles else 0 end + 1;
  update providers set troubles = nth, unclear = 0, pause_reason = p_trouble, pause_note = null,
      paused_until = p_at + make_interval(secs => p_pauses[least(nth, cardinality(p_pauses))]),
      paused_for_all = for_all,
      failed_accounts = case when known or p_account is null then accounts
        else accounts || p_account end
    where id = p_provider;
  return raise_alert('provider_paused', 'provider:' || p_provider, p_trouble, p_at);
end $$;

-- Counts a send, of p_sent_at, to which a provider gave no clear answer. After p_break_after of them
-- in a row, or one while the provider is probed for all, the provider is paused. A send from before
-- the end of its last pause for all proves nothing new. True when an alert was raised.
create or replace function provider_unclear(
  p_provider integer, p_sent_at timestamptz, p_break_after integer, p_pauses integer[],
  p_same_trouble integer, p_at timestamptz
) returns boolean language plpgsql as $$
declare
  now_is providers;
begin
  update providers set unclear = unclear + 1
    where id = p_provider
      and (troubles = 0 or not paused_for_all or p_sent_at >= paused_until) returning * into now_is;
  if not found or ((now_is.troubles = 0 or not now_is.paused_for_all)
      and now_is.unclear < p_break_after) then
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
  update providers set paused_until = null, pause_reason = null, troubles = 0,
      failed_accounts = '{}', paused_for_all = true
    where id = p_provider and troubles > 0 and pause_reason <> 'funds'
      and (paused_until <= p_at or not paused_for_all);
  if found then
    perform resolve_alert('provider_paused', 'provider:' || p_provider, p_at);
  end if;
end $$;

-- A provider accepted an order, so its probing after a pause ends. During a pause for all an accepted
-- order proves nothing: it was sent before the pause. During a pause for some accounts it proves that
-- the provider works.
create or replace function provider_works(p_provider integer, p_at timestamptz)
  returns void language plpgsql as $$
begin
  update providers set unclear = 0 where id = p_provider and unclear > 0;
  update providers set paused_until = null, pause_reason = null, troubles = 0,
      recovered_at = clock_timestamp(), failed_accounts = '{}', paused_for_all = true
    where id = p_provider and troubles > 0
      and (paused_until <= greatest(p_at, clock_timestamp()) or not paused_for_all);
  if found then
    perform resolve_alert('provider_paused', 'provider:' || p_provider, p_at);
  end if;
end $$;
