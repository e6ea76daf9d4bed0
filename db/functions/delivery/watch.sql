-- What a round of a provider's watch has to do: a look at a few indexes, so that a round without work
-- is one statement. True may be wrong, because each part of the round reads exactly what is due; false
-- is right. p_hours is as in judge_last_words, p_stop_minutes as in owed_stops.
--
-- Without enable_seqscan = off a guess of the planner (many batches run, so the first row is near)
-- reads the whole table for a provider where none runs.
create or replace function watch_work(
  p_provider integer, p_at timestamptz, p_hours integer, p_stop_minutes integer,
  out running boolean, out settled boolean, out released boolean, out "lastWords" boolean,
  out refills boolean, out "refillEnds" boolean, out searches boolean, out evidence boolean,
  out "lateOrders" boolean, out stops boolean
) language sql stable set enable_seqscan = off as $$
  select
    exists (select from batches where provider_id = p_provider and state = 'running'),
    exists (select from batches where provider_id = p_provider and next_look_at <= p_at),
    exists (select from held_corrections where provider_id = p_provider and state = 'released'),
    has_words_to_judge(p_provider, p_at, p_hours),
    exists (select from refill_parts where provider_id = p_provider and state = 'asked'),
    exists (select from refills r
      join refill_parts p on p.order_id = r.order_id and p.refill = r.number
      where r.stage <> 'ended' and is_followed(r) and p.provider_id = p_provider),
    exists (select from attempts
      where provider_id = p_provider and state = 'unknown'
        and (next_look_at is null or next_look_at <= clock_timestamp()))
    or exists (select from attempts
      where provider_id = p_provider and state = 'released'
        and decided_at > p_at - make_interval(hours => p_hours)
        and (next_look_at is null or next_look_at <= clock_timestamp())),
    exists (select from attempts a
      where provider_id = p_provider and state = 'unknown' and evidence is not null
        and not is_decided(a)),
    exists (select from late_orders
      where provider_id = p_provider and next_look_at <= clock_timestamp()),
    exists (select from owed_stops(p_provider, p_stop_minutes, p_hours))
$$;

-- Takes reports of a provider that their workflows have not acted on, at most p_most: those that were
-- never sent, and those that were sent p_resend seconds ago (p_parked for a parked order). Marks them
-- as sent now. Only batches after (p_after, p_after_batch) and of orders up to p_to (null: all).
--
-- A batch that another transaction is writing is left for the next round: record_call has orders
-- locked here, and waiting for a batch then would be a deadlock.
create or replace function take_reports(
  p_provider integer, p_after bigint, p_after_batch integer, p_to bigint, p_most integer,
  p_resend integer, p_parked integer
) returns setof batches language sql as $$
  update batches b set reported_at = clock_timestamp()
    from (
      select order_id, batch from batches
        where provider_id = p_provider and state = 'running' and report_version > acked_version
          and (order_id, batch) > (p_after, p_after_batch)
          and order_id <= coalesce(p_to, 9223372036854775807)
          and (reported_at is null or reported_at < clock_timestamp() - make_interval(secs =>
            case when exists (select from alerts where kind = 'order_parked'
                and subject = 'order:' || order_id and resolved_at is null)
              then p_parked else p_resend end))
        order by order_id, batch limit p_most for update skip locked
    ) due
    where b.order_id = due.order_id and b.batch = due.batch
    returning b.*
$$;

-- One status call: stores what a provider said (as record_reports), and takes the reports that are
-- due among the orders of the call.
create or replace function record_call(
  p_provider integer, p_reports jsonb, p_at timestamptz, p_samples integer, p_most integer,
  p_resend integer, p_parked integer
) returns setof batches language plpgsql as $$
declare
  from_order bigint;
  to_order   bigint;
begin
  perform record_reports(p_provider, p_reports, p_at, p_samples);
  select min(o), max(o) into from_order, to_order from jsonb_to_recordset(p_reports) as r(o bigint);
  return query select * from take_reports(
    p_provider, from_order, 0, to_order, p_most, p_resend, p_parked);
end $$;
