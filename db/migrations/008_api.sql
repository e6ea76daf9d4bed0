-- What the API needs beside the orders themselves.

-- How a service has been delivered lately is read from the orders of it that ended lately.
create index orders_service_settled on orders (service_id, settled_at) where settled_at is not null;

-- What staff did, written in the transaction that did it where there is one, and before the question where an order's workflow
-- is asked. `detail` is what was asked for, without keys and secrets. Nobody changes it afterwards.
create table audit (
  id         bigint generated always as identity primary key,
  at         timestamptz not null default clock_timestamp(),
  account_id integer not null references accounts,
  key_id     integer not null references api_keys,
  actor      text not null,
  -- The route, like `POST /v1/admin/accounts/:id/keys`, and what it was about, like `accounts/1001/keys`.
  action     text not null,
  subject    text not null,
  -- The id of what was made or changed, where there is one.
  object     bigint,
  detail     jsonb not null,
  request_id text not null
);
create index audit_subject on audit (subject text_pattern_ops, id);
create index audit_key on audit (key_id, id);
create trigger audit_append_only before update or delete on audit for each row execute function refuse_change();
create trigger audit_no_truncate before truncate on audit for each statement execute function refuse_change();
