-- What the API needs beside the orders themselves.

-- How a service has been delivered lately is read from the orders of it that ended lately.
create index orders_service_settled on orders (service_id, settled_at) where settled_at is not null;

-- What staff did, written in the transaction that did it where there is one, and before the question where an order's workflow
-- is asked. `detail` is what was asked for, without keys and secrets. Nobody changes it afterwards.
create table audit (
  id         bigint generated always as identity primary key,
  at         timestamptz not null default clock_timestamp(),
  -- Null for what was typed into the Temporal UI: no key says who that was.
  account_id integer references accounts,
  key_id     integer references api_keys,
  actor      text not null,
  -- The route, like `POST /v1/admin/accounts/:id/keys`, and what it was about, like `accounts/1001/keys`.
  action     text not null,
  subject    text not null,
  -- The id of what was made or changed, where there is one.
  object     bigint,
  detail     jsonb not null,
  request_id text not null,
  check ((account_id is null) = (key_id is null))
);
-- What was done in the Temporal UI, in the transaction that writes it into the timeline; once for each note of an order.
create function audit_from_ui(p_order bigint, p_note text, p_type text, p_actor text, p_data jsonb) returns void language sql as $$
  insert into audit (actor, action, subject, object, detail, request_id)
    select p_actor, 'Temporal UI: ' || p_type, 'orders/' || p_order, p_order, p_data, 'order-' || p_order || '/' || p_note
      where p_actor = 'staff (Temporal UI)' or starts_with(p_actor, 'staff (Temporal UI): ')
$$;
create index audit_subject on audit (subject text_pattern_ops, id);
create index audit_key on audit (key_id, id);
create trigger audit_append_only before update or delete on audit for each row execute function refuse_change();
create trigger audit_no_truncate before truncate on audit for each statement execute function refuse_change();

-- A list of orders that is too long to wait for. Its workflow knows the id alone; what is to be placed, and what became of it,
-- is here.
create table mass_placements (
  id              bigint generated always as identity (start with 501) primary key,
  account_id      integer not null references accounts,
  idempotency_key text not null,
  total           integer not null check (total > 0),
  created_at      timestamptz not null default clock_timestamp(),
  ended_at        timestamptz,
  -- What became of its lines, once these are old and have been deleted.
  placed          integer,
  refused         integer,
  canceled        integer,
  unique (account_id, idempotency_key)
);
create index mass_placements_open on mass_placements (id) where ended_at is null;
create index mass_placements_waiting on mass_placements (account_id) where ended_at is null;
create index mass_placements_ended on mass_placements (ended_at) where ended_at is not null and placed is null;

-- A line that is waiting and has an order id is being placed: its claim is written, and it can no longer be canceled.
create table mass_lines (
  mass_id  bigint not null references mass_placements,
  line     integer not null check (line > 0),
  request  jsonb,
  status   text not null default 'waiting' check (status in ('waiting', 'placed', 'refused', 'canceled')),
  order_id bigint,
  error    jsonb,
  primary key (mass_id, line),
  check ((status = 'refused') = (error is not null)),
  check (status = 'refused' or request is not null)
);
create index mass_lines_waiting on mass_lines (mass_id, line) where status = 'waiting';

-- The lines of a list that has ended are deleted, and their counts kept: its key must never place it again.
create function forget_mass_lines(p_mass bigint) returns integer language plpgsql as $$
declare
  gone integer;
begin
  update mass_placements m set placed = l.placed, refused = l.refused, canceled = l.canceled
    from (select count(*) filter (where status = 'placed') as placed, count(*) filter (where status = 'refused') as refused,
                 count(*) filter (where status = 'canceled') as canceled
            from mass_lines where mass_id = p_mass) l
    where m.id = p_mass and m.ended_at is not null and m.placed is null;
  if not found then
    return 0;
  end if;
  delete from mass_lines where mass_id = p_mass;
  get diagnostics gone = row_count;
  return gone;
end $$;

-- Writes the claim of a line, once: the order id it has from now on; null when the line waits no longer.
create function open_mass_line(p_mass bigint, p_line integer) returns bigint language plpgsql as $$
declare
  mass mass_placements;
  mine mass_lines;
begin
  select * into strict mine from mass_lines where mass_id = p_mass and line = p_line for update;
  if mine.status <> 'waiting' then
    return null;
  end if;
  if mine.order_id is null then
    select * into strict mass from mass_placements where id = p_mass;
    insert into claims (account_id, idempotency_key, fingerprint, request)
      -- No client can send a line feed in a header, so no key of theirs is ever one of these.
      values (mass.account_id, mass.idempotency_key || chr(10) || p_line, sha256(convert_to(mine.request::text, 'UTF8')), mine.request)
      returning order_id into mine.order_id;
    update mass_lines set order_id = mine.order_id where mass_id = p_mass and line = p_line;
  end if;
  return mine.order_id;
end $$;

-- A line can never be placed: the database cannot take it (p_why). One whose order was made all the same is placed.
create function refuse_mass_line(p_mass bigint, p_line integer, p_error jsonb, p_why text) returns void language plpgsql as $$
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
  update mass_lines set status = case when placed then 'placed' else 'refused' end, error = case when not placed then p_error end
    where mass_id = p_mass and line = p_line;
end $$;
