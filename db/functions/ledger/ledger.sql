-- The two functions that write money (take_step, move_money), and deposit and debit, which call them. Accounts
-- and kinds of transfers are listed at the table `transfers` (db/migrations/001_baseline.sql).
--
-- Each step has a key that says what it does (`order:42:hold`). A key is taken once. The same key
-- with the same payload changes nothing; with another payload it raises HF001. So a caller that lost
-- the answer to a commit simply repeats the step.
--
-- A step locks at most one wallet, as its last lock, so steps cannot deadlock and a busy wallet is
-- locked for one commit only.
--
-- A function that takes a step runs with the rights of the tables' owner (`security definer`): the
-- role of API and worker cannot write a transfer, a step or a balance (see application-role.ts), nor
-- call take_step and move_money. That role cannot create anything in the schema public, so it cannot
-- put an object of its own into the search path of these functions.

-- Takes the key of a money step. True: the key was free and now belongs to the caller. False: the
-- same step was taken before. HF001: a step with another payload has the key. A second caller with
-- the same key waits here for the first caller's commit.
create or replace function take_step(p_key text, p_payload jsonb)
  returns boolean language plpgsql as $$
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
revoke execute on function take_step(text, jsonb) from public;

-- Writes one transfer and changes the balance of its wallet, if it has one. When the wallet does not
-- hold the amount, writes nothing and returns false. An amount of zero writes nothing.
create or replace function move_money(
  p_step text, p_kind text, p_debit text, p_credit text, p_amount bigint,
  p_order bigint default null, p_note text default null
) returns boolean language plpgsql as $$
declare
  owner  integer;
  signed bigint;
  wallet wallets;
begin
  if p_amount < 0 then
    raise exception using errcode = 'HF003',
      message = format('%s would move a negative amount', p_step);
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
  insert into transfers (step, kind, debit, credit, amount, order_id,
      wallet_id, wallet_balance, wallet_version, note)
    values (p_step, p_kind, p_debit, p_credit, p_amount, p_order,
      owner, wallet.balance, wallet.version, p_note);
  return true;
end $$;
revoke execute on function move_money(text, text, text, text, bigint, bigint, text) from public;

-- What is left in an order's escrow.
create or replace function escrow_of(p_order bigint) returns bigint language sql stable as $$
  select coalesce(sum(case
      when credit = 'escrow:' || p_order then amount
      when debit = 'escrow:' || p_order then -amount end), 0)::bigint
    from transfers where order_id = p_order
$$;

-- Puts money from outside into a wallet. The reference is the payment's own, so the same payment
-- cannot be credited twice. Returns the wallet's balance after that deposit.
create or replace function deposit(p_account integer, p_amount bigint, p_reference text)
  returns bigint language plpgsql
  security definer set search_path = public, pg_catalog, pg_temp as $$
declare
  this_step text := format('deposit:%s:%s', p_account, p_reference);
begin
  if p_amount <= 0 then
    raise exception using errcode = 'HF003', message = 'a deposit must be positive';
  end if;
  if take_step(this_step, jsonb_build_object('amount', p_amount::text)) then
    insert into wallets (account_id) values (p_account) on conflict do nothing;
    perform move_money(this_step, 'deposit', 'external', 'wallet:' || p_account, p_amount, null,
      p_reference);
  end if;
  return (select wallet_balance from transfers where step = this_step);
end $$;

-- Takes money out of a wallet, as staff decided: a payment that was reversed, or a payout. The same
-- reference takes it once. Returns the wallet's balance after that debit. HF005: the wallet holds
-- less, and nothing was taken.
create or replace function debit(p_account integer, p_amount bigint, p_reference text)
  returns bigint language plpgsql
  security definer set search_path = public, pg_catalog, pg_temp as $$
declare
  this_step text := format('debit:%s:%s', p_account, p_reference);
begin
  if p_amount <= 0 then
    raise exception using errcode = 'HF003', message = 'a debit must be positive';
  end if;
  if take_step(this_step, jsonb_build_object('amount', p_amount::text)) then
    if not move_money(this_step, 'debit', 'wallet:' || p_account, 'external', p_amount, null,
        p_reference) then
      raise exception using errcode = 'HF005',
        message = format('wallet %s holds less than the debit', p_account);
    end if;
  end if;
  return (select wallet_balance from transfers where step = this_step);
end $$;
