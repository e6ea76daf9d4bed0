-- What the operator must look at, and the pauses of providers in trouble, which are the first of it.

-- One alert is open a kind and subject (`provider:3`); detail is a stable word, or a sentence of ours. Nobody else's words, but for a
-- provider's status that nobody knows.
create table alerts (
  id          bigint generated always as identity primary key,
  kind        text not null,
  subject     text not null,
  detail      text not null,
  at          timestamptz not null,
  resolved_at timestamptz
);
create unique index alerts_open on alerts (kind, subject) where resolved_at is null;

-- True when there was none open; one that is open gets the newer detail.
create function raise_alert(p_kind text, p_subject text, p_detail text, p_at timestamptz) returns boolean language plpgsql as $$
begin
  insert into alerts (kind, subject, detail, at) values (p_kind, p_subject, p_detail, p_at)
    on conflict (kind, subject) where resolved_at is null do nothing;
  if found then
    return true;
  end if;
  update alerts set detail = p_detail where kind = p_kind and subject = p_subject and resolved_at is null and detail <> p_detail;
  return false;
end $$;

create function resolve_alert(p_kind text, p_subject text, p_at timestamptz) returns void language sql as $$
  update alerts set resolved_at = greatest(p_at, at) where kind = p_kind and subject = p_subject and resolved_at is null
$$;

-- A claim can never become an order: the database cannot take it (p_error says why), or our own code breaks on it. It is refused,
-- and one alert tells of all of the kind.
create function refuse_unplaceable(p_order bigint, p_refusal jsonb, p_error text) returns void language sql as $$
  select close_claim(p_order, 'refused', p_refusal);
  select raise_alert('order_unplaceable', 'error:' || p_error, format(
    'orders are refused because they can never be written down (%s); the log of the worker names them', p_error), clock_timestamp())
$$;

-- No claim has been refused as unplaceable for p_seconds.
create function resolve_unplaceable(p_seconds integer) returns void language sql as $$
  select resolve_alert(a.kind, a.subject, clock_timestamp()) from alerts a
    where a.kind = 'order_unplaceable' and a.resolved_at is null
      and not exists (select from claims where refusal->>'code' = 'cannot_be_placed'
        and decided_at > clock_timestamp() - make_interval(secs => p_seconds))
$$;

-- A provider could not take an order: nothing is sent there for a while, longer each time it happens again within
-- p_same_trouble seconds after the last pause and no order was taken in between. p_pauses: seconds of the first, the second …
-- pause, the last for all further ones. While it is paused nothing changes: others were sending when it was, and what they
-- hear is the same trouble. True when an alert was raised.
create function provider_troubled(
  p_provider integer, p_trouble text, p_pauses integer[], p_same_trouble integer, p_at timestamptz
) returns boolean language plpgsql as $$
declare
  had providers;
  nth integer;
begin
  -- Not FOR UPDATE, which would wait for everybody who refers to the provider.
  select * into strict had from providers where id = p_provider for no key update;
  if had.paused_until > p_at then
    return false;
  end if;
  nth := case when had.paused_until > p_at - make_interval(secs => p_same_trouble) then had.troubles else 0 end + 1;
  update providers set troubles = nth, unclear = 0, pause_reason = p_trouble, pause_note = null,
      paused_until = p_at + make_interval(secs => p_pauses[least(nth, cardinality(p_pauses))])
    where id = p_provider;
  return raise_alert('provider_paused', 'provider:' || p_provider, p_trouble, p_at);
end $$;

-- A provider gave no clear answer to a send of p_sent_at. After p_break_after in a row it is in trouble, and so it is after one
-- while it is being probed. What was sent before its last pause ended says nothing new. True when an alert was raised.
create function provider_unclear(
  p_provider integer, p_sent_at timestamptz, p_break_after integer, p_pauses integer[], p_same_trouble integer, p_at timestamptz
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

-- A provider refused an order, clearly: it answers, whatever it was silent about before. Whether it has funds that does not say.
create function provider_answers(p_provider integer, p_at timestamptz) returns void language plpgsql as $$
begin
  update providers set unclear = 0 where id = p_provider and unclear > 0;
  update providers set paused_until = null, pause_reason = null, troubles = 0
    where id = p_provider and troubles > 0 and pause_reason <> 'funds' and paused_until <= p_at;
  if found then
    perform resolve_alert('provider_paused', 'provider:' || p_provider, p_at);
  end if;
end $$;

-- A provider took an order. One that is paused was asked before it was; that proves nothing.
create function provider_works(p_provider integer, p_at timestamptz) returns void language plpgsql as $$
begin
  update providers set unclear = 0 where id = p_provider and unclear > 0;
  update providers set paused_until = null, pause_reason = null, troubles = 0, recovered_at = clock_timestamp()
    where id = p_provider and troubles > 0 and paused_until <= greatest(p_at, clock_timestamp());
  if found then
    perform resolve_alert('provider_paused', 'provider:' || p_provider, p_at);
  end if;
end $$;

-- A provider says words that nobody knows: p_words is [{subject, detail, word}]. One alert a word, and at most p_most open of a provider: one
-- that says another word each time does not bury the others. p_taught: what the words were read with; taught otherwise meanwhile they are read
-- again. Returns the words that are news.
create function raise_word_alerts(p_provider integer, p_words jsonb, p_taught jsonb, p_at timestamptz, p_most integer)
  returns setof text language plpgsql as $$
declare
  said record;
  open integer;
begin
  for said in
    select w.* from jsonb_to_recordset(p_words) as w(subject text, detail text, word text)
      where not exists (select from alerts a where a.kind = 'provider_word' and a.subject = w.subject and a.resolved_at is null)
  loop
    -- Whoever teaches a word ends its alert: not one that is raised after it.
    perform from providers where id = p_provider and coalesce(profile->'statusWords', 'null') = coalesce(p_taught, 'null') for share;
    exit when not found;
    select count(*) into open from alerts
      where kind = 'provider_word' and resolved_at is null and starts_with(subject, 'word:' || p_provider || ':');
    if open < p_most and raise_alert('provider_word', said.subject, said.detail, p_at) then
      return next said.word;
    end if;
  end loop;
end $$;
