-- Batches that have delivered nothing for longer than their service allows, without paused orders.
create or replace function stalled_batches(p_provider integer)
  returns setof batches language sql stable as $$
  select b.* from batches b join orders o on o.id = b.order_id
    where b.provider_id = p_provider and b.state = 'running' and b.terminal_at is null
      and b.stalled_since is null and o.paused_at is null
      and b.progress_at < clock_timestamp() - make_interval(secs => o.stall_after_seconds)
$$;

-- Gives the stalled batches of some orders, or (null) of all orders, a report about the stall.
create or replace function record_stalls(p_provider integer, p_orders bigint[] default null)
  returns void language sql as $$
  with stuck as (
    -- Lock order, as everywhere: by order and batch.
    select b.order_id, b.batch from batches b join orders o on o.id = b.order_id
      where b.provider_id = p_provider and b.state = 'running' and b.terminal_at is null
        and b.stalled_since is null and o.paused_at is null
        and b.progress_at < clock_timestamp() - make_interval(secs => o.stall_after_seconds)
        and (p_orders is null or b.order_id = any (p_orders))
      order by b.order_id, b.batch for update of b
  )
  update batches b set stalled_since = b.progress_at, report_version = b.report_version + 1,
      reported_at = null
    from stuck s where b.order_id = s.order_id and b.batch = s.batch
$$;
