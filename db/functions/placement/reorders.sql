-- Why a claim cannot be the reorder of this order; null when it can, or when it is no reorder. Claims
-- that reorder one order are decided one after the other, and one of them becomes an order.
create or replace function reorder_refusal(p_reorder_of bigint)
  returns jsonb language plpgsql as $$
declare
  reorder bigint;
begin
  if p_reorder_of is null then
    return null;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('reorder of ' || p_reorder_of, 42));
  select id into reorder from orders where reorder_of = p_reorder_of;
  return case when reorder is not null then jsonb_build_object('code', 'already_reordered',
    'detail', format('order %s orders the rest of this order', reorder)) end;
end $$;
