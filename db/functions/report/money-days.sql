-- The one provider that had the batches of an order; 0 when several had, null when none had.
create or replace function provider_of(p_order bigint) returns integer language sql stable as $$
  select case when min(provider_id) = max(provider_id) then min(provider_id)
      when min(provider_id) is not null then 0 end
    from batches where order_id = p_order and refill is null
$$;

-- Adds the next transfers of orders, at most p_most, to the money of their days; returns how many
-- transfers it went through. Each transfer is added once: the cursor moves in the same transaction,
-- and only up to the transfers that the proof of the ledger knows to be all there (see proof.sql).
create or replace function count_money(p_most integer) returns integer language plpgsql as $$
declare
  after bigint;
  upto  bigint;
  went  integer;
begin
  select transfers_to into strict after from money_days_cursor for update;
  select count(*), max(n.id) into went, upto from (
    select t.id from transfers t, ledger_proof l
      where t.id > after and t.id <= l.proved_to order by t.id limit p_most) n;
  if went = 0 then
    return 0;
  end if;
  insert into money_days as had (day, part, subject, revenue, cost, loss)
    with moved as (
      select (t.at at time zone 'UTC')::date as day, o.id as order_id, o.service_id, o.account_id,
          case when t.kind in ('cost', 'rebate', 'loss', 'recovery') then
            substring(concat(t.debit, ' ', t.credit) from '(?:cost|payable):([0-9]+)')::integer
            end as provider,
          case t.kind when 'charge' then t.amount when 'correction' then -t.amount else 0 end
            as revenue,
          case t.kind when 'cost' then t.amount when 'rebate' then -t.amount else 0 end as cost,
          case t.kind when 'loss' then t.amount when 'recovery' then -t.amount else 0 end as loss
        from transfers t join orders o on o.id = t.order_id
        where t.id > after and t.id <= upto
          and t.kind in ('charge', 'correction', 'cost', 'rebate', 'loss', 'recovery')
    )
    select m.day, of.part, of.subject, sum(m.revenue), sum(m.cost), sum(m.loss)
      from moved m cross join lateral (values
        ('service', m.service_id), ('account', m.account_id),
        ('provider', coalesce(m.provider, provider_of(m.order_id), 0))) as of(part, subject)
      group by 1, 2, 3 order by 1, 2, 3
    on conflict (part, day, subject) do update set revenue = had.revenue + excluded.revenue,
      cost = had.cost + excluded.cost, loss = had.loss + excluded.loss;
  update money_days_cursor set transfers_to = upto;
  return went;
end $$;
