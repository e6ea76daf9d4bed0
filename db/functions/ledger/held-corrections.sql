-- A provider that takes back too much at once is not believed: its corrections wait for staff.

-- Counts a provider's last words within p_minutes, one for each batch, and how many of them (and of
-- how many orders) are Canceled or Partial. Words from before the last decision of staff do not
-- count.
create or replace function recent_last_words(
  p_provider integer, p_at timestamptz, p_minutes integer,
  out words bigint, out short bigint, out orders bigint
) language sql stable as $$
  select count(*), count(*) filter (where provider_status in ('Canceled', 'Partial')),
         count(distinct order_id) filter (where provider_status in ('Canceled', 'Partial'))
    from batches
    where provider_id = p_provider
      and terminal_at > greatest(p_at - make_interval(mins => p_minutes),
        coalesce((select at from take_back_decisions where provider_id = p_provider), '-infinity'))
$$;

-- Whether a correction is held: within p_minutes, more than p_most orders and more than half of the
-- provider's last words are Canceled or Partial, or an earlier correction still waits for staff. The
-- caller has locked the order.
create or replace function is_held_back(
  p_provider integer, p_at timestamptz, p_most integer, p_minutes integer
) returns boolean language plpgsql as $$
begin
  -- Corrections of a provider run one after the other, so that the next one counts the one before.
  perform pg_advisory_xact_lock(hashtextextended('takes back ' || p_provider, 44));
  return exists (select from held_corrections where provider_id = p_provider and state = 'held')
    or (select orders > p_most and 2 * short > words
          from recent_last_words(p_provider, p_at, p_minutes));
end $$;

-- Holds a correction that would give money back until staff decide. It replaces an older held
-- correction of the batch.
create or replace function hold_correction(
  p_of batches, p_status text, p_remains bigint, p_charge text, p_delivered bigint,
  p_cost bigint, p_rate_cost bigint, p_amount bigint, p_at timestamptz
) returns void language sql as $$
  insert into held_corrections (order_id, batch, provider_id, status, remains, charge, delivered,
      cost, rate_cost, amount, held_at, said_at)
    values (p_of.order_id, p_of.batch, p_of.provider_id, p_status, p_remains, p_charge, p_delivered,
      p_cost, p_rate_cost, p_amount, p_at, p_at)
    on conflict (order_id, batch) where state in ('held', 'released') do update
      set state = 'held', decided_at = null, decided_by = null, reason = null,
          status = excluded.status, remains = excluded.remains, charge = excluded.charge,
          delivered = excluded.delivered, cost = excluded.cost, rate_cost = excluded.rate_cost,
          amount = excluded.amount, said_at = excluded.said_at
$$;

-- Stores what staff decided about a provider's held corrections, all of them or those of some orders.
-- Returns their number and sum. Words from before the decision no longer count against the provider.
create or replace function decide_held_corrections(
  p_provider integer, p_orders bigint[], p_state text, p_by text, p_reason text,
  out corrections bigint, out amount numeric
) language sql as $$
  insert into take_back_decisions (provider_id, at) values (p_provider, clock_timestamp())
    on conflict (provider_id) do update set at = excluded.at;
  with decided as (
    update held_corrections set state = p_state, decided_at = clock_timestamp(), decided_by = p_by,
        reason = nullif(p_reason, '')
      where provider_id = p_provider and state = 'held'
        and (p_orders is null or order_id = any (p_orders))
      returning held_corrections.amount
  )
  select count(*), coalesce(sum(amount), 0) from decided
$$;

-- Makes a correction that staff have released; a repeated call changes nothing. True when money went
-- back.
create or replace function apply_correction(p_id bigint, p_at timestamptz)
  returns boolean language plpgsql as $$
declare
  held held_corrections;
  went boolean;
begin
  select * into strict held from held_corrections where id = p_id;
  -- Lock order, as everywhere: batches before everything else of an order. A newer word may have
  -- replaced the correction before the lock was taken.
  perform from batches where order_id = held.order_id and batch = held.batch for update;
  select * into held from held_corrections where id = p_id and state = 'released';
  if not found then
    return false;
  end if;
  went := correct_batch(held.order_id, held.batch, held.status, held.remains, held.charge,
    held.delivered, held.cost, p_at, held.rate_cost);
  update held_corrections set state = 'applied', decided_at = held.decided_at,
      decided_by = held.decided_by
    where id = p_id;
  return went;
end $$;

-- Whether judge_last_words may have an alert to raise or to resolve although the provider said no new
-- word: a correction is held, something was delivered after a refund within p_hours, or one of the two
-- alerts is open.
create or replace function has_words_to_judge(
  p_provider integer, p_at timestamptz, p_hours integer
) returns boolean language sql stable as $$
  select exists (select from held_corrections where provider_id = p_provider and state = 'held')
    or exists (select from batches where provider_id = p_provider and lost > 0
      and terminal_at > p_at - make_interval(hours => p_hours))
    or exists (select from alerts
      where kind in ('provider_takes_back', 'delivered_after_refund')
        and subject = 'provider:' || p_provider and resolved_at is null)
$$;

-- Raises or resolves two alerts about a provider: that it takes back too much or has held
-- corrections, and that in the last p_hours it delivered to customers after their refund.
create or replace function judge_last_words(
  p_provider integer, p_at timestamptz, p_most integer, p_minutes integer, p_hours integer
) returns void language plpgsql as $$
declare
  subject text := 'provider:' || p_provider;
  recent  record;
  held    record;
  unpaid  record;
  detail  text;
begin
  select * into recent from recent_last_words(p_provider, p_at, p_minutes);
  select count(*) as corrections, sum(amount) as amount into held
    from held_corrections where provider_id = p_provider and state = 'held';
  if recent.orders > p_most and 2 * recent.short > recent.words then
    detail := format('%s of its %s last words within %s minutes are Canceled or Partial',
      recent.short, recent.words, p_minutes);
  end if;
  if held.corrections > 0 then
    detail := concat_ws('; ', detail, format(
      '%s corrections that give back %s are held: release or drop them',
      held.corrections, trim_scale(held.amount / 100000000.0)));
  end if;
  if detail is not null then
    perform raise_alert('provider_takes_back', subject, detail, p_at);
  else
    perform resolve_alert('provider_takes_back', subject, p_at);
  end if;
  select count(*) as batches, sum(lost) as amount, min(order_id) as first into unpaid from batches
    where provider_id = p_provider and lost > 0
      and terminal_at > p_at - make_interval(hours => p_hours);
  if unpaid.batches > 0 then
    perform raise_alert('delivered_after_refund', subject, format(
      'it delivered more of %s after the refund or resend, at our cost of %s; the first is of order %s',
      case unpaid.batches when 1 then '1 batch' else unpaid.batches || ' batches' end,
      trim_scale(unpaid.amount / 100000000.0), unpaid.first), p_at);
  else
    perform resolve_alert('delivered_after_refund', subject, p_at);
  end if;
end $$;
