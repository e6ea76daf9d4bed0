-- An order's life: claim → order → batches → attempts, its delivery curve and what happened to it.

create sequence order_ids start with 10001;

-- A claim is the request for an order, written before anything else. It is decided exactly once, here and nowhere else:
-- open → order | refused | withdrawn. Whoever repeats the request finds the claim and joins it. A claim of panel API v2
-- expires, by this database's clock, because its caller has no key to ask again with.
create table claims (
  order_id        bigint primary key default nextval('order_ids'),
  account_id      integer not null references accounts,
  idempotency_key text,
  fingerprint     bytea not null,
  request         jsonb not null,
  state           text not null default 'open' check (state in ('open', 'order', 'refused', 'withdrawn')),
  refusal         jsonb,
  created_at      timestamptz not null default clock_timestamp(),
  expires_at      timestamptz,
  decided_at      timestamptz,
  check ((state = 'open') = (decided_at is null)),
  check ((state = 'refused') = (refusal is not null))
);
create unique index claims_key on claims (account_id, idempotency_key) where idempotency_key is not null;
create index claims_open on claims (created_at) where state = 'open';
-- Those that no database can take: an alert tells of them for as long as there are new ones.
create index claims_unplaceable on claims (decided_at) where refusal->>'code' = 'cannot_be_placed';

-- The service that a request asks for; null when no service can have that number.
create function service_asked(p_request jsonb) returns bigint language sql immutable as $$
  select case when p_request->>'service' ~ '^\d{1,18}$' then (p_request->>'service')::bigint end
$$;

-- What a link is found by in an index, where a long one has no place. Two links may share it: compare the keys too.
create function link_hash(p_link_key text) returns bigint language sql immutable strict as $$
  select hashtextextended(p_link_key, 42)
$$;
-- What became no order is deleted once it is old.
create index claims_over on claims (decided_at) where state in ('refused', 'withdrawn');

-- quantity is per run. Money is 1e-8 of the currency; unit_price is the price of one item, so price and charge are
-- products and nothing is ever divided or rounded. delivered is what the customer is shown: it never falls while the
-- order runs, and at settlement becomes what was charged for.
create table orders (
  id                   bigint primary key references claims (order_id),
  account_id           integer not null references accounts,
  service_id           integer not null references services,
  link                 text not null,
  link_key             text not null,
  quantity             integer not null check (quantity > 0),
  runs                 integer not null default 1 check (runs > 0),
  interval_minutes     integer check (interval_minutes > 0),
  total_quantity       bigint not null check (total_quantity = quantity::bigint * runs),
  -- What it was sold as, whatever its service is now.
  type                 text not null,
  fields               jsonb not null default '{}',
  unit_price           bigint not null check (unit_price >= 0),
  price                bigint not null check (price = unit_price * total_quantity),
  status               text not null default 'Pending'
                       check (status in ('Pending', 'Processing', 'In progress', 'Completed', 'Partial', 'Canceled')),
  attention            text not null default 'none'
                       check (attention in ('none', 'stalled', 'paused', 'review', 'conflict', 'uncertain')),
  reason               text check (reason in ('private', 'throttled', 'overloaded', 'deleted', 'refused', 'requested', 'unknown')),
  charge               bigint not null,
  refunded             bigint not null default 0,
  delivered            bigint not null default 0 check (delivered between 0 and total_quantity),
  start_count          bigint,
  refill_days          integer not null,
  refill_cap           integer not null,
  refill_cooldown_seconds integer not null,
  refill_fallback      text not null,
  stall_after_seconds  integer not null,
  review_after_seconds integer not null,
  created_at           timestamptz not null default clock_timestamp(),
  scheduled_at         timestamptz,
  started_at           timestamptz,
  settled_at           timestamptz,
  completed_at         timestamptz,
  next_run_at          timestamptz,
  refill_until         timestamptz,
  reference            text,
  -- What the service said when the order was accepted.
  cancelable           boolean not null,
  after_failed_run     text not null,
  verify                    text not null,
  counter_url               text,
  counter_tolerance_percent integer not null,
  recheck_seconds           integer not null,
  -- What its target showed just before anything was sent; null when nobody counted it.
  counted_start        bigint,
  paused_at            timestamptz,
  paused_by            text,
  canceled_by          text,
  -- No further run is begun, and every end of a batch is reported to the workflow.
  finishing            boolean not null,
  -- The number of the last note its workflow has written down.
  notes                integer not null default 0,
  -- How often something was given back after the settlement.
  corrections          integer not null default 0,
  version              integer not null default 1,
  check (charge >= 0 and refunded >= 0 and charge + refunded = price),
  check ((settled_at is not null) = (status in ('Completed', 'Partial', 'Canceled'))),
  -- What a correction takes back does not move the moment of Completed, nor the refill window that began with it.
  check (completed_at is null or status = 'Completed' or corrections > 0)
);
create index orders_account on orders (account_id, id desc);
create index orders_account_reference on orders (account_id, reference) where reference is not null;
create index orders_open on orders (id) where settled_at is null;
create index orders_waiting on orders (id) where attention <> 'none';
create index orders_open_link on orders (service_id, link_hash(link_key)) where settled_at is null;

-- A batch is one send to a provider: a plain order has one, a drip-feed has as many as runs. acked_version is the last
-- report its workflow has acted on; a report above it is sent again until it is.
create table batches (
  order_id         bigint not null references orders,
  batch            integer not null check (batch >= 1),
  quantity         bigint not null check (quantity > 0),
  state            text not null default 'waiting' check (state in ('waiting', 'sending', 'running', 'uncertain', 'done')),
  provider_id      integer references providers,
  provider_service text,
  provider_order   text,
  cost_rate        bigint,
  accepted_at      timestamptz,
  provider_status  text,
  delivered        bigint not null default 0 check (delivered between 0 and quantity),
  remains          bigint,
  -- It said that a number above 0 remains: a 0 after that is a number too.
  counts_down      boolean not null default false,
  start_count      bigint,
  provider_charge  text,
  progress_at      timestamptz,
  -- Since when nothing has been delivered, once that has been reported.
  stalled_since    timestamptz,
  -- In progress, or waiting for a provider to take it, beyond this, a person looks at it.
  review_at        timestamptz,
  -- When its provider was last asked to stop it, and what it answered; `stop_wanted_at`: a person ended it while its provider was at it.
  stop_asked_at    timestamptz,
  stop_answer      text check (stop_answer in ('accepted', 'refused', 'unclear')),
  stop_wanted_at   timestamptz,
  -- What is missing at its end is sent again on the next route.
  resend           boolean not null default false,
  -- The batch whose missing part this one sends again; null for a run.
  resends          integer,
  -- The refill it belongs to, sent at the house's cost: it counts neither as a run nor for the charge.
  refill           integer,
  terminal_at      timestamptz,
  -- What its provider's last word says it delivered; null while there is none that can be believed.
  supported        bigint check (supported between 0 and quantity),
  -- What it costs beside what was booked as its cost, as it was delivered after its customer had the money back.
  lost             bigint not null default 0 check (lost >= 0),
  -- When to ask its provider again, after its order was settled; null before, and once it is no longer watched.
  next_look_at     timestamptz,
  report_version   integer not null default 0,
  acked_version    integer not null default 0,
  reported_at      timestamptz,
  primary key (order_id, batch),
  check (acked_version <= report_version),
  check (state <> 'running' or (provider_id is not null and provider_order is not null and accepted_at is not null))
);
-- Two of our batches can never claim the same order of a provider.
create unique index batches_provider_order on batches (provider_id, provider_order) where provider_order is not null;
create index batches_running on batches (provider_id, order_id, batch) where state = 'running';
create index batches_looks on batches (provider_id, next_look_at) where next_look_at is not null;

-- An attempt is one try to place a batch. Only who moves it intent → sending, in its own commit, may send; a worker that
-- died leaves `sending` behind, which reads as unknown.
create table attempts (
  order_id         bigint not null,
  batch            integer not null,
  attempt          integer not null check (attempt >= 1),
  provider_id      integer not null references providers,
  provider_service text not null,
  cost_rate        bigint not null,
  state            text not null default 'intent' check (state in ('intent', 'sending', 'accepted', 'refused', 'unknown', 'released')),
  sends            integer not null default 0,
  provider_order   text,
  error            text,
  detail           text,
  created_at       timestamptz not null default clock_timestamp(),
  sending_at       timestamptz,
  decided_at       timestamptz,
  primary key (order_id, batch, attempt),
  foreign key (order_id, batch) references batches,
  check ((state = 'accepted') = (provider_order is not null))
);
-- How many sends a provider has in flight is counted each time one is taken.
create index attempts_sending on attempts (provider_id, sending_at) where state = 'sending';

-- The delivery curve: a point when the number changed, thinned to a bounded count an order.
create table delivery_samples (
  order_id  bigint not null,
  batch     integer not null,
  at        timestamptz not null,
  delivered bigint not null,
  primary key (order_id, batch, at),
  foreign key (order_id, batch) references batches
);

-- What happened to an order and who did it, in order; version is the order's version it led to.
create table events (
  id         bigint generated always as identity primary key,
  order_id   bigint not null references orders,
  account_id integer not null references accounts,
  type       text not null,
  actor      text not null,
  version    integer not null,
  data       jsonb not null default '{}',
  -- The workflow's own number of it: a note is written once, however often it is said.
  note       integer,
  at         timestamptz not null
);
create index events_order on events (order_id, id);
create unique index events_note on events (order_id, note) where note is not null;

-- The open orders of a service for a target. Whoever asks about a link asks here, so that all go by the same index.
create function open_orders_of_link(p_service integer, p_link_key text) returns setof orders language sql stable as $$
  select * from orders where service_id = p_service and link_hash(link_key) = link_hash(p_link_key) and link_key = p_link_key
    and settled_at is null
$$;

-- Whether an open order holds up one of this account for the same link. Another account's does only where all accounts count, and while
-- it is at work: one that is scheduled for later, or paused, would keep the link from everybody for nothing.
create function holds_link(this orders, p_account integer, p_scope text, p_at timestamptz) returns boolean language sql stable as $$
  select this.account_id = p_account or (p_scope = 'all' and this.paused_at is null
    and (coalesce(this.next_run_at, this.created_at) <= p_at or exists (select from batches where order_id = this.id)))
$$;

-- Whether a service takes no order of this account for a link at present, because of those that are open.
create function link_taken(p_service integer, p_link_key text, p_account integer) returns boolean language sql stable as $$
  select exists (select from services s cross join lateral open_orders_of_link(s.id, p_link_key) o
    where s.id = p_service and s.duplicate_link = 'reject' and holds_link(o, p_account, s.duplicate_scope, clock_timestamp()))
$$;
