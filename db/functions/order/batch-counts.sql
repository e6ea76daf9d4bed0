-- Sets what a member of staff says of a batch: its start count, and while it runs at a provider, what
-- remains. The number that the customer sees follows; no money moves, because only a provider's last
-- word or a resolution settles. The next word of the provider replaces remains, and raises what was
-- delivered when it says more. outcome: set, no_batch, or not_running (remains of a batch that does
-- not run, or whose provider has said its last word).
create or replace function set_batch_counts(
  p_order bigint, p_batch integer, p_start bigint, p_remains bigint, p_actor text, p_reason text,
  p_at timestamptz, out outcome text, out quantity bigint, out delivered bigint,
  out start_count bigint, out remains bigint
) language plpgsql as $$
declare
  had  batches;
  more bigint;
begin
  -- Lock order, as everywhere: batches before their order.
  select * into had from batches b where b.order_id = p_order and b.batch = p_batch for update;
  outcome := case when had.order_id is null then 'no_batch'
    when p_remains is not null and (had.state <> 'running' or had.terminal_at is not null)
      then 'not_running' else 'set' end;
  if outcome <> 'set' then
    return;
  end if;
  perform from orders o where o.id = p_order for update;
  update batches b set start_count = coalesce(p_start, b.start_count),
      remains = coalesce(p_remains, b.remains),
      delivered = case when p_remains is null then b.delivered
        else greatest(b.quantity - p_remains, 0) end
    where b.order_id = p_order and b.batch = p_batch
    returning b.quantity, b.delivered, b.start_count, b.remains
    into quantity, delivered, start_count, remains;
  more := case when had.refill is null then delivered - had.delivered else 0 end;
  update orders o set version = version + 1,
      delivered = case when o.settled_at is null
        then least(greatest(o.delivered + more, 0), o.total_quantity) else o.delivered end,
      start_count = case when p_batch = 1 then coalesce(p_start, o.start_count)
        else o.start_count end
    where o.id = p_order;
  perform add_event(p_order, 'counts.set', p_actor, p_at, jsonb_build_object('batch', p_batch,
    'startCount', start_count, 'remains', remains, 'reason', p_reason,
    'was', jsonb_build_object('startCount', had.start_count, 'remains', had.remains)));
end $$;
