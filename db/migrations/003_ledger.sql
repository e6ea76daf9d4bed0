-- The ledger: all that is known about money, in one file.
--
-- Unit: 1e-8 of the installation's one currency, in bigint. Every movement is one row of `transfers`: one account is
-- debited, one credited, by the same amount, so an unbalanced entry cannot be written. Accounts are names:
--
--   external                what came from outside (deposits)
--   wallet:<account>        a customer's money; the only accounts with a stored balance, which can't go below zero
--   escrow:<order>          the price of an order that has not ended
--   revenue                 what was charged for what was delivered
--   cost:<provider>         what providers charge us       payable:<provider>   what we owe them for it
--   loss                    provider orders nobody pays for (an attempt that turned up, or was delivered, after its refund)
--
--   deposit                 external → wallet
--   hold                    wallet → escrow(order)                               = the price
--   settle                  escrow → revenue (what was delivered), escrow → wallet (all that is left)
--   correct                 revenue → wallet                                     total never above the price
--   cost                    cost → payable
--   rebate                  payable → cost                                       never more than was booked
--   loss                    loss → payable
--   recovery                payable → loss                                       never more than was booked
--
-- Each step has a key derived from what it does (`order:42:hold`). A key is taken once; the same key with the same
-- payload again changes nothing, with another payload it raises HF001. That alone answers "did my commit land?".
-- Rows are only ever added: UPDATE, DELETE and TRUNCATE raise HF002.
-- Only wallets are locked, one a step and last in it, so steps cannot deadlock and a busy wallet is held for one commit.

create table wallets (
  account_id integer primary key references accounts,
  balance    bigint not null default 0 check (balance >= 0),
  version    bigint not null default 0
);

create table money_steps (
  key     text primary key check (length(key) between 1 and 300),
  payload jsonb not null,
  at      timestamptz not null default clock_timestamp()
);

-- wallet_balance and wallet_version are those after the transfer: a statement line, and a gap in them is a lost row.
create table transfers (
  id             bigint generated always as identity primary key,
  step           text not null references money_steps,
  kind           text not null check (kind in ('deposit', 'hold', 'charge', 'refund', 'correction', 'cost', 'rebate', 'loss', 'recovery')),
  debit          text not null,
  credit         text not null check (credit <> debit),
  amount         bigint not null check (amount > 0),
  order_id       bigint references orders,
  wallet_id      integer references wallets,
  wallet_balance bigint,
  wallet_version bigint,
  note           text,
  at             timestamptz not null default clock_timestamp(),
  check ((wallet_id is null) = (wallet_balance is null) and (wallet_id is null) = (wallet_version is null)),
  check ((wallet_id is not null) = (debit like 'wallet:%' or credit like 'wallet:%'))
);
create index transfers_order on transfers (order_id) where order_id is not null;
create unique index transfers_wallet on transfers (wallet_id, wallet_version) where wallet_id is not null;
create index transfers_step on transfers (step);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception using errcode = 'HF002', message = format('%s is append-only: %s refused', tg_table_name, tg_op);
end $$;
create trigger transfers_append_only before update or delete on transfers for each row execute function refuse_change();
create trigger transfers_no_truncate before truncate on transfers for each statement execute function refuse_change();
create trigger money_steps_append_only before update or delete on money_steps for each row execute function refuse_change();
create trigger money_steps_no_truncate before truncate on money_steps for each statement execute function refuse_change();

-- True when the key is new and now ours; false when this very step was taken before; HF001 when another was.
-- A concurrent taker of the same key waits here for the first one's commit.
create function take_step(p_key text, p_payload jsonb) returns boolean language plpgsql as $$
declare
  taken jsonb;
begin
  insert into money_steps (key, payload) values (p_key, p_payload) on conflict (key) do nothing;
  if found then
    return true;
  end if;
  select payload into strict taken from money_steps where key = p_key;
  if taken <> p_payload then
    raise exception using errcode = 'HF001',
      message = format('money step %s was taken with another payload', p_key),
      detail = format('first %s, now %s', taken, p_payload);
  end if;
  return false;
end $$;

-- One transfer. A wallet's side of it moves the stored balance: false when a wallet does not hold the amount, and then
-- nothing is written. Zero moves nothing and is no transfer.
create function move_money(
  p_step text, p_kind text, p_debit text, p_credit text, p_amount bigint, p_order bigint default null,
  p_note text default null
) returns boolean language plpgsql as $$
declare
  owner  integer;
  signed bigint;
  wallet wallets;
begin
  if p_amount < 0 then
    raise exception using errcode = 'HF003', message = format('%s would move a negative amount', p_step);
  elsif p_amount = 0 then
    return true;
  end if;
  if p_debit like 'wallet:%' then
    owner := substr(p_debit, 8)::integer;
    signed := -p_amount;
  elsif p_credit like 'wallet:%' then
    owner := substr(p_credit, 8)::integer;
    signed := p_amount;
  end if;
  if owner is not null then
    update wallets set balance = balance + signed, version = version + 1
      where account_id = owner and balance + signed >= 0
      returning * into wallet;
    if not found then
      return false;
    end if;
  end if;
  insert into transfers (step, kind, debit, credit, amount, order_id, wallet_id, wallet_balance, wallet_version, note)
    values (p_step, p_kind, p_debit, p_credit, p_amount, p_order, owner, wallet.balance, wallet.version, p_note);
  return true;
end $$;

-- What is left in an order's escrow.
create function escrow_of(p_order bigint) returns bigint language sql stable as $$
  select coalesce(sum(case when credit = 'escrow:' || p_order then amount when debit = 'escrow:' || p_order then -amount end), 0)::bigint
    from transfers where order_id = p_order
$$;

create function add_event(
  p_order bigint, p_type text, p_actor text, p_at timestamptz, p_data jsonb default '{}'
) returns void language sql as $$
  insert into events (order_id, account_id, type, actor, version, data, at)
    select id, account_id, p_type, p_actor, version, p_data, p_at from orders where id = p_order
$$;

-- Money from outside into a wallet. The reference is the payment's own, so the same payment cannot be credited twice.
-- Returns the wallet's balance after it.
create function deposit(p_account integer, p_amount bigint, p_reference text) returns bigint language plpgsql as $$
declare
  this_step text := format('deposit:%s:%s', p_account, p_reference);
begin
  if p_amount <= 0 then
    raise exception using errcode = 'HF003', message = 'a deposit must be positive';
  end if;
  if take_step(this_step, jsonb_build_object('amount', p_amount::text)) then
    insert into wallets (account_id) values (p_account) on conflict do nothing;
    perform move_money(this_step, 'deposit', 'external', 'wallet:' || p_account, p_amount, null, p_reference);
  end if;
  return (select wallet_balance from transfers where step = this_step);
end $$;

-- Turns an open claim into an order with its hold, or decides that there is none; all or nothing.
-- Returns how the claim stands afterwards: order | refused | withdrawn. Called again it returns the same. `open`: the service is not of
-- the type any more that the request was read by (p_type), and it is to be read again.
create function accept_order(
  p_order bigint, p_link text, p_link_key text, p_quantity integer, p_runs integer, p_interval integer, p_fields jsonb,
  p_service integer, p_unit_price bigint, p_scheduled_at timestamptz, p_reference text, p_type text default null
) returns text language plpgsql as $$
declare
  claim   claims;
  service services;
  step    text := format('order:%s:hold', p_order);
  total   bigint := p_quantity::bigint * p_runs;
  verdict jsonb;
begin
  select * into strict claim from claims where order_id = p_order for update;
  if claim.state <> 'open' then
    return claim.state;
  end if;
  if claim.expires_at <= clock_timestamp() then
    update claims set state = 'withdrawn', decided_at = clock_timestamp() where order_id = p_order;
    return 'withdrawn';
  end if;
  select * into strict service from services where id = p_service;
  if p_type <> service.type then
    return 'open';
  end if;
  if not service.active then
    verdict := jsonb_build_object('code', 'unknown_service');
  elsif service.duplicate_link = 'reject' then
    -- Two claims for one link are decided one after the other.
    perform pg_advisory_xact_lock(hashtextextended(p_service || ' ' || p_link_key, 42));
    if link_taken(p_service, p_link_key, claim.account_id) then
      verdict := jsonb_build_object('code', 'duplicate_link');
    end if;
  end if;
  if verdict is null then
    begin
      insert into orders (
        id, account_id, service_id, link, link_key, quantity, runs, interval_minutes, total_quantity, type, fields, unit_price,
        price, charge, refill_days, refill_cap, refill_cooldown_seconds, refill_fallback, stall_after_seconds, review_after_seconds,
        scheduled_at, reference, cancelable, after_failed_run, verify, counter_url, counter_tolerance_percent, recheck_seconds,
        finishing, next_run_at
      ) values (
        p_order, claim.account_id, p_service, p_link, p_link_key, p_quantity, p_runs, p_interval, total, service.type, p_fields,
        p_unit_price, p_unit_price * total, p_unit_price * total, service.refill_days, service.refill_cap,
        service.refill_cooldown_seconds, service.refill_fallback, service.stall_after_seconds, service.review_after_seconds,
        p_scheduled_at, p_reference, service.cancel, service.after_failed_run, service.verify, service.counter_url,
        service.counter_tolerance_percent, service.recheck_seconds, p_runs = 1,
        coalesce(p_scheduled_at, case when p_runs > 1 then clock_timestamp() end)
      );
      perform add_event(p_order, 'order.accepted', 'system', clock_timestamp());
      perform take_step(step, jsonb_build_object('amount', (p_unit_price * total)::text));
      if not move_money(step, 'hold', 'wallet:' || claim.account_id, 'escrow:' || p_order, p_unit_price * total, p_order) then
        raise exception using errcode = 'HF402', message = 'the wallet does not hold the price';
      end if;
      update claims set state = 'order', decided_at = clock_timestamp() where order_id = p_order;
      return 'order';
    exception when sqlstate 'HF402' then
      -- Everything written for the order since this block began is gone again; the claim is still open.
      verdict := jsonb_build_object('code', 'insufficient_funds');
    end;
  end if;
  update claims set state = 'refused', refusal = verdict, decided_at = clock_timestamp() where order_id = p_order;
  return 'refused';
end $$;

-- Decides an open claim without an order. Returns how the claim stands afterwards.
create function close_claim(p_order bigint, p_state text, p_refusal jsonb default null) returns text language sql as $$
  update claims set state = p_state, refusal = p_refusal, decided_at = clock_timestamp()
    where order_id = p_order and state = 'open';
  select state from claims where order_id = p_order
$$;

-- The one moment an order's escrow is resolved, together with its status and its event. p_ends tells what the batches
-- delivered that had not ended yet: [{batch, delivered}]. p_costs tells what batches cost: [{batch, cost, raw}], cost in
-- 1e-8 of the currency, raw as the provider wrote it. p_decided: a person has said how much counts, whatever still runs; otherwise
-- HF004 when a batch has not ended, or all together delivered another number: who settles does not know all of them. Returns false when this settlement had been made before.
create function settle_order(
  p_order bigint, p_status text, p_delivered bigint, p_reason text, p_actor text, p_at timestamptz, p_ends jsonb, p_costs jsonb,
  p_decided boolean
) returns boolean language plpgsql as $$
declare
  step    text := format('order:%s:settle', p_order);
  placed  orders;
  charged bigint;
begin
  -- Batches before their order, as in record_reports: a report and a settlement at the same moment must not deadlock.
  perform from batches where order_id = p_order order by batch for update;
  select * into strict placed from orders where id = p_order for update;
  if (p_status = 'Completed') <> (p_delivered = placed.total_quantity)
     or (p_status = 'Canceled') <> (p_delivered = 0)
     or p_status not in ('Completed', 'Partial', 'Canceled')
     or p_delivered not between 0 and placed.total_quantity then
    raise exception using errcode = 'HF003',
      message = format('order %s cannot end %s with %s of %s delivered', p_order, p_status, p_delivered, placed.total_quantity);
  end if;
  if not take_step(step, jsonb_build_object('status', p_status, 'delivered', p_delivered)) then
    return false;
  end if;
  if not p_decided and (
      select coalesce(bool_or(b.state <> 'done' and e.batch is null), false)
          or least(coalesce(sum(coalesce(e.delivered, b.delivered)), 0), placed.total_quantity) <> p_delivered
        from batches b left join jsonb_to_recordset(p_ends) as e(batch integer, delivered bigint) on e.batch = b.batch
        where b.order_id = p_order) then
    raise exception using errcode = 'HF004', message = format('order %s has batches that have not ended, or delivered otherwise', p_order);
  end if;
  if escrow_of(p_order) <> placed.price then
    raise exception using errcode = 'HF003', message = format('order %s does not hold its price', p_order);
  end if;
  charged := placed.unit_price * p_delivered;
  update orders set status = p_status, reason = p_reason, attention = 'none', delivered = p_delivered, charge = charged,
      refunded = placed.price - charged, settled_at = p_at, next_run_at = null, paused_at = null, paused_by = null,
      completed_at = case when p_status = 'Completed' then p_at end,
      refill_until = case when p_status = 'Completed' and refill_days > 0 then p_at + refill_days * interval '24 hours' end,
      version = version + 1
    where id = p_order;
  update batches b set state = 'done', delivered = e.delivered, acked_version = report_version,
      supported = case when provider_order is not null then e.delivered end
    from jsonb_to_recordset(p_ends) as e(batch integer, delivered bigint) where b.order_id = p_order and b.batch = e.batch;
  -- What a person settled while a provider was still at it is left as far as it was seen.
  update batches set state = 'done', acked_version = report_version,
      stop_wanted_at = case when state = 'running' and terminal_at is null and stop_answer is null then p_at end
    where order_id = p_order and state <> 'done';
  -- From here on its providers are asked whether they take anything back.
  update batches set next_look_at = p_at where order_id = p_order and provider_order is not null;
  perform book_cost(p_order, batch, cost, raw) from jsonb_to_recordset(p_costs) as c(batch integer, cost bigint, raw text);
  perform add_event(p_order, 'order.' || lower(p_status), p_actor, p_at,
    jsonb_strip_nulls(jsonb_build_object('delivered', p_delivered, 'reason', p_reason)));
  perform move_money(step, 'charge', 'escrow:' || p_order, 'revenue', charged, p_order);
  perform move_money(step, 'refund', 'escrow:' || p_order, 'wallet:' || placed.account_id, placed.price - charged, p_order);
  if escrow_of(p_order) <> 0 then
    raise exception using errcode = 'HF003', message = format('order %s left money in escrow', p_order);
  end if;
  return true;
end $$;

-- What a batch cost at its provider; the provider's own figure stays beside it.
create function book_cost(p_order bigint, p_batch integer, p_cost bigint, p_raw text) returns void language plpgsql as $$
declare
  step   text := format('order:%s:batch:%s:cost', p_order, p_batch);
  seller integer := (select provider_id from batches where order_id = p_order and batch = p_batch);
begin
  if seller is null or p_cost is null then
    return;
  end if;
  if take_step(step, jsonb_build_object('cost', p_cost::text)) then
    perform move_money(step, 'cost', 'cost:' || seller, 'payable:' || seller, p_cost, p_order, p_raw);
  end if;
end $$;

-- A batch turns out to have cost less than was booked, by its provider's own figure: the difference is not owed. More than
-- was booked is never booked, and never more than that given back. The caller holds the batch.
create function rebate_cost(p_order bigint, p_batch integer, p_cost bigint, p_raw text) returns void language plpgsql as $$
declare
  first  text := format('order:%s:batch:%s:cost', p_order, p_batch);
  seller integer := (select provider_id from batches where order_id = p_order and batch = p_batch);
  booked bigint;
  times  bigint;
  step   text;
begin
  select coalesce(sum(case t.kind when 'cost' then t.amount else -t.amount end), 0), count(*) filter (where t.kind = 'rebate')
    into booked, times from transfers t where t.order_id = p_order and (t.step = first or t.step like first || ':%');
  if p_cost is null or p_cost >= booked then
    return;
  end if;
  step := format('%s:%s', first, times + 1);
  perform take_step(step, jsonb_build_object('cost', p_cost::text));
  perform move_money(step, 'rebate', 'payable:' || seller, 'cost:' || seller, booked - p_cost, p_order, p_raw);
end $$;

-- A settled order turns out to have delivered less: the difference goes back, never more than was charged, and the status
-- follows. When it was Completed, and until when it may be refilled, stays. False when it had not been charged for more.
create function correct_order(
  p_order bigint, p_delivered bigint, p_at timestamptz, p_by text default 'provider'
) returns boolean language plpgsql as $$
declare
  placed orders;
  step   text;
  became text := case when p_delivered = 0 then 'Canceled' else 'Partial' end;
  amount bigint;
begin
  select * into strict placed from orders where id = p_order for update;
  if placed.settled_at is null then
    raise exception using errcode = 'HF003', message = format('order %s has not been settled', p_order);
  end if;
  if p_delivered < 0 then
    raise exception using errcode = 'HF003', message = 'delivered cannot be negative';
  end if;
  if p_delivered >= placed.delivered then
    return false;
  end if;
  step := format('order:%s:correct:%s', p_order, placed.corrections + 1);
  if not take_step(step, jsonb_build_object('status', became, 'delivered', p_delivered)) then
    raise exception using errcode = 'HF003', message = format('%s has been taken, and order %s does not know', step, p_order);
  end if;
  amount := placed.charge - placed.unit_price * p_delivered;
  update orders set status = became, reason = coalesce(reason, 'unknown'), delivered = p_delivered, charge = charge - amount,
      refunded = refunded + amount, corrections = corrections + 1, version = version + 1
    where id = p_order;
  perform add_event(p_order, 'order.corrected', p_by, p_at, jsonb_build_object('from', placed.status, 'to', became,
    'delivered', p_delivered, 'amount', trim_scale(amount / 100000000.0)::text));
  perform move_money(step, 'correction', 'revenue', 'wallet:' || placed.account_id, amount, p_order);
  return true;
end $$;

-- Proves the books, in one snapshot. Every row is something wrong; no row means there is no drift. (012 adds the losses to it.)
create function verify_ledger() returns table (check_name text, subject text, detail text) language sql stable as $$
  with per_order as (
    select o.id, o.price, o.charge, o.refunded, o.status, o.settled_at, o.account_id,
           coalesce(sum(t.amount) filter (where t.credit = 'escrow:' || o.id), 0) as held,
           coalesce(sum(t.amount) filter (where t.debit = 'escrow:' || o.id), 0) as released,
           coalesce(sum(t.amount) filter (where t.kind = 'charge'), 0) as charged,
           coalesce(sum(t.amount) filter (where t.kind = 'refund'), 0) as given_back,
           coalesce(sum(t.amount) filter (where t.kind = 'correction'), 0) as corrected
      from orders o left join transfers t on t.order_id = o.id group by o.id
  ), lines as (
    select t.*, lag(t.wallet_version) over w as last_version, lag(t.wallet_balance) over w as last_balance,
           case when t.credit = 'wallet:' || t.wallet_id then t.amount else -t.amount end as signed
      from transfers t where t.wallet_id is not null window w as (partition by t.wallet_id order by t.wallet_version)
  )
  select 'wallet balance', 'wallet:' || w.account_id, format('stored %s, transfers say %s', w.balance, coalesce(sum(l.signed), 0))
    from wallets w left join lines l on l.wallet_id = w.account_id group by w.account_id having w.balance <> coalesce(sum(l.signed), 0)
  union all
  select 'wallet chain', 'wallet:' || wallet_id, format('line %s does not follow from the one before', wallet_version)
    from lines where wallet_version <> coalesce(last_version, 0) + 1 or wallet_balance <> coalesce(last_balance, 0) + signed
  union all
  select 'wallet below zero', 'wallet:' || wallet_id, format('line %s', wallet_version) from lines where wallet_balance < 0
  union all
  select 'hold', 'order:' || id, format('holds %s, price %s', held, price) from per_order where held <> price
  union all
  select 'open order escrow', 'order:' || id, format('released %s before its settlement', released)
    from per_order where settled_at is null and released <> 0
  union all
  select 'settled order escrow', 'order:' || id, format('%s left in escrow', held - released)
    from per_order where settled_at is not null and held <> released
  union all
  select 'charge and refund', 'order:' || id,
         format('order says %s + %s, transfers say %s + %s', charge, refunded, charged - corrected, given_back + corrected)
    from per_order where settled_at is not null and (charge <> charged - corrected or refunded <> given_back + corrected)
  union all
  select 'price split', 'order:' || id, format('%s + %s is not %s', charge, refunded, price) from per_order where charge + refunded <> price
  union all
  select 'owner', 'order:' || o.id, format('transfer %s touches %s', t.id, 'wallet:' || t.wallet_id)
    from transfers t join orders o on o.id = t.order_id where t.wallet_id is not null and t.wallet_id <> o.account_id
  union all
  select 'step without transfer', s.key, 'a money step moved nothing'
    from money_steps s where s.key like 'deposit:%' and not exists (select from transfers t where t.step = s.key)
  union all
  select 'accounts of a transfer', 'transfer:' || id, format('%s from %s to %s', kind, debit, credit) from transfers
    where case kind
      when 'deposit'    then debit = 'external' and credit = 'wallet:' || wallet_id
      when 'hold'       then debit = 'wallet:' || wallet_id and credit = 'escrow:' || order_id
      when 'charge'     then debit = 'escrow:' || order_id and credit = 'revenue'
      when 'refund'     then debit = 'escrow:' || order_id and credit = 'wallet:' || wallet_id
      when 'correction' then debit = 'revenue' and credit = 'wallet:' || wallet_id
      when 'cost'       then debit like 'cost:%' and credit = 'payable:' || substr(debit, 6)
      when 'rebate'     then credit like 'cost:%' and debit = 'payable:' || substr(credit, 6)
      when 'recovery'   then debit like 'payable:%' and credit = 'loss'
      else debit = 'loss' end is not true
  union all
  select 'step of a transfer', 'transfer:' || id, format('%s in step %s', kind, step) from transfers
    where kind <> 'loss' and step not like case kind
      when 'deposit'    then 'deposit:' || wallet_id || ':%'
      when 'hold'       then 'order:' || order_id || ':hold'
      when 'correction' then 'order:' || order_id || ':correct:%'
      when 'cost'       then 'order:' || order_id || ':batch:%:cost'
      when 'rebate'     then 'order:' || order_id || ':batch:%:cost:%'
      when 'recovery'   then 'order:' || order_id || ':batch:%:loss:%'
      else 'order:' || order_id || ':settle' end
  union all
  select 'charge and delivered', 'order:' || id, format('charged %s for %s delivered', charge, delivered)
    from orders where settled_at is not null and charge <> unit_price * delivered
  union all
  -- The last step that decided about it is its settlement, or its last correction.
  select 'status and step', 'order:' || o.id,
         format('%s with %s delivered, by its last step %s with %s', o.status, o.delivered, s.payload->>'status', s.payload->>'delivered')
    from orders o left join money_steps s
      on s.key = 'order:' || o.id || case o.corrections when 0 then ':settle' else ':correct:' || o.corrections end
    where o.settled_at is not null
      and (s.payload->>'status', (s.payload->>'delivered')::bigint) is distinct from (o.status, o.delivered)
  union all
  select 'correction and step', 'order:' || o.id, format('correction %s gave back %s, its steps say %s', n, coalesce(t.amount, 0),
         o.unit_price * ((b.payload->>'delivered')::bigint - (s.payload->>'delivered')::bigint))
    from orders o cross join generate_series(1, o.corrections) n
    left join money_steps b on b.key = 'order:' || o.id || case n when 1 then ':settle' else ':correct:' || n - 1 end
    left join money_steps s on s.key = 'order:' || o.id || ':correct:' || n
    left join (select step, sum(amount) as amount from transfers where kind = 'correction' group by step) t on t.step = s.key
    where o.corrections > 0 and (coalesce(t.amount, 0) = o.unit_price * ((b.payload->>'delivered')::bigint - (s.payload->>'delivered')::bigint)
      and (s.payload->>'delivered')::bigint < (b.payload->>'delivered')::bigint) is not true
  union all
  select 'more rebate than cost', 'order:' || order_id || ':batch:' || split_part(step, ':', 4),
         format('%s more', -sum(case kind when 'cost' then amount else -amount end))
    from transfers where kind in ('cost', 'rebate') group by order_id, split_part(step, ':', 4)
    having sum(case kind when 'cost' then amount else -amount end) < 0
  union all
  select 'transfer without order', 'transfer:' || t.id, t.kind
    from transfers t where t.kind in ('hold', 'charge', 'refund', 'correction') and t.order_id is null
  union all
  select 'claim without order', 'order:' || c.order_id, 'the claim says order, there is none'
    from claims c left join orders o on o.id = c.order_id where c.state = 'order' and o.id is null
  union all
  select 'order without claim', 'order:' || o.id, 'the claim does not say order: ' || c.state
    from orders o join claims c on c.order_id = o.id where c.state <> 'order'
$$;
