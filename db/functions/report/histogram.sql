-- Histograms of durations; domain/report/histogram.ts says what the buckets are.

-- The histogram of durations; zeros at the end are left out.
create or replace function histogram(p_durations double precision[])
  returns integer[] language sql immutable as $$
  with counted as (
    select case when d < 1 then 0 else least(1 + floor(log(2, d::numeric) * 3), 71) end as bucket,
        count(*)::integer as n
      from unnest(p_durations) d group by 1
  )
  select coalesce(array_agg(coalesce(n, 0) order by b), '{}')
    from generate_series(0, (select max(bucket)::integer from counted)) b
    left join counted on bucket = b
$$;

create or replace function add_histograms(p_one integer[], p_other integer[])
  returns integer[] language sql immutable as $$
  select coalesce(array_agg(coalesce(a, 0) + coalesce(b, 0) order by i), '{}')
    from unnest(p_one, p_other) with ordinality as t(a, b, i)
$$;
