-- The start count after a provider states p_said. The first number above 0 stays. Panels also state 0
-- for a count that they do not know yet, so a 0 is believed only once something was delivered, and a
-- later number replaces it.
create or replace function start_after(p_had bigint, p_said bigint, p_begun boolean)
  returns bigint language sql immutable as $$
  select case when p_had > 0 then p_had when p_said > 0 then p_said
    when p_had = 0 or (p_said = 0 and p_begun) then 0 end
$$;

-- What a batch has delivered after a provider states that p_remains remain. Before the last word,
-- panels also state 0 for an order that they know nothing about. So a 0 counts only after something
-- was delivered, or after a larger number when the order has begun. With Partial as the last word it
-- counts: the provider charges for everything.
create or replace function delivered_after(
  b batches, p_status text, p_remains bigint, p_terminal boolean, p_clean boolean
) returns bigint language sql immutable as $$
  select case
    when p_remains between 1 and b.quantity then greatest(b.delivered, b.quantity - p_remains)
    when p_clean or (p_remains <= 0 and case when p_terminal then p_status = 'Partial'
        else b.delivered > 0 or (b.counts_down and p_status in ('In progress', 'Paused')) end)
      then b.quantity
    else b.delivered end
$$;

-- Stores what a provider said in one status call about many of its batches. p_reports is
-- [{o, b, status, remains, start, charge, terminal, clean}]. Returns how many batches changed.
--
-- Only changes are written: the batch, the number that the customer sees (it never falls), and a
-- point of the delivery curve (at most p_samples per batch, one for each slice of its quantity). News
-- for the workflow gets a new report version: the last word, the begin and end of a pause or an
-- error, the end of a stall. A run of a drip-feed that simply completes (`clean`) while other runs
-- remain ends here, without a report.
create or replace function record_reports(
  p_provider integer, p_reports jsonb, p_at timestamptz, p_samples integer
) returns integer language plpgsql as $$
declare
  written integer;
  of      bigint[];
  numbers integer[];
begin
  select orders, batches into of, numbers from lock_news(p_reports);
  if of is null then
    return 0;
  end if;
  -- Then lock their orders, by id: the watches of two providers may share orders.
  perform from orders where settled_at is null and id = any (of) order by id for update;
  with said as (
    select b.order_id, b.batch, b.quantity, b.delivered as had,
           r.status, r.remains, r.start, r.charge, r.terminal,
           -- A clean end is news for the workflow when it has a report about the batch already, when
           -- the order waits for a person or finishes its runs, and in a refill.
           r.clean and not o.finishing and b.report_version = 0 and o.attention = 'none'
             and b.refill is null as quiet,
           delivered_after(b.*, r.status, r.remains, r.terminal, r.clean) as has,
           r.terminal or (r.status is distinct from b.provider_status
             and (r.status in ('Paused', 'Error')
               or coalesce(b.provider_status, '') in ('Paused', 'Error'))) as changes_state
      from jsonb_to_recordset(p_reports) as r(o bigint, b integer, status text, remains bigint,
        start bigint, charge text, terminal boolean, clean boolean)
      join unnest(of, numbers) as held(o, b) on held.o = r.o and held.b = r.b
      join batches b on b.order_id = r.o and b.batch = r.b
      join orders o on o.id = b.order_id
      where b.provider_id = p_provider and b.state = 'running' and b.terminal_at is null
        -- A repeated last word is news when a person has asked for another check.
        and ((b.provider_status, b.remains, b.start_count, b.provider_charge) is distinct from
            (r.status, r.remains, start_after(b.start_count, r.start, b.delivered > 0), r.charge)
          or (r.terminal and b.report_version > 0))
  ), changed as (
    update batches b set provider_status = s.status, remains = s.remains,
        start_count = start_after(b.start_count, s.start, s.has > 0),
        counts_down = b.counts_down or coalesce(s.remains between 1 and s.quantity, false),
        provider_charge = s.charge, delivered = s.has,
        progress_at = case when s.has > s.had then p_at else b.progress_at end,
        stalled_since = case when s.has > s.had then null else b.stalled_since end,
        terminal_at = case when s.terminal then p_at end,
        state = case when s.quiet then 'done' else b.state end,
        supported = case when s.quiet then b.quantity end,
        report_version = b.report_version + case when not s.quiet
          and (s.changes_state or (s.has > s.had and b.stalled_since is not null)) then 1 else 0 end,
        reported_at = case when s.changes_state or s.has > s.had then null else b.reported_at end
      from said s where b.order_id = s.order_id and b.batch = s.batch and b.state = 'running'
      returning b.order_id, b.batch, s.had, s.has, b.quantity, s.terminal, b.start_count
  ), curve as (
    insert into delivery_samples (order_id, batch, at, delivered)
      select order_id, batch, p_at, has from changed
        where has > had
          and (terminal or has * p_samples / quantity > had * p_samples / quantity)
      on conflict do nothing
  ), shown as (
    update orders o set delivered = least(o.delivered + c.more, o.total_quantity),
        start_count = start_after(o.start_count, c.start_count, true), version = o.version + 1
      from (select order_id, sum(has - had) as more,
                min(start_count) filter (where batch = 1) as start_count
              from changed group by order_id) c
      where o.id = c.order_id and o.settled_at is null
        and (c.more > 0
          or o.start_count is distinct from start_after(o.start_count, c.start_count, true))
  )
  select count(*) into written from changed;
  return written;
end $$;

-- Locks the batches whose reports are news, sorted by key, before record_reports reads them: two
-- watchers of one provider may overlap, and finish_runs may be at work on the same order.
-- record_reports may write only these batches. It locks the order, and if it then waited for a batch
-- that another watcher has locked, the two could deadlock.
create or replace function lock_news(p_reports jsonb, out orders bigint[], out batches integer[])
  language sql as $$
  with held as (
    select b.order_id, b.batch
      from batches b
      join jsonb_to_recordset(p_reports) as r(o bigint, b integer, status text, remains bigint,
          start bigint, charge text)
        on b.order_id = r.o and b.batch = r.b
      where (b.provider_status, b.remains, b.start_count, b.provider_charge) is distinct from
          (r.status, r.remains, start_after(b.start_count, r.start, b.delivered > 0), r.charge)
        or b.report_version > 0
      order by b.order_id, b.batch for update of b
  )
  select array_agg(order_id), array_agg(batch) from held
$$;
