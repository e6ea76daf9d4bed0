-- Raises an alert. True when no such alert was open; an open alert gets the newer detail.
create or replace function raise_alert(
  p_kind text, p_subject text, p_detail text, p_at timestamptz
) returns boolean language plpgsql as $$
begin
  insert into alerts (kind, subject, detail, at) values (p_kind, p_subject, p_detail, p_at)
    on conflict (kind, subject) where resolved_at is null do nothing;
  if found then
    return true;
  end if;
  update alerts set detail = p_detail
    where kind = p_kind and subject = p_subject and resolved_at is null and detail <> p_detail;
  return false;
end $$;

create or replace function resolve_alert(p_kind text, p_subject text, p_at timestamptz)
  returns void language sql as $$
  update alerts set resolved_at = greatest(p_at, at)
    where kind = p_kind and subject = p_subject and resolved_at is null
$$;

-- Raises an alert for each unknown status word of a provider: p_words is [{subject, detail, word}].
-- At most p_most of a provider's alerts are open: a provider with a new word each time must not hide
-- other alerts. p_taught has the statusWords that the words were read with; when staff have taught
-- others meanwhile, no alert is raised and a later round reads the words again. Returns the words
-- whose alerts are new.
create or replace function raise_word_alerts(
  p_provider integer, p_words jsonb, p_taught jsonb, p_at timestamptz, p_most integer
) returns setof text language plpgsql as $$
declare
  said record;
  open integer;
begin
  for said in
    select w.* from jsonb_to_recordset(p_words) as w(subject text, detail text, word text)
      where not exists (select from alerts a
        where a.kind = 'provider_word' and a.subject = w.subject and a.resolved_at is null)
  loop
    -- Teaching a word resolves its alert; an alert raised after that would stay open.
    perform from providers where id = p_provider
      and coalesce(profile->'statusWords', 'null') = coalesce(p_taught, 'null') for share;
    exit when not found;
    select count(*) into open from alerts
      where kind = 'provider_word' and resolved_at is null
        and starts_with(subject, 'word:' || p_provider || ':');
    if open < p_most and raise_alert('provider_word', said.subject, said.detail, p_at) then
      return next said.word;
    end if;
  end loop;
end $$;
