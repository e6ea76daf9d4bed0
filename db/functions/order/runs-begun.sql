-- How many runs of an order have begun.
create or replace function runs_begun(p_order bigint) returns integer language sql stable as $$
  select count(*)::integer from batches
    where order_id = p_order and refill is null and resends is null
$$;
