-- Webhooks: who is told of which events, and how each telling went.

-- Told by POST to a url, or by e-mail. events: the types it is told of; null: every one. The secret, which signs what is
-- posted, is AES-256-GCM ciphertext bound to the id; for a while after it was changed the one before signs too. A deleted
-- endpoint keeps its row, for its log, but neither addresses nor secrets.
create table webhook_endpoints (
  id              integer generated always as identity primary key,
  account_id      integer not null references accounts,
  url             text,
  email           text,
  description     text,
  events          text[] check (cardinality(events) > 0),
  secret_cipher   bytea,
  previous_cipher bytea,
  previous_until  timestamptz,
  -- Until when the code counts that was sent to the e-mail address, and since when it is known that somebody reads mail there.
  confirm_until   timestamptz,
  confirmed_at    timestamptz,
  -- gone: its receiver said so (410); owner: its account did; failing: nothing got through for days; unconfirmed: nobody has
  -- shown yet that they read mail at the address.
  disabled_reason text check (disabled_reason in ('gone', 'owner', 'failing', 'unconfirmed', 'deleted')),
  -- The first attempt that failed since the last that did not, and the events given up since then.
  failing_since   timestamptz,
  given_up        integer not null default 0,
  -- When a period was sent again last, and the tests since when: both are bounded.
  replayed_at     timestamptz,
  tests           integer not null default 0,
  tests_since     timestamptz,
  created_at      timestamptz not null default clock_timestamp(),
  check ((previous_cipher is null) = (previous_until is null)),
  check (num_nonnulls(url, email) = 1 or coalesce(disabled_reason, '') = 'deleted'),
  check ((secret_cipher is null) = (url is null)),
  -- Nobody is told by e-mail of anything they have not asked for.
  check (email is null or confirmed_at is not null or coalesce(disabled_reason, '') in ('unconfirmed', 'deleted')),
  check (disabled_reason is distinct from 'unconfirmed' or confirm_until is not null)
);
create index webhook_endpoints_account on webhook_endpoints (account_id, id) where disabled_reason is distinct from 'deleted';

-- What customers are told of; all else that happens to an order is in its timeline only.
create function is_announced(p_type text) returns boolean language sql immutable as $$
  select p_type in ('order.accepted', 'order.in_progress', 'order.stalled', 'order.review', 'order.completed', 'order.partial',
    'order.canceled', 'order.corrected', 'refill.requested', 'refill.in_progress', 'refill.completed', 'refill.rejected')
$$;

-- A mail that asks somebody to confirm their address is the one mail they have not asked for, so these are counted, also
-- those for endpoints that have been deleted meanwhile. The address is not kept, only its SHA-256.
create table webhook_confirmations (
  id         bigint generated always as identity primary key,
  account_id integer not null references accounts,
  address    bytea not null,
  at         timestamptz not null default clock_timestamp()
);
create index webhook_confirmations_address on webhook_confirmations (address, at);
create index webhook_confirmations_account on webhook_confirmations (account_id, at);

-- Counts one more; false, and nothing is counted, when the address or the account has had as many in a day as it may have.
create function count_confirmation(p_account integer, p_email text, p_of_address integer, p_of_account integer)
  returns boolean language plpgsql as $$
declare
  digest bytea := sha256(convert_to(lower(p_email), 'UTF8'));
  yesterday timestamptz := clock_timestamp() - interval '1 day';
begin
  -- Two at a time would each count without the other. Its account is locked by whoever makes an endpoint.
  perform pg_advisory_xact_lock(hashtextextended(encode(digest, 'hex'), 0));
  if (select count(*) from webhook_confirmations where address = digest and at > yesterday) >= p_of_address
    or (select count(*) from webhook_confirmations where account_id = p_account and at > yesterday) >= p_of_account then
    return false;
  end if;
  insert into webhook_confirmations (account_id, address) values (p_account, digest);
  return true;
end $$;

-- One event to one endpoint. An event of id n that is in no row of events is of the endpoint alone: a test, the question
-- whether an address is its owner's, or that it was disabled. pending: the outbox makes the first
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
  -- When its owner asked last to have this one event sent again.
  replayed_at     timestamptz,
  primary key (endpoint_id, event_id),
  check ((state in ('pending', 'retrying')) = (next_attempt_at is not null)),
  check ((state = 'delivered') = (delivered_at is not null))
);
create index webhook_deliveries_pending on webhook_deliveries (endpoint_id, next_attempt_at) where state = 'pending';
-- For what is old; nearly in order, so that blocks are all it has to remember.
create index webhook_deliveries_created on webhook_deliveries using brin (created_at);
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

-- Counts one more test of an endpoint; false, and nothing is counted, when it has had as many in a minute as it may have.
create function count_test(p_endpoint integer, p_most integer) returns boolean language sql as $$
  update webhook_endpoints w set
      tests = case when w.tests_since > clock_timestamp() - interval '1 minute' then w.tests + 1 else 1 end,
      tests_since = case when w.tests_since > clock_timestamp() - interval '1 minute' then w.tests_since else clock_timestamp() end
    where w.id = p_endpoint and (w.tests < p_most or w.tests_since is null or w.tests_since <= clock_timestamp() - interval '1 minute')
    returning true
$$;

-- Whom a request to an endpoint goes to: 0 is the mail server.
create function receiver_of(p_endpoint webhook_endpoints) returns integer language sql immutable as $$
  select case when p_endpoint.email is null then p_endpoint.id else 0 end
$$;

-- For replays of what happened in a period.
create index events_announced_at on events (account_id, at) where is_announced(type);

-- Takes deliveries whose first attempt is due, at most p_each of a receiver and none of those in p_busy, so that one slow
-- receiver does not hold up the others. A url is a receiver, by its endpoint's id; the mail server is one, 0, whosever mail it
-- is. Whoever took them has p_lease seconds, then they are somebody else's to take.
create function take_deliveries(p_most integer, p_each integer, p_busy integer[], p_lease integer)
  returns table (event_id bigint, endpoint_id integer, round integer, receiver integer) language sql as $$
  with recursive waiting(id) as (
    -- From one endpoint to the next by the index, however many deliveries each has.
    (select d.endpoint_id from webhook_deliveries d where d.state = 'pending' order by d.endpoint_id limit 1)
    union all
    select (select d.endpoint_id from webhook_deliveries d where d.state = 'pending' and d.endpoint_id > w.id
              order by d.endpoint_id limit 1)
      from waiting w where w.id is not null
  ), turn as (
    -- At random, so that no endpoint is always the last.
    select one.id, one.receiver from (
      select distinct on (receiver) e.id, receiver_of(e) as receiver
        from waiting w join webhook_endpoints e on e.id = w.id
        where exists (select from webhook_deliveries d
          where d.endpoint_id = e.id and d.state = 'pending' and d.next_attempt_at <= now())
        order by receiver, random()) one
      where one.receiver <> all (p_busy) order by random() limit p_most
  ), due as (
    select d.endpoint_id, d.event_id, t.receiver from turn t cross join lateral (
      select p.endpoint_id, p.event_id from webhook_deliveries p
        where p.endpoint_id = t.id and p.state = 'pending' and p.next_attempt_at <= now()
        order by p.next_attempt_at limit p_each for update skip locked) d
      limit p_most
  )
  update webhook_deliveries d set next_attempt_at = now() + make_interval(secs => p_lease)
    from due where d.endpoint_id = due.endpoint_id and d.event_id = due.event_id
    returning d.event_id, d.endpoint_id, d.round, due.receiver
$$;

-- How an attempt ended: p_state is delivered, retrying (p_next: when), failed, or gone (it failed, and for good: the endpoint
-- is disabled, and what else is open for it is stopped). What is no longer open, or of another round, is left as it is.
-- A day without a success is an alert until there is one; who also gave up p_patience events in a row, over p_days days, is
-- told of nothing more: true is returned then.
create function record_delivery(
  p_endpoint integer, p_event bigint, p_round integer, p_state text, p_status integer, p_error text, p_next timestamptz,
  p_patience integer, p_days integer
) returns boolean language plpgsql as $$
declare
  had webhook_endpoints;
begin
  -- An endpoint is locked before its deliveries, and not at all by what goes well all the time.
  if p_state <> 'delivered' or exists (select from webhook_endpoints where id = p_endpoint and failing_since is not null) then
    select * into strict had from webhook_endpoints where id = p_endpoint for no key update;
  end if;
  update webhook_deliveries set state = case p_state when 'gone' then 'failed' else p_state end, attempts = attempts + 1,
      last_status = p_status, last_error = p_error, last_attempt_at = clock_timestamp(),
      next_attempt_at = case p_state when 'retrying' then p_next end,
      delivered_at = case p_state when 'delivered' then clock_timestamp() end
    where endpoint_id = p_endpoint and event_id = p_event and round = p_round and state in ('pending', 'retrying');
  if not found or had.id is null then
    return false;
  elsif p_state = 'delivered' then
    perform webhook_works(p_endpoint);
    return false;
  elsif p_state = 'gone' then
    perform disable_endpoint(p_endpoint, 'gone');
    return false;
  end if;
  had.failing_since := coalesce(had.failing_since, clock_timestamp());
  had.given_up := had.given_up + (p_state = 'failed')::integer;
  update webhook_endpoints set failing_since = had.failing_since, given_up = had.given_up
    where id = p_endpoint and (failing_since is null or p_state = 'failed');
  -- One that waits for its confirmation fails nobody.
  if had.disabled_reason is not null or had.failing_since > clock_timestamp() - interval '1 day' then
    return false;
  end if;
  perform raise_alert('webhook_failing', 'webhook:' || p_endpoint, 'nothing got through for a day', clock_timestamp());
  if had.given_up < p_patience or had.failing_since > clock_timestamp() - make_interval(days => p_days) then
    return false;
  end if;
  perform disable_endpoint(p_endpoint, 'failing');
  -- A line for its log.
  insert into webhook_deliveries (event_id, endpoint_id, type, state, next_attempt_at)
    values (nextval(pg_get_serial_sequence('events', 'id')), p_endpoint, 'webhook.disabled', 'stopped', null);
  return true;
end $$;

-- Something got through, or somebody has seen to it.
create function webhook_works(p_endpoint integer) returns void language sql as $$
  update webhook_endpoints set failing_since = null, given_up = 0 where id = p_endpoint;
  select resolve_alert('webhook_failing', 'webhook:' || p_endpoint, clock_timestamp())
$$;

-- Nothing more is sent there: what is open is stopped. An endpoint is locked before its deliveries.
create function disable_endpoint(p_endpoint integer, p_reason text) returns void language plpgsql as $$
begin
  update webhook_endpoints set disabled_reason = p_reason
    where id = p_endpoint and (disabled_reason is null or p_reason = 'deleted');
  update webhook_deliveries set state = 'stopped', next_attempt_at = null
    where endpoint_id = p_endpoint and state in ('pending', 'retrying');
  -- That it was failing stays an alert until somebody has seen to it.
  if p_reason <> 'failing' then
    perform webhook_works(p_endpoint);
  end if;
end $$;
