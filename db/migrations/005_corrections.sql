-- What a provider says of a batch after its order was settled. Settled batches are looked at more and more seldom; only a
-- last word moves money, and only towards the customer. A provider that takes back too much at once is not believed by itself.

-- Words that would give money back, held until staff decide, as their provider takes back too much at once. One is open a batch:
-- a newer word replaces it, and one that takes nothing back any more withdraws it. amount: what it would give back. A released
-- one is applied by the provider's watch, so that no wallet is locked for many orders at once.
create table held_corrections (
  id          bigint generated always as identity primary key,
  order_id    bigint not null,
  batch       integer not null,
  provider_id integer not null references providers,
  state       text not null default 'held' check (state in ('held', 'released', 'applied', 'dropped', 'withdrawn')),
  status      text not null,
  remains     bigint,
  charge      text,
  delivered   bigint not null check (delivered >= 0),
  cost        bigint,
  rate_cost   bigint,
  amount      bigint not null check (amount >= 0),
  held_at     timestamptz not null,
  said_at     timestamptz not null,
  decided_at  timestamptz,
  decided_by  text,
  reason      text,
  foreign key (order_id, batch) references batches,
  check ((state in ('released', 'applied', 'dropped')) = (decided_at is not null and decided_by is not null))
);
create unique index held_corrections_open on held_corrections (order_id, batch) where state in ('held', 'released');
create index held_corrections_provider on held_corrections (provider_id, state, id);

-- When staff last decided about what a provider takes back: only words after that are counted again.
create table take_back_decisions (
  provider_id integer primary key references providers,
  at          timestamptz not null
);

create index batches_last_words on batches (provider_id, terminal_at) where terminal_at is not null;
create index batches_lost on batches (provider_id, terminal_at) where lost > 0;

-- The last words of a provider within p_minutes, each batch's once, and how many of them are Canceled or Partial.
create function recent_last_words(
  p_provider integer, p_at timestamptz, p_minutes integer, out words bigint, out short bigint, out orders bigint
) language sql stable as $$
  select count(*), count(*) filter (where provider_status in ('Canceled', 'Partial')),
         count(distinct order_id) filter (where provider_status in ('Canceled', 'Partial'))
    from batches
    where provider_id = p_provider and terminal_at > greatest(p_at - make_interval(mins => p_minutes),
      coalesce((select at from take_back_decisions where provider_id = p_provider), '-infinity'))
$$;

-- Whether what a provider takes back is held: more than p_most orders and more than half of its last words within p_minutes are
-- Canceled or Partial, or something of it is held already and staff have not decided. The caller holds the order.
create function is_held_back(p_provider integer, p_at timestamptz, p_most integer, p_minutes integer) returns boolean language plpgsql as $$
begin
  -- One correction of a provider after the other, so that each is counted by the next.
  perform pg_advisory_xact_lock(hashtextextended('takes back ' || p_provider, 44));
  return exists (select from held_corrections where provider_id = p_provider and state = 'held')
    or (select orders > p_most and 2 * short > words from recent_last_words(p_provider, p_at, p_minutes));
end $$;

-- A provider's last word about a batch of a settled order, and what it says was delivered and what it cost (null: it does
-- not say). p_delivered is null when the word contradicts itself: then it is only kept, so that it is news once.
-- The order is never charged for more than the words about its batches support: what each was said to deliver, all of it
-- where a person settled the order before there was a word, nothing where no provider accepted it. A batch only ever goes
-- down, and so does what a person decided; the same word again changes nothing. p_rate_cost: what that many cost at the rate of
-- the route. p_most, p_minutes: see is_held_back; null: nothing is held. True when money went back.
create function correct_batch(
  p_order bigint, p_batch integer, p_status text, p_remains bigint, p_charge text, p_delivered bigint, p_cost bigint, p_at timestamptz,
  p_rate_cost bigint default null, p_most integer default null, p_minutes integer default null
) returns boolean language plpgsql as $$
declare
  known  batches;
  placed orders;
  total  bigint;
begin
  -- The batch before its order, as everywhere. Another word about the same order waits at the order, and then sees this one.
  select * into strict known from batches where order_id = p_order and batch = p_batch for update;
  select * into strict placed from orders where id = p_order for update;
  if placed.settled_at is null or known.state <> 'done' or known.provider_order is null then
    raise exception using errcode = 'HF003', message = format('batch %s of order %s has not been settled', p_batch, p_order);
  end if;
  update batches set provider_status = p_status, remains = p_remains, provider_charge = p_charge,
      -- The same word said again is none of this moment.
      terminal_at = case when (provider_status, remains, provider_charge) is distinct from (p_status, p_remains, p_charge) then p_at
        else coalesce(terminal_at, p_at) end
    where order_id = p_order and batch = p_batch;
  if p_delivered is null then
    return false;
  end if;
  select coalesce(sum(case when provider_order is null then 0
      when batch = p_batch then least(coalesce(supported, quantity), p_delivered) else coalesce(supported, quantity) end), 0)
    into total from batches where order_id = p_order and refill is null;
  if p_most is not null and total < placed.delivered and is_held_back(known.provider_id, p_at, p_most, p_minutes) then
    perform hold_correction(known, p_status, p_remains, p_charge, p_delivered, p_cost, p_rate_cost,
      placed.charge - placed.unit_price * total, p_at);
    return false;
  end if;
  -- What was held of this batch is older than this word.
  update held_corrections set state = 'withdrawn', decided_at = null, decided_by = null
    where order_id = p_order and batch = p_batch and state in ('held', 'released');
  update batches set supported = least(supported, p_delivered), delivered = least(supported, p_delivered)
    where order_id = p_order and batch = p_batch;
  perform rebate_cost(p_order, p_batch, p_cost, p_charge);
  perform book_unpaid(p_order, p_batch, coalesce(p_cost, p_rate_cost), p_charge,
    placed.refunded > 0 and p_delivered > coalesce(known.supported, known.delivered));
  if p_delivered >= coalesce(known.supported, known.quantity) then
    return false;
  end if;
  return correct_order(p_order, total, p_at);
end $$;

-- A word that would give money back waits for staff.
create function hold_correction(
  p_of batches, p_status text, p_remains bigint, p_charge text, p_delivered bigint, p_cost bigint, p_rate_cost bigint, p_amount bigint,
  p_at timestamptz
) returns void language sql as $$
  insert into held_corrections (order_id, batch, provider_id, status, remains, charge, delivered, cost, rate_cost, amount, held_at, said_at)
    values (p_of.order_id, p_of.batch, p_of.provider_id, p_status, p_remains, p_charge, p_delivered, p_cost, p_rate_cost, p_amount, p_at, p_at)
    on conflict (order_id, batch) where state in ('held', 'released') do update
      set state = 'held', decided_at = null, decided_by = null, reason = null, status = excluded.status, remains = excluded.remains,
          charge = excluded.charge, delivered = excluded.delivered, cost = excluded.cost, rate_cost = excluded.rate_cost,
          amount = excluded.amount, said_at = excluded.said_at
$$;

-- A batch costs more than was booked although the customer has the money back: it was delivered after the refund (p_more), which is
-- a loss. A word that takes it back again books back what its provider does not charge any more. The caller holds the batch.
create function book_unpaid(p_order bigint, p_batch integer, p_cost bigint, p_raw text, p_more boolean) returns void language plpgsql as $$
declare
  known     batches;
  booked    bigint;
  wanted    bigint;
  series    text := format('order:%s:batch:%s:loss', p_order, p_batch);
  this_step text;
begin
  select * into strict known from batches where order_id = p_order and batch = p_batch;
  select coalesce(sum(case kind when 'cost' then amount else -amount end), 0) into booked from transfers
    where order_id = p_order and kind in ('cost', 'rebate')
      and (step || ':') like format('order:%s:batch:%s:cost:%%', p_order, p_batch);
  wanted := greatest(p_cost - booked, 0);
  if not p_more then
    wanted := least(wanted, known.lost);
  end if;
  if wanted is null or wanted = known.lost then
    return;
  end if;
  this_step := format('%s:%s', series, 1 + (select count(*) from transfers
    where order_id = p_order and kind in ('loss', 'recovery') and step like series || ':%'));
  perform take_step(this_step, jsonb_build_object('lost', wanted::text));
  if wanted > known.lost then
    perform move_money(this_step, 'loss', 'loss', 'payable:' || known.provider_id, wanted - known.lost, p_order, p_raw);
  else
    perform move_money(this_step, 'recovery', 'payable:' || known.provider_id, 'loss', known.lost - wanted, p_order, p_raw);
  end if;
  update batches set lost = wanted where order_id = p_order and batch = p_batch;
end $$;

-- Staff decide about what is held of a provider, all of it or that of some orders, in p_state. How many it was. Words from
-- before do not count any more when it is asked whether the provider takes back too much.
create function decide_held_corrections(
  p_provider integer, p_orders bigint[], p_state text, p_by text, p_reason text, out corrections bigint, out amount numeric
) language sql as $$
  insert into take_back_decisions (provider_id, at) values (p_provider, clock_timestamp())
    on conflict (provider_id) do update set at = excluded.at;
  with decided as (
    update held_corrections set state = p_state, decided_at = clock_timestamp(), decided_by = p_by, reason = nullif(p_reason, '')
      where provider_id = p_provider and state = 'held' and (p_orders is null or order_id = any (p_orders))
      returning held_corrections.amount
  )
  select count(*), coalesce(sum(amount), 0) from decided
$$;

-- Gives back what staff have released; said again it changes nothing. True when money went back.
create function apply_correction(p_id bigint, p_at timestamptz) returns boolean language plpgsql as $$
declare
  held held_corrections;
  went boolean;
begin
  select * into strict held from held_corrections where id = p_id;
  -- Batches before everything else of an order, as everywhere; a newer word may have come meanwhile.
  perform from batches where order_id = held.order_id and batch = held.batch for update;
  select * into held from held_corrections where id = p_id and state = 'released';
  if not found then
    return false;
  end if;
  went := correct_batch(held.order_id, held.batch, held.status, held.remains, held.charge, held.delivered, held.cost, p_at, held.rate_cost);
  update held_corrections set state = 'applied', decided_at = held.decided_at, decided_by = held.decided_by where id = p_id;
  return went;
end $$;

-- Tells staff of a provider that takes back too much, while it does or anything is held, and of what it delivered in the last
-- p_hours to customers that have their money back.
create function judge_last_words(p_provider integer, p_at timestamptz, p_most integer, p_minutes integer, p_hours integer)
  returns void language plpgsql as $$
declare
  subject text := 'provider:' || p_provider;
  recent  record;
  held    record;
  unpaid  record;
  detail  text;
begin
  select * into recent from recent_last_words(p_provider, p_at, p_minutes);
  select count(*) as corrections, sum(amount) as amount into held from held_corrections where provider_id = p_provider and state = 'held';
  if recent.orders > p_most and 2 * recent.short > recent.words then
    detail := format('%s of its %s last words within %s minutes are Canceled or Partial', recent.short, recent.words, p_minutes);
  end if;
  if held.corrections > 0 then
    detail := concat_ws('; ', detail, format('%s corrections that give back %s are held: release or drop them',
      held.corrections, trim_scale(held.amount / 100000000.0)));
  end if;
  if detail is not null then
    perform raise_alert('provider_takes_back', subject, detail, p_at);
  else
    perform resolve_alert('provider_takes_back', subject, p_at);
  end if;
  select count(*) as batches, sum(lost) as amount, min(order_id) as first into unpaid from batches
    where provider_id = p_provider and lost > 0 and terminal_at > p_at - make_interval(hours => p_hours);
  if unpaid.batches > 0 then
    perform raise_alert('delivered_after_refund', subject, format('it delivered, for %s, what its customers have their money back for: %s, the first is order %s',
      trim_scale(unpaid.amount / 100000000.0), case unpaid.batches when 1 then '1 batch' else unpaid.batches || ' batches' end, unpaid.first), p_at);
  else
    perform resolve_alert('delivered_after_refund', subject, p_at);
  end if;
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
