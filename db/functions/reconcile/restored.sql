-- After a restore from an older copy. What the copy does not know to have been sent may have been sent
-- since, up to p_until: each such send becomes an attempt whose outcome is unknown, so that it is
-- looked for and never repeated. Workers must be stopped. Returns the batches.
create or replace function doubt_sends(p_until timestamptz)
  returns table (order_id bigint, batch integer, provider_id integer) language plpgsql as $$
declare
  this   record;
  number integer;
  asked  attempts;
begin
  -- Runs that were due: the first batch of an order, and the next ones of a drip-feed.
  for this in
    select o.id from orders o join claims c on c.order_id = o.id
      where o.settled_at is null and o.canceled_by is null
        and coalesce(o.next_run_at, o.scheduled_at, c.created_at) <= p_until order by o.id
  loop
    perform begin_due_runs(this.id, p_until);
  end loop;
  -- Every batch that no provider is known to have.
  for this in
    select b.order_id, b.batch from batches b
      where b.state in ('waiting', 'sending') and may_be_sent(b.order_id, b.batch)
      order by b.order_id, b.batch
  loop
    select coalesce(max(a.attempt), 0) into number from attempts a
      where a.order_id = this.order_id and a.batch = this.batch;
    select * into asked from attempts a where a.order_id = this.order_id and a.batch = this.batch
      and a.attempt = number and a.state in ('intent', 'sending');
    if asked.state is null then
      number := number + 1;
      insert into attempts (order_id, batch, attempt, provider_id, provider_service, cost_rate)
        select this.order_id, this.batch, number, r.provider_id, r.provider_service, r.cost_rate
          from routes_left(this.order_id, this.batch) r order by r.preference limit 1
        returning * into asked;
      -- No provider takes it, so none was sent it.
      continue when asked.state is null;
    end if;
    update attempts a set state = 'sending', sending_at = coalesce(sending_at, p_until)
      where a.order_id = this.order_id and a.batch = this.batch and a.attempt = number;
    perform sending_begins(this.order_id, this.batch);
    perform attempt_unknown(this.order_id, this.batch, number,
      'the database was restored from an older copy', null, clock_timestamp(), null, null, null);
    order_id := this.order_id;
    batch := this.batch;
    provider_id := asked.provider_id;
    return next;
  end loop;
end $$;

-- Stores the runs of an order that were due up to p_until and have no batch.
create or replace function begin_due_runs(p_order bigint, p_until timestamptz)
  returns void language plpgsql as $$
declare
  this orders;
  due  timestamptz;
  made integer;
begin
  select * into this from orders where id = p_order for update;
  -- A request that was decided after the restore was made long before.
  select coalesce(this.next_run_at, this.scheduled_at, created_at) into due from claims
    where order_id = p_order;
  select count(*) into made from batches where order_id = p_order and refill is null;
  while made < this.runs
    and (made = 0 or this.next_run_at is not null)
    and due <= p_until
  loop
    made := made + 1;
    insert into batches (order_id, batch, quantity)
      values (p_order, (select coalesce(max(batch), 0) + 1 from batches where order_id = p_order),
        this.quantity);
    due := due + make_interval(mins => this.interval_minutes);
    this.next_run_at := case when made < this.runs then due end;
  end loop;
  update orders set next_run_at = this.next_run_at, version = version + 1
    where id = p_order and next_run_at is distinct from this.next_run_at;
end $$;
