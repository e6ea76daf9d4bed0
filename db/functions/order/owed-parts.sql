-- The missing parts of an open order that must be sent again and have no batch yet: of batches that
-- ended short, when staff or the order's terms said so.
create or replace function owed_parts(p_order bigint)
  returns table (batch integer, missing bigint) language sql stable as $$
  select b.batch, b.quantity - b.delivered
    from orders o join batches b on b.order_id = o.id
    where o.id = p_order and o.settled_at is null and b.state = 'done'
      and b.provider_order is not null and b.delivered < b.quantity
      and (b.resend or (o.after_failed_run = 'retry' and o.runs > 1))
      and not exists (select from batches again
        where again.order_id = p_order and again.resends = b.batch)
$$;
