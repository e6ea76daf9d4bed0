-- Stores the claim of a line, once. Returns its order id; null when the line no longer waits.
create or replace function open_mass_line(p_mass bigint, p_line integer)
  returns bigint language plpgsql as $$
declare
  mine mass_lines;
begin
  select * into strict mine from mass_lines where mass_id = p_mass and line = p_line for update;
  if mine.status <> 'waiting' then
    return null;
  end if;
  if mine.order_id is null then
    insert into claims (account_id, idempotency_key, fingerprint, request)
      -- The list's own key may begin another list once this one is old, so the line's key is made from
      -- the list's id. No client can send a line feed in a header, so no client's key equals one of
      -- these.
      select account_id, chr(10) || p_mass || chr(10) || p_line,
          sha256(convert_to(mine.request::text, 'UTF8')), mine.request
        from mass_placements where id = p_mass
      returning order_id into strict mine.order_id;
    update mass_lines set order_id = mine.order_id where mass_id = p_mass and line = p_line;
  end if;
  return mine.order_id;
end $$;

-- Refuses a line that can never be placed (p_why: the error's name). A line that has an order after
-- all is placed.
create or replace function refuse_mass_line(
  p_mass bigint, p_line integer, p_error jsonb, p_why text
) returns void language plpgsql as $$
declare
  mine   mass_lines;
  placed boolean;
begin
  select * into strict mine from mass_lines where mass_id = p_mass and line = p_line for update;
  if mine.status <> 'waiting' then
    return;
  end if;
  perform refuse_unplaceable(mine.order_id, p_error, p_why);
  placed := exists (select from claims where order_id = mine.order_id and state = 'order');
  update mass_lines set status = case when placed then 'placed' else 'refused' end,
      error = case when not placed then p_error end
    where mass_id = p_mass and line = p_line;
end $$;

-- Deletes the lines of a list that has ended and keeps their counts. The list's idempotency key ends
-- in the same transaction as the answer that is stored for it: a key that only one of them knows
-- would answer with this list, or place another as if it were this one.
create or replace function forget_mass_lines(p_mass bigint) returns integer language plpgsql as $$
declare
  list mass_placements;
  gone integer;
begin
  select * into list from mass_placements
    where id = p_mass and ended_at is not null and placed is null for update;
  if not found then
    return 0;
  end if;
  update mass_placements m set placed = l.placed, refused = l.refused, canceled = l.canceled,
      idempotency_key = null
    from (select count(*) filter (where status = 'placed') as placed,
                 count(*) filter (where status = 'refused') as refused,
                 count(*) filter (where status = 'canceled') as canceled
            from mass_lines where mass_id = p_mass) l
    where m.id = p_mass;
  delete from stored_answers where account_id = list.account_id
    and idempotency_key = list.idempotency_key and route = 'POST /v1/orders/batch';
  delete from mass_lines where mass_id = p_mass;
  get diagnostics gone = row_count;
  return gone;
end $$;
