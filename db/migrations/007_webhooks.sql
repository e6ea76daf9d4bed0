-- Webhooks: who is told of which events, and how each telling went.

-- events: the types it is told of; null: every one. The secret is AES-256-GCM ciphertext bound to the id; for a while after
-- it was changed the one before signs too. A deleted endpoint keeps its row, for its log, but neither address nor secrets.
create table webhook_endpoints (
  id              integer generated always as identity primary key,
  account_id      integer not null references accounts,
  url             text not null,
  description     text,
  events          text[] check (cardinality(events) > 0),
  secret_cipher   bytea not null,
  previous_cipher bytea,
  previous_until  timestamptz,
  -- gone: its receiver said so (410); owner: its account did.
  disabled_reason text check (disabled_reason in ('gone', 'owner', 'deleted')),
  created_at      timestamptz not null default clock_timestamp(),
  check ((previous_cipher is null) = (previous_until is null))
);
create index webhook_endpoints_account on webhook_endpoints (account_id, id) where disabled_reason is distinct from 'deleted';

-- What customers are told of; all else that happens to an order is in its timeline only.
create function is_announced(p_type text) returns boolean language sql immutable as $$
  select p_type in ('order.accepted', 'order.in_progress', 'order.stalled', 'order.review', 'order.completed', 'order.partial',
    'order.canceled', 'order.corrected', 'refill.requested', 'refill.in_progress', 'refill.completed', 'refill.rejected')
$$;

-- One event to one endpoint. An event of id n that is in no row of events is a test. pending: the outbox makes the first
-- attempt, of which nobody else makes one before next_attempt_at; retrying: its workflow makes the others; stopped: the
-- endpoint was disabled. round counts the replays: what an attempt of an earlier round finds out is no longer asked.
create table webhook_deliveries (
  event_id        bigint not null,
  endpoint_id     integer not null references webhook_endpoints,
  type            text not null,
  order_id        bigint,
  state           text not null default 'pending' check (state in ('pending', 'retrying', 'delivered', 'failed', 'stopped')),
  round           integer not null default 1,
  attempts        integer not null default 0,
  last_status     integer,
  last_error      text,
  created_at      timestamptz not null default clock_timestamp(),
  last_attempt_at timestamptz,
  next_attempt_at timestamptz default now(),
  delivered_at    timestamptz,
  primary key (endpoint_id, event_id),
  check ((state in ('pending', 'retrying')) = (next_attempt_at is not null)),
  check ((state = 'delivered') = (delivered_at is not null))
);
create index webhook_deliveries_pending on webhook_deliveries (endpoint_id, next_attempt_at) where state = 'pending';
create index webhook_deliveries_undelivered on webhook_deliveries (endpoint_id, state, event_id) where state <> 'delivered';

-- A delivery for each endpoint that listens, in the transaction of the event itself: a reader of events by id would miss
-- those that commit late, and this reader has nothing to remember. Nothing here waits for anybody, and nobody is notified:
-- a NOTIFY makes commits wait for each other (measured: a fifth as many a second), so the outbox looks by itself.
create function announce_event() returns trigger language plpgsql as $$
begin
  insert into webhook_deliveries (event_id, endpoint_id, type, order_id)
    select new.id, w.id, new.type, new.order_id from webhook_endpoints w
      where w.account_id = new.account_id and w.disabled_reason is null and (w.events is null or new.type = any (w.events));
  return null;
end $$;
create trigger events_announced after insert on events
  for each row when (is_announced(new.type)) execute function announce_event();

-- For replays of what happened in a period.
create index events_announced_at on events (account_id, at) where is_announced(type);

-- Takes deliveries whose first attempt is due, at most p_each of an endpoint and none of those in p_busy, so that one slow
-- receiver does not hold up the others. Whoever took them has p_lease seconds, then they are somebody else's to take.
create function take_deliveries(p_most integer, p_each integer, p_busy integer[], p_lease integer)
  returns table (event_id bigint, endpoint_id integer, round integer) language sql as $$
  with recursive waiting(id) as (
    -- From one endpoint to the next by the index, however many deliveries each has.
    (select d.endpoint_id from webhook_deliveries d where d.state = 'pending' order by d.endpoint_id limit 1)
    union all
    select (select d.endpoint_id from webhook_deliveries d where d.state = 'pending' and d.endpoint_id > w.id
              order by d.endpoint_id limit 1)
      from waiting w where w.id is not null
  ), turn as (
    -- At random, so that no endpoint is always the last.
    select w.id from waiting w where w.id <> all (p_busy) order by random() limit p_most
  ), due as (
    select d.endpoint_id, d.event_id from turn t cross join lateral (
      select p.endpoint_id, p.event_id from webhook_deliveries p
        where p.endpoint_id = t.id and p.state = 'pending' and p.next_attempt_at <= now()
        order by p.next_attempt_at limit p_each for update skip locked) d
      limit p_most
  )
  update webhook_deliveries d set next_attempt_at = now() + make_interval(secs => p_lease)
    from due where d.endpoint_id = due.endpoint_id and d.event_id = due.event_id
    returning d.event_id, d.endpoint_id, d.round
$$;

-- How an attempt ended: p_state is delivered, retrying (p_next: when), failed, or gone (it failed, and for good: the endpoint
-- is disabled, and what else is open for it is stopped). What is no longer open, or of another round, is left as it is.
create function record_delivery(
  p_endpoint integer, p_event bigint, p_round integer, p_state text, p_status integer, p_error text, p_next timestamptz
) returns void language plpgsql as $$
begin
  if p_state = 'gone' then
    perform disable_endpoint(p_endpoint, 'gone', p_event);
  end if;
  update webhook_deliveries set state = case p_state when 'gone' then 'failed' else p_state end, attempts = attempts + 1,
      last_status = p_status, last_error = p_error, last_attempt_at = clock_timestamp(),
      next_attempt_at = case p_state when 'retrying' then p_next end,
      delivered_at = case p_state when 'delivered' then clock_timestamp() end
    where endpoint_id = p_endpoint and event_id = p_event and round = p_round and state in ('pending', 'retrying');
end $$;

-- Nothing more is sent there: what is open is stopped, but for p_except. An endpoint is locked before its deliveries.
create function disable_endpoint(p_endpoint integer, p_reason text, p_except bigint default null) returns void language sql as $$
  update webhook_endpoints set disabled_reason = p_reason
    where id = p_endpoint and (disabled_reason is null or p_reason = 'deleted');
  update webhook_deliveries set state = 'stopped', next_attempt_at = null
    where endpoint_id = p_endpoint and state in ('pending', 'retrying') and event_id is distinct from p_except
$$;
