-- What batches cost us at their providers. These functions do not touch the customer's money.

-- Books the cost of a batch once; the provider's own figure is the note of the transfer.
create or replace function book_cost(p_order bigint, p_batch integer, p_cost bigint, p_raw text)
  returns void language plpgsql
  security definer set search_path = public, pg_catalog, pg_temp as $$
declare
  step   text := format('order:%s:batch:%s:cost', p_order, p_batch);
  seller integer :=
    (select provider_id from batches where order_id = p_order and batch = p_batch);
begin
  if seller is null or p_cost is null then
    return;
  end if;
  if take_step(step, jsonb_build_object('cost', p_cost::text)) then
    perform move_money(step, 'cost', 'cost:' || seller, 'payable:' || seller, p_cost, p_order,
      p_raw);
  end if;
end $$;

-- Books back the difference when a batch cost less than was booked, by its provider's own figure. A
-- higher figure is not booked here (see book_unpaid), and a rebate never exceeds the booked cost.
-- The caller has locked the batch.
create or replace function rebate_cost(p_order bigint, p_batch integer, p_cost bigint, p_raw text)
  returns void language plpgsql
  security definer set search_path = public, pg_catalog, pg_temp as $$
declare
  first  text := format('order:%s:batch:%s:cost', p_order, p_batch);
  seller integer :=
    (select provider_id from batches where order_id = p_order and batch = p_batch);
  booked bigint;
  times  bigint;
  step   text;
begin
  select coalesce(sum(case t.kind when 'cost' then t.amount else -t.amount end), 0),
      count(*) filter (where t.kind = 'rebate')
    into booked, times from transfers t
    where t.order_id = p_order and (t.step = first or t.step like first || ':%');
  if p_cost is null or p_cost >= booked then
    return;
  end if;
  step := format('%s:%s', first, times + 1);
  perform take_step(step, jsonb_build_object('cost', p_cost::text));
  perform move_money(step, 'rebate', 'payable:' || seller, 'cost:' || seller, booked - p_cost,
    p_order, p_raw);
end $$;

-- Books a loss when a batch costs more than was booked because its provider delivered after the
-- customer's refund, or after the missing part was sent again (p_more). When a later word takes the delivery back, books back what the provider
-- no longer charges. The caller has locked the batch.
create or replace function book_unpaid(
  p_order bigint, p_batch integer, p_cost bigint, p_raw text, p_more boolean
) returns void language plpgsql
  security definer set search_path = public, pg_catalog, pg_temp as $$
declare
  known     batches;
  booked    bigint;
  wanted    bigint;
  series    text := format('order:%s:batch:%s:loss', p_order, p_batch);
  this_step text;
begin
  select * into strict known from batches where order_id = p_order and batch = p_batch;
  select coalesce(sum(case kind when 'cost' then amount else -amount end), 0)
    into booked from transfers
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
    perform move_money(this_step, 'loss', 'loss', 'payable:' || known.provider_id,
      wanted - known.lost, p_order, p_raw);
  else
    perform move_money(this_step, 'recovery', 'payable:' || known.provider_id, 'loss',
      known.lost - wanted, p_order, p_raw);
  end if;
  update batches set lost = wanted where order_id = p_order and batch = p_batch;
end $$;
