-- The proof of the ledger in small statements. A run proves the transfers that are new and their
-- orders, all open orders, the last line of all wallets, and the next slice of everything old; see
-- db/ledger/proof.ts. The tables are in db/migrations/002_ledger_proof.sql.

-- The next items of a series after p_after (null: from the first one), in their order. `deposits` has
-- debits too.
create or replace function ledger_items(p_series text, p_after text, p_most integer)
  returns text[] language plpgsql stable as $$
declare
  least_id bigint := case when p_series <> 'deposits' then coalesce(p_after::bigint, 0) end;
begin
  return case p_series
    when 'transfers' then array(
      select id from transfers where id > least_id order by id limit p_most)::text[]
    when 'orders' then array(
      select id from orders where id > least_id order by id limit p_most)::text[]
    when 'open orders' then array(
      select id from orders where settled_at is null and id > least_id
        order by id limit p_most)::text[]
    when 'wallets' then array(
      select account_id from wallets where account_id > least_id
        order by account_id limit p_most)::text[]
    when 'claims' then array(
      select order_id from claims where order_id > least_id order by order_id limit p_most)::text[]
    when 'deposits' then array(
      select key from money_steps
        where (key like 'deposit:%' or key like 'debit:%') and key > coalesce(p_after, '')
        order by key limit p_most)
  end;
end $$;

-- The first and the last id of a series, which say about how much it has. A deposit or debit has no
-- id: there are fewer of them than transfers.
create or replace function ledger_ends(p_series text, out first bigint, out last bigint)
  language plpgsql stable as $$
begin
  case p_series
    when 'transfers', 'deposits' then
      select min(id), max(id) into first, last from transfers;
    when 'orders' then
      select min(id), max(id) into first, last from orders;
    when 'open orders' then
      select min(id), max(id) into first, last from orders where settled_at is null;
    when 'wallets' then
      select min(account_id), max(account_id) into first, last from wallets;
    when 'claims' then
      select min(order_id), max(order_id) into first, last from claims;
  end case;
end $$;

-- Checks items in the snapshot of the caller's statement. drift: [{part, item, check, subject, detail}].
create or replace function prove_items(p_part text, p_items text[])
  returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object('part', p_part, 'item', item, 'check', check_name,
      'subject', subject, 'detail', detail)), '[]')
    from verify_part(p_part, p_items)
$$;

-- Proves the next items of a series. upto: the last one of them; null when there is none.
create or replace function prove_next(
  p_series text, p_after text, p_most integer, out upto text, out proved integer, out drift jsonb
) language plpgsql stable set enable_seqscan = off as $$
declare
  items text[] := ledger_items(p_series, p_after, p_most);
begin
  proved := cardinality(items);
  upto := items[proved];
  drift := prove_items(case p_series when 'open orders' then 'orders' else p_series end, items);
end $$;

-- Proves the next transfers after p_after up to p_to, and the orders that they touch. upto: all ids
-- up to it are proved.
create or replace function prove_new(
  p_after bigint, p_to bigint, p_most integer,
  out upto bigint, out transfers integer, out orders integer, out drift jsonb
) language plpgsql stable set enable_seqscan = off as $$
declare
  ids     bigint[] := array(
    select t.id from transfers t where t.id > p_after and t.id <= p_to order by t.id limit p_most);
  touched text[] := array(
    select distinct t.order_id::text from transfers t
      where t.id = any (ids) and t.order_id is not null);
begin
  transfers := cardinality(ids);
  orders := cardinality(touched);
  upto := case when transfers < p_most then p_to else ids[transfers] end;
  drift := prove_items('transfers', ids::text[]) || prove_items('orders', touched);
end $$;

-- Says from where to where a run proves transfers, and up to where it may then raise `proved_to`.
--
-- A transfer gets its id before its transaction commits, so a lower id may appear after a higher one.
-- Therefore a run writes down the highest id that it saw, and then, with a transaction id of its own,
-- when that was. Every transaction that took a lower id had its transaction id by then (take_step
-- writes a row before move_money takes the id). Once all transactions before the one that wrote it
-- down have ended, what is visible up to that id is all there will ever be. Until then the transfers
-- above proved_to are proved again by each run. (The end of a snapshot, pg_snapshot_xmax, would not
-- do: it is one above the last transaction that has ended, and older ones above it may still run.)
create or replace function mark_transfers(
  out proved_to bigint, out confirmed_to bigint, out seen_to bigint
) language plpgsql as $$
declare
  known  ledger_proof;
  at_now pg_snapshot;
begin
  if pg_current_xact_id_if_assigned() is not null then
    raise exception using errcode = 'HF003',
      message = 'transfers are marked in a transaction that has already written';
  end if;
  select coalesce(max(t.id), 0) into seen_to from transfers t;
  select * into strict known from ledger_proof;
  at_now := pg_current_snapshot();
  proved_to := known.proved_to;
  confirmed_to := known.proved_to;
  if known.seen_by <= pg_snapshot_xmin(at_now) then
    confirmed_to := greatest(known.proved_to, known.seen_to);
    if known.seen_to = mark_transfers.seen_to then
      return;  -- Nothing is new: the mark stays as it is.
    end if;
  elsif known.seen_by < pg_snapshot_xmax(at_now) then
    return;  -- A transaction from before the mark still runs.
  end if;
  -- There is no mark yet, there are new transfers, or the mark is from another server that this
  -- database was copied from: a mark of this server is older than the end of any later snapshot.
  update ledger_proof
    set seen_to = mark_transfers.seen_to, seen_by = pg_current_xact_id();
end $$;

-- Replaces the known errors of these items by what their proof has just found. Errors beyond 10,000
-- are not kept: a later run finds them once others are gone.
create or replace function keep_drift(p_part text, p_items text[], p_drift jsonb)
  returns void language sql as $$
  delete from ledger_drift d
    where part = p_part and item = any (p_items) and not exists (
      select from jsonb_to_recordset(p_drift)
          as f(part text, item text, "check" text, subject text, detail text)
        where (f.part, f.item, f."check", f.subject, f.detail)
          = (d.part, d.item, d.check_name, d.subject, d.detail));
  insert into ledger_drift (part, item, check_name, subject, detail)
    select f.part, f.item, f."check", f.subject, f.detail
      from jsonb_to_recordset(p_drift)
        as f(part text, item text, "check" text, subject text, detail text)
      where f.part = p_part
      limit greatest(0, 10000 - (select count(*) from ledger_drift))
    on conflict do nothing
$$;

-- Proves items with known errors again, and forgets the errors that are gone.
create or replace function prove_again(p_part text, p_items text[])
  returns void language plpgsql as $$
declare
  drift jsonb := prove_items(p_part, p_items);
begin
  perform keep_drift(p_part, p_items, drift);
end $$;
