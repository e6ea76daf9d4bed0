-- After a restore from an older copy. What the copy does not know to have been sent may have been sent
-- since, up to p_until. Workers must be stopped. Each function may be called again.

-- Makes open what may have become an order since. A claim that has expired here may have been an order
-- in time. A line that waits in a list gets its claim, which is as old as the list.
create or replace function reopen_requests() returns void language plpgsql as $$
declare
  this   record;
  opened bigint;
begin
  update claims set expires_at = null where state = 'open' and expires_at is not null;
  for this in
    select l.mass_id, l.line, m.created_at
      from mass_placements m join mass_lines l on l.mass_id = m.id
      where m.ended_at is null and l.status = 'waiting' and l.order_id is null
      order by l.mass_id, l.line
  loop
    opened := open_mass_line(this.mass_id, this.line);
    update claims set created_at = this.created_at where order_id = opened;
  end loop;
end $$;

-- Makes each send that may have happened an attempt whose outcome is unknown, so that it is looked
-- for and never repeated. Returns the batches.
create or replace function doubt_sends(p_until timestamptz)
  returns table (order_id bigint, batch integer, provider_id integer) language plpgsql as $$
declare
  this   record;
  number integer;
  asked  attempts;
begin
  -- Runs that were due: the first batch of an order, and the next ones of a drip-feed.
  for this in
    select o.id from orders o
      where o.settled_at is null and o.canceled_by is null and not (o.finishing and o.runs > 1)
        and runs_begun(o.id) < o.runs
      order by o.id
  loop
    perform begin_due_runs(this.id, p_until);
  end loop;
  -- Missing parts that were to be sent again.
  insert into batches (order_id, batch, quantity, resends)
    select o.id,
        (select max(b.batch) from batches b where b.order_id = o.id)
          + row_number() over (partition by o.id order by p.batch),
        p.missing, p.batch
      from orders o cross join lateral owed_parts(o.id) p
      where o.settled_at is null and o.canceled_by is null;
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
    perform attempt_unknown(this.order_id, this.batch, number, restored_why(), null,
      clock_timestamp(), null, null, null);
    order_id := this.order_id;
    batch := this.batch;
    provider_id := asked.provider_id;
    return next;
  end loop;
end $$;

create or replace function restored_why() returns text language sql immutable as $$
  select 'the database was restored from an older copy'
$$;

-- Stores the runs of an order that were due up to p_until and have no batch. An order that is paused
-- here may have been resumed after the last that the copy knows.
create or replace function begin_due_runs(p_order bigint, p_until timestamptz)
  returns void language plpgsql as $$
declare
  this orders;
  due  timestamptz;
  made integer := runs_begun(p_order);
begin
  select * into this from orders where id = p_order for update;
  -- A request that was decided after the restore was made long before.
  due := case when made > 0 then this.next_run_at else coalesce(this.scheduled_at,
    (select created_at from claims where order_id = p_order)) end;
  if this.paused_at is not null then
    due := greatest(due, (select at from events order by id desc limit 1));
  end if;
  while made < this.runs and due <= p_until loop
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

-- Ends that missing parts are sent again by themselves, for orders with a batch that is not done: the
-- batch may have ended since, and its part may have been sent. Returns the orders.
create or replace function end_resends() returns setof bigint language sql as $$
  with open as (
    select distinct b.order_id as id from batches b join orders o on o.id = b.order_id
      where b.state <> 'done' and o.settled_at is null and o.canceled_by is null
        and (b.resend or (o.after_failed_run = 'retry' and o.runs > 1))
  ), batches_ended as (
    update batches set resend = false
      from open where order_id = open.id and state <> 'done' and resend
  )
  update orders o
    set after_failed_run = case o.after_failed_run when 'retry' then 'continue'
          else o.after_failed_run end,
        version = version + 1
    from open where o.id = open.id returning o.id
$$;

-- Calls a person for each refill whose missing items may have been sent again since. Of the others, a
-- provider that is asked again may refuse only because it took the first request: such a refusal
-- counts as no answer. Returns the refills that wait for a person now.
create or replace function doubt_refills()
  returns table (order_id bigint, number integer) language plpgsql as $$
declare
  this record;
begin
  update refills r set open_calls = greatest(r.open_calls, 1) where r.stage = 'asking';
  for this in
    select r.order_id, r.number from refills r join orders o on o.id = r.order_id
      where (o.refill_fallback = 'resend'
          and (r.stage in ('asking', 'tracked') or (r.stage <> 'ended' and r.before = 'tracked')))
        or (r.stage = 'resending' and not exists (select from batches b
          where b.order_id = r.order_id and b.refill = r.number and b.state <> 'done'))
      order by r.order_id, r.number
  loop
    update refills r set stage = 'review', before = null
      where r.order_id = this.order_id and r.number = this.number;
    update orders o set version = version + 1,
        attention = case o.attention when 'none' then 'review' else o.attention end
      where o.id = this.order_id;
    perform add_event(this.order_id, 'order.review', 'system', clock_timestamp(),
      jsonb_build_object('refill', this.number, 'why', restored_why()));
    order_id := this.order_id;
    number := this.number;
    return next;
  end loop;
end $$;

-- Ends the decisions of staff that are being carried out: they may have been, and what their orders
-- wait for may be another send since. Returns the decisions.
create or replace function end_decisions() returns setof bigint language sql as $$
  update bulk_resolution_orders w
    set status = 'canceled', message = restored_why(), ended_at = clock_timestamp()
    from bulk_resolutions b
    where b.id = w.bulk_id and b.ended_at is null and w.status = 'waiting';
  update bulk_resolutions set ended_at = clock_timestamp() where ended_at is null returning id
$$;

-- Leaves out so many ids of all that customers, their programs and staff know by its id: the ids that
-- were given out since must never stand for something else. An order has some twenty events at most.
-- Returns the next order's id.
create or replace function skip_ids(p_count bigint) returns bigint language sql as $$
  select setval(s.name, nextval(s.name) + p_count * s.times)
    from (values
      (pg_get_serial_sequence('refills', 'id')::regclass, 1),
      (pg_get_serial_sequence('mass_placements', 'id')::regclass, 1),
      (pg_get_serial_sequence('bulk_resolutions', 'id')::regclass, 1),
      (pg_get_serial_sequence('events', 'id')::regclass, 20)) s(name, times);
  select setval('order_ids', nextval('order_ids') + p_count)
$$;
