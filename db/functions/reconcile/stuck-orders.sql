-- The next orders by id with work that only their workflow can do and that has been due for
-- p_seconds: a start or a run, the end of a send, a report that was signalled and not acted on, a
-- refill that was never asked for. Many of these orders wait for a good reason, like a paused
-- provider: the reconciler only checks their workflows.
create or replace function overdue_orders(p_after bigint, p_seconds integer, p_limit integer)
  returns table (order_id bigint) language sql stable as $$
  with since as (select clock_timestamp() - make_interval(secs => p_seconds) as at)
  (select id from orders, since
    where settled_at is null and (status = 'Pending' or next_run_at is not null) and id > p_after
      and coalesce(next_run_at, created_at) < since.at and paused_at is null
    order by id limit p_limit)
  union
  (select distinct b.order_id from batches b, since
    where (b.state in ('waiting', 'sending') or b.report_version > b.acked_version)
      and b.order_id > p_after
      and case
        when b.state = 'running' then b.reported_at is not null or b.terminal_at < since.at
        when b.state in ('waiting', 'sending') then exists (select from attempts a
          where a.order_id = b.order_id and a.batch = b.batch and a.state in ('intent', 'sending')
            and coalesce(a.sending_at, a.created_at) < since.at)
        else false end
    order by 1 limit p_limit)
  union
  (select r.order_id from refills r, since
    where r.stage <> 'ended' and r.order_id > p_after
      and (r.stage <> 'review' and r.review_at < since.at
        or r.stage = 'asking' and r.requested_at < since.at)
    order by 1 limit p_limit)
  order by 1 limit p_limit
$$;

-- Resolves the alert about an order whose workflow makes progress again. p_attention is what the
-- workflow says the order waits for; it is stored unless the order has changed since p_version.
create or replace function order_gets_on(p_order bigint, p_attention text, p_version integer)
  returns void language plpgsql as $$
begin
  update orders set attention = p_attention, version = version + 1
    where id = p_order and settled_at is null and version = p_version
      and attention <> p_attention;
  perform resolve_alert('workflow_stuck', 'order:' || p_order, clock_timestamp());
end $$;
