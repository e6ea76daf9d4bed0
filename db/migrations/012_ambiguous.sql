-- What becomes of a send whose outcome was not known: the search for it among its provider's orders, and orders of providers
-- that turn up after it was decided that they are not there.

alter table attempts
  -- The provider's orders are looked through for it: so often so far, next then, the last time with an answer then.
  add column looks integer not null default 0,
  add column next_look_at timestamptz,
  add column looked_at timestamptz,
  -- Since when no whole list has shown it.
  add column none_since timestamptz,
  -- Orders there that it may be: [{providerOrder, quantity, at, status}].
  add column candidates jsonb not null default '[]',
  -- What was proved, as the workflow takes it ({kind: attach, providerOrder} or {kind: notPlaced}); it is told until it has.
  add column evidence jsonb,
  add column told_at timestamptz;
create index attempts_open on attempts (provider_id, provider_service) where state in ('sending', 'unknown', 'released');
-- Whether a provider's list has all that was sent since; cheap to keep, and rarely asked.
create index attempts_sent on attempts using brin (sending_at);

-- Orders of providers that nobody pays for: they turned up after a person, or the provider's own list, had said that they
-- were not placed. Their cost is a loss; the customer is never charged for them.
create table late_orders (
  id              bigint generated always as identity primary key,
  order_id        bigint not null,
  batch           integer not null,
  attempt         integer not null,
  provider_id     integer not null references providers,
  provider_order  text not null,
  found_by        text not null,
  at              timestamptz not null default clock_timestamp(),
  -- The provider has been asked to stop it.
  stop_asked      boolean not null default false,
  provider_status text,
  provider_charge text,
  -- Null once its loss is booked: then nobody asks about it any more.
  next_look_at    timestamptz default clock_timestamp(),
  loss            bigint check (loss >= 0),
  booked_at       timestamptz,
  foreign key (order_id, batch, attempt) references attempts,
  unique (provider_id, provider_order),
  check ((loss is null) = (booked_at is null))
);
create index late_orders_due on late_orders (provider_id, next_look_at) where next_look_at is not null;
create index late_orders_order on late_orders (order_id);

-- An order of a provider is a batch's or a late one, never both: whoever comes second is refused.
create function claim_provider_order() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(new.provider_id || ' ' || new.provider_order, 43));
  if tg_table_name = 'batches' and exists (select from late_orders l
      where l.provider_id = new.provider_id and l.provider_order = new.provider_order)
    or tg_table_name = 'late_orders' and exists (select from batches b
      where b.provider_id = new.provider_id and b.provider_order = new.provider_order) then
    raise unique_violation using message = format('order %s of provider %s is known already', new.provider_order, new.provider_id);
  end if;
  return new;
end $$;
create trigger batches_claim before update of provider_order on batches for each row
  when (new.provider_order is not null and new.provider_order is distinct from old.provider_order)
  execute function claim_provider_order();
create trigger late_orders_claim before insert on late_orders for each row execute function claim_provider_order();

-- Whether nobody waits any more for what became of an attempt: it was released, or refused, or its order, or refill, has ended.
create function is_decided(p_attempt attempts) returns boolean language sql stable as $$
  select p_attempt.state in ('released', 'refused')
    or (p_attempt.state = 'unknown' and not may_be_sent(p_attempt.order_id, p_attempt.batch))
$$;

-- An order of a provider has turned up that was placed by an attempt of which that is no longer wanted. Its id; said again
-- the same. Null when the attempt has not been decided. Raises unique_violation when that order is another's.
create function add_late_order(
  p_order bigint, p_batch integer, p_attempt integer, p_provider_order text, p_by text, p_at timestamptz
) returns bigint language plpgsql as $$
declare
  sent  attempts;
  known late_orders;
begin
  -- One after the other, and batches before anything else of an order, as everywhere.
  perform from batches where order_id = p_order and batch = p_batch for update;
  select * into sent from attempts where order_id = p_order and batch = p_batch and attempt = p_attempt;
  if not found or not is_decided(sent) then
    return null;
  end if;
  select * into known from late_orders
    where provider_id = sent.provider_id and provider_order = p_provider_order;
  if found then
    if (known.order_id, known.batch, known.attempt) = (p_order, p_batch, p_attempt) then
      return known.id;
    end if;
    raise unique_violation using message = format('order %s of the provider is another late order', p_provider_order);
  end if;
  insert into late_orders (order_id, batch, attempt, provider_id, provider_order, found_by)
    values (p_order, p_batch, p_attempt, sent.provider_id, p_provider_order, p_by) returning * into known;
  perform add_event(p_order, 'attempt.turned_up', p_by, p_at,
    jsonb_build_object('batch', p_batch, 'attempt', p_attempt, 'providerOrder', p_provider_order));
  return known.id;
end $$;

-- An answer came after its attempt had been given up as unknown, or decided. Still waited for, it is the proof that was
-- missing; decided, the order has turned up late.
create function answered_late(
  p_order bigint, p_batch integer, p_attempt integer, p_provider_order text, p_at timestamptz
) returns void language plpgsql as $$
begin
  update attempts set detail = format('answered late: accepted as %s', p_provider_order),
      evidence = coalesce(evidence, jsonb_build_object('kind', 'attach', 'providerOrder', p_provider_order))
    where order_id = p_order and batch = p_batch and attempt = p_attempt and state = 'unknown';
  begin
    perform add_late_order(p_order, p_batch, p_attempt, p_provider_order, 'provider', p_at);
  exception when unique_violation then
    -- The provider gave out an id twice; whose order that is, is settled.
    null;
  end;
end $$;

-- A late order has ended, or has been waited for long enough: what it cost is a loss, booked once. False when it had been.
create function book_loss(p_late_order bigint, p_status text, p_charge text, p_cost bigint) returns boolean language plpgsql as $$
declare
  late late_orders;
  step text;
begin
  select * into strict late from late_orders where id = p_late_order for update;
  if late.loss is not null then
    return false;
  end if;
  step := format('order:%s:late:%s:loss', late.order_id, late.id);
  perform take_step(step, jsonb_build_object('cost', p_cost::text));
  perform move_money(step, 'loss', 'loss', 'payable:' || late.provider_id, p_cost, late.order_id, p_charge);
  update late_orders set provider_status = p_status, provider_charge = p_charge, loss = p_cost, booked_at = clock_timestamp(),
      next_look_at = null
    where id = p_late_order;
  return true;
end $$;

-- What late orders and batches say was lost with them, and what was booked.
create function verify_losses() returns table (check_name text, subject text, detail text) language sql stable as $$
  select 'loss and late order', 'order:' || coalesce(l.order_id, t.order_id),
         format('late orders say %s to %s, transfers say %s to %s', coalesce(l.loss, 0), l.payee, coalesce(t.amount, 0), t.payee)
    from (select order_id, format('order:%s:late:%s:loss', order_id, id) as step, loss, 'payable:' || provider_id as payee
            from late_orders where loss > 0) l
    full join (select step, max(order_id) as order_id, sum(amount) as amount, string_agg(credit, ', ') as payee
            from transfers where kind = 'loss' and step not like 'order:%:batch:%' group by step) t on t.step = l.step
    where (l.order_id, l.loss, l.payee) is distinct from (t.order_id, t.amount, t.payee)
  union all
  select 'loss and batch', format('order:%s:batch:%s', coalesce(b.order_id, t.order_id), coalesce(b.batch, t.batch)),
         format('the batch says %s to %s, transfers say %s to %s', coalesce(b.lost, 0), b.payee, coalesce(t.amount, 0), t.payee)
    from (select order_id, batch, lost, 'payable:' || provider_id as payee from batches where lost > 0) b
    full join (select order_id, split_part(step, ':', 4)::integer as batch, sum(case kind when 'loss' then amount else -amount end) as amount,
              string_agg(distinct case kind when 'loss' then credit else debit end, ', ') as payee
            from transfers where kind in ('loss', 'recovery') and step like 'order:%:batch:%:loss:%'
            group by order_id, split_part(step, ':', 4)) t
      on (t.order_id, t.batch) = (b.order_id, b.batch)
    where coalesce(b.lost, 0) <> coalesce(t.amount, 0) or (b.payee is not null and b.payee is distinct from t.payee)
$$;

alter function verify_ledger() rename to verify_orders;
-- Proves the books, in one snapshot: everything of orders, wallets and transfers, and the losses.
create function verify_ledger() returns table (check_name text, subject text, detail text) language sql stable as $$
  select * from verify_orders() union all select * from verify_losses()
$$;
