-- An archived order keeps its row, its batches, its events and its money. What was only useful while
-- it was delivered is compacted, in steps of bounded size. Each step can be repeated: a second call
-- finds nothing left to do.

-- Whether a point of a delivery curve is kept when p_points points are thinned to p_most: the first,
-- the last, and points at even distances between them.
create or replace function is_kept_point(p_n bigint, p_points bigint, p_most integer)
  returns boolean language sql immutable as $$
  select p_points <= p_most or p_n = 1
    or (p_n - 1) * (p_most - 1) / (p_points - 1) > (p_n - 2) * (p_most - 1) / (p_points - 1)
$$;

-- The next p_most batches of these orders, after batch p_batch of order p_order. Reads at most p_most
-- batches of each order: a drip-feed has thousands.
create or replace function next_batches(
  p_orders bigint[], p_order bigint, p_batch integer, p_most integer
) returns table (order_id bigint, batch integer) language sql stable as $$
  select o.id, b.batch
    from unnest(p_orders) as o(id) cross join lateral (
      select batch from batches
        where order_id = o.id and batch > case when o.id = p_order then p_batch else 0 end
        order by batch limit p_most) b
    where o.id >= p_order
    order by o.id, b.batch limit p_most
$$;

-- Thins the delivery curves of the next p_batches batches of archived orders to p_points points a
-- batch, and forgets what providers and connections said about their attempts. What a rule still
-- reads stays: the meaning of a refusal, and the evidence about an unknown send. Returns the last of
-- these batches (null: there was none) and how many rows changed.
create or replace function compact_batches(
  p_orders bigint[], p_order bigint, p_batch integer, p_batches integer, p_points integer,
  out order_id bigint, out batch integer, out changed bigint
) language sql as $$
  with next as (
    select n.order_id, n.batch from next_batches(p_orders, p_order, p_batch, p_batches) n
  ), points as (
    select s.order_id, s.batch, s.at,
           row_number() over (partition by s.order_id, s.batch order by s.at) as n,
           count(*) over (partition by s.order_id, s.batch) as points
      from next join delivery_samples s on s.order_id = next.order_id and s.batch = next.batch
  ), thinned as (
    delete from delivery_samples s using points p
      where s.order_id = p.order_id and s.batch = p.batch and s.at = p.at
        and not is_kept_point(p.n, p.points, p_points)
      returning s.batch
  ), forgotten as (
    update attempts a set error = null, candidates = '[]',
        detail = case when a.state = 'refused' then a.detail end
      from next where a.order_id = next.order_id and a.batch = next.batch
        and (a.error is not null or a.candidates <> '[]'
          or (a.state <> 'refused' and a.detail is not null))
      returning a.batch
  ), last as (
    select l.order_id, l.batch from next l order by l.order_id desc, l.batch desc limit 1
  )
  select last.order_id, last.batch,
         (select count(*) from thinned) + (select count(*) from forgotten)
    from (values (true)) as one left join last on true
$$;

-- Forgets the requests of archived orders whose batches are compacted, and marks the orders as
-- compacted. An Idempotency-Key that is older than p_days ends with the request. Their order's
-- version stays: its customer sees no change. Returns how many orders were marked.
create or replace function finish_compaction(p_orders bigint[], p_days integer)
  returns bigint language sql as $$
  -- Lock order: two runs that overlap take the claims in the same order.
  with held as (
    select order_id from claims where order_id = any (p_orders) and state = 'order'
      order by order_id for update
  )
  update claims c set request = null, idempotency_key = case
      when c.created_at >= clock_timestamp() - make_interval(days => p_days)
        then c.idempotency_key end
    from held where c.order_id = held.order_id and c.request is not null;
  with marked as (
    update orders set compacted_at = clock_timestamp()
      where id = any (p_orders) and compacted_at is null returning id
  )
  select count(*) from marked
$$;
