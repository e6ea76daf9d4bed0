-- The days of the last p_days (UTC) that must be counted at p_at: those never counted, and those that
-- may have changed since. A correction changes an order for p_hours after its settlement. Today and
-- yesterday are counted anew every ten minutes, other days every six hours.
create or replace function days_to_count(p_at timestamptz, p_days integer, p_hours integer)
  returns setof date language sql stable as $$
  select d::date
    from generate_series((p_at at time zone 'UTC')::date - (p_days - 1),
        (p_at at time zone 'UTC')::date, interval '1 day') d
    left join counted_days c on c.day = d::date
    where c.counted_at is null
      or (c.counted_at < ((d::date + 1)::timestamp at time zone 'UTC')
            + make_interval(hours => p_hours + 1)
        and c.counted_at <= p_at - case
          when d::date >= (p_at at time zone 'UTC')::date - 1 then interval '10 minutes'
          else interval '6 hours' end)
    order by d
$$;

-- Counts a day anew: the orders that ended on it, how long they took, and the refills that were
-- requested on it. To the start: from the placing or the schedule. To Completed: without drip-feeds,
-- whose time is planned.
create or replace function count_day(p_day date, p_at timestamptz) returns void
  language plpgsql set enable_seqscan = off as $$
declare
  begins timestamptz := p_day::timestamp at time zone 'UTC';
  ends   timestamptz := (p_day + 1)::timestamp at time zone 'UTC';
begin
  -- One count of a day at a time.
  insert into counted_days (day, counted_at) values (p_day, p_at)
    on conflict (day) do update set counted_at = excluded.counted_at;
  delete from order_days where day = p_day;
  insert into order_days (day, part, subject, completed, partial, canceled, refills, starts, ends)
    with ended as (
      select o.service_id, provider_of(o.id) as provider, o.status, 0 as refills,
          extract(epoch from o.started_at - greatest(o.scheduled_at, o.created_at))::float8
            as to_start,
          case when o.status = 'Completed' and o.runs = 1 then extract(epoch from
            o.settled_at - greatest(o.scheduled_at, o.created_at))::float8 end as to_end
        from services s
        join orders o on o.service_id = s.id and o.settled_at >= begins and o.settled_at < ends
      union all
      select o.service_id, provider_of(o.id), null, 1, null, null
        from refills r join orders o on o.id = r.order_id
        where r.requested_at >= begins and r.requested_at < ends
    )
    select p_day, of.part, of.subject,
        count(*) filter (where e.status = 'Completed'), count(*) filter (where e.status = 'Partial'),
        count(*) filter (where e.status = 'Canceled'), sum(e.refills),
        histogram(array_agg(e.to_start) filter (where e.to_start is not null)),
        histogram(array_agg(e.to_end) filter (where e.to_end is not null))
      from ended e cross join lateral (values
        ('service', e.service_id), ('provider', e.provider)) as of(part, subject)
      where of.subject is not null
      group by of.part, of.subject;
end $$;
