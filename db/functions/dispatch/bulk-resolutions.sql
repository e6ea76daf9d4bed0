-- The unknown attempts of an order, at one provider or (null) at any: [{batch, attempt}].
create or replace function uncertain_attempts(p_order bigint, p_provider integer)
  returns jsonb language sql stable as $$
  select coalesce(
      jsonb_agg(jsonb_build_object('batch', batch, 'attempt', attempt) order by batch), '[]')
    from attempts
    where order_id = p_order and state = 'unknown' and may_be_sent(order_id, batch)
      and provider_id = coalesce(p_provider, provider_id)
$$;

-- Whether an order waits for this provider. An uncertain order waits for each provider that may have
-- it. Any other order waits for the providers of its batches that have not ended; when all batches
-- have ended, for the providers of all its batches.
create or replace function waits_for_provider(
  p_order bigint, p_attention text, p_provider integer
) returns boolean language sql stable as $$
  select case
    when p_attention = 'uncertain' then uncertain_attempts(p_order, p_provider) <> '[]'
    when exists (select from batches
        where order_id = p_order and state <> 'done' and provider_id is not null)
      then exists (select from batches
        where order_id = p_order and state <> 'done' and provider_id = p_provider)
    else exists (select from batches where order_id = p_order and provider_id = p_provider) end
$$;
