-- Stores checks after the settlement. p_looks is [{o, b, heard}]; heard: the provider answered and
-- the answer is stored. The next check is one poll later, or after an eighth of the time since the
-- settlement if that is longer: about sixty checks, frequent at first, the last at the end of the
-- watch (p_hours). A check without an answer is repeated within ten minutes, or one poll if that is
-- longer; for an eighth of p_hours even after the end.
create or replace function looked_at(p_looks jsonb, p_at timestamptz, p_hours integer)
  returns void language sql as $$
  with clock as (
    select b.order_id, b.batch, l.heard, make_interval(secs => p.poll_seconds) as poll,
           greatest(p_at - o.settled_at, '0') as age, make_interval(hours => p_hours) as watched,
           o.settled_at
      from jsonb_to_recordset(p_looks) as l(o bigint, b integer, heard boolean)
      join batches b on b.order_id = l.o and b.batch = l.b
      join orders o on o.id = b.order_id join providers p on p.id = b.provider_id
      order by b.order_id, b.batch for update of b
  )
  update batches b set next_look_at = case
      when c.age >= c.watched and (c.heard or c.age >= c.watched * 9 / 8) then null
      when c.heard then least(p_at + greatest(c.poll, c.age / 8), c.settled_at + c.watched)
      else p_at + greatest(c.poll, least(c.age / 8, interval '10 minutes')) end
    from clock c where b.order_id = c.order_id and b.batch = c.batch
$$;
