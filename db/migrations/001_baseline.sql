-- The tables of Holdfast, with their constraints, indexes and triggers. Functions are in db/functions;
-- here are only those that an index or a trigger calls, because they are part of the table.
--
--   1 accounts and keys         5 ledger                        9 webhooks
--   2 catalogue and providers   6 refills                      10 alerts and reconciliation
--   3 placement                 7 sends with unknown outcome   11 what staff did
--   4 orders                    8 corrections

-- 1 ─ Accounts and keys ─────────────────────────────────────────────────────────────────────────

create table accounts (
  id         integer generated always as identity (start with 1001) primary key,
  name       text not null check (length(name) between 1 and 200),
  created_at timestamptz not null default now()
);

-- A key is shown once. The table keeps its public prefix, to find it, and the SHA-256 of the whole
-- key, to check it. A key has 256 random bits, so a slow password hash would add nothing.
create table api_keys (
  id           integer generated always as identity primary key,
  account_id   integer not null references accounts,
  name         text not null,
  prefix       text not null unique,
  hash         bytea not null check (length(hash) = 32),
  scopes       text[] not null,
  created_at   timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at   timestamptz,
  revoked_at   timestamptz
);
create index api_keys_account on api_keys (account_id);

-- Keys that this installation made for its own use, by purpose. They are encrypted like a provider's
-- key, so a new master key changes none of them.
create table kept_keys (
  name   text primary key,
  cipher bytea not null
);

-- 2 ─ Catalogue and providers ───────────────────────────────────────────────────────────────────

-- The upstream key is AES-256-GCM ciphertext (nonce, tag and text together), bound to the provider's
-- id. Only a worker with the master key reads it.
create table providers (
  id              integer generated always as identity primary key,
  name            text not null unique,
  url             text not null,
  key_cipher      bytea not null,
  -- The secret of its signed callbacks, encrypted in the same way; null: its callbacks are refused.
  callback_cipher bytea,
  poll_seconds    integer not null check (poll_seconds between 1 and 86400),
  profile         jsonb not null default '{}',
  -- The calls that it answered as if it knew no lists, and when: {"status": "2026-11-21T…"}.
  no_lists        jsonb not null default '{}',
  -- No order is sent to it before this time; why is in pause_reason.
  paused_until    timestamptz,
  pause_reason    text check (pause_reason in
                    ('funds', 'key', 'throttled', 'unreachable', 'trouble', 'staff')),
  -- The reason that staff gave for their pause.
  pause_note      text,
  -- Pauses since it last accepted an order.
  troubles        integer not null default 0,
  -- Sends in a row without a clear answer (see provider_unclear).
  unclear         integer not null default 0,
  -- When it last accepted an order after a pause.
  recovered_at    timestamptz,
  created_at      timestamptz not null default now()
);

-- rate: 1e-5 of the currency per 1000 items; for package types 1e-5 per package.
create table services (
  id                   integer generated always as identity primary key,
  name                 text not null,
  category             text not null,
  type                 text not null,
  rate                 bigint not null check (rate >= 0),
  min                  integer not null check (min >= 1),
  max                  integer not null check (max >= min),
  drip_feed            boolean not null,
  cancel               boolean not null,
  refill_days          integer not null check (refill_days between 0 and 36500),
  -- Refills that an order may have, and the rest between two of them.
  refill_cap           integer not null default 10 check (refill_cap > 0),
  refill_cooldown_seconds integer not null default 86400 check (refill_cooldown_seconds >= 0),
  -- When no provider refills: a person decides, or the missing items are sent again on another
  -- route at our cost, or the refill is rejected.
  refill_fallback      text not null default 'review'
                       check (refill_fallback in ('review', 'resend', 'reject')),
  stall_after_seconds  integer not null check (stall_after_seconds > 0),
  review_after_seconds integer not null check (review_after_seconds > 0),
  verify               text not null check (verify in ('provider', 'counter')),
  link_pattern         text,
  duplicate_link       text not null check (duplicate_link in ('reject', 'queue', 'allow')),
  -- Which open orders for the same link count as duplicates: the account's own, or all.
  duplicate_scope      text not null default 'account' check (duplicate_scope in ('account', 'all')),
  -- Link parameters that name no other target here, beside those that never do.
  ignored_link_parameters text[] not null default '{}',
  -- After a run of a drip-feed that did not deliver all: begin the next run, send the missing part
  -- on the next route, or end the order.
  after_failed_run     text not null default 'continue'
                       check (after_failed_run in ('continue', 'retry', 'stop')),
  -- Where the target is counted, how much may be missing there, and the time between two counts.
  counter_url               text,
  counter_tolerance_percent integer not null default 5
                            check (counter_tolerance_percent between 0 and 100),
  recheck_seconds           integer not null default 300 check (recheck_seconds > 0),
  -- Quantities are multiples of it.
  step                 integer not null default 1 check (step >= 1),
  active               boolean not null default true,
  created_at           timestamptz not null default now(),
  -- How many posts a subscription without `posts` buys. An order is paid for before it begins, so
  -- an unlimited number needs a limit.
  unlimited_posts      integer check (unlimited_posts between 1 and 100000),
  check (verify = 'provider' or counter_url is not null),
  check ((type = 'Subscriptions') = (unlimited_posts is not null))
);

-- Routes in order of preference: where a service is bought, and at which rate (1e-5 per 1000, as the
-- provider states it). `active` is what staff want; `held` is what the provider's catalogue says
-- against it. The limits are the provider's for one order.
create table routes (
  service_id       integer not null references services,
  position         integer not null check (position >= 1),
  provider_id      integer not null references providers,
  provider_service text not null,
  rate             bigint not null check (rate >= 0),
  active           boolean not null default true,
  held             text check (held in ('gone', 'unprofitable')),
  min_quantity     bigint,
  max_quantity     bigint,
  quantity_step    bigint check (quantity_step >= 1),
  primary key (service_id, position)
);
create index routes_provider on routes (provider_id, provider_service);

-- The result of the last check of a provider.
create table provider_checks (
  provider_id  integer primary key references providers,
  -- What is left of our money there: a decimal string as the provider wrote it, in its currency.
  balance      text,
  currency     text,
  balance_at   timestamptz,
  -- When its catalogue was last read, and why a later check could not read it.
  catalogue_at timestamptz,
  problem      text
);

-- One row for each service that a provider's catalogue ever listed. A field that could not be read is
-- null; names are the provider's, cut and without control characters. A row is written only when it
-- changes: a service that is not gone was in the catalogue when it was last read.
create table provider_services (
  id            bigint generated always as identity primary key,
  provider_id   integer not null references providers,
  service       text not null,
  name          text not null,
  category      text not null,
  type          text not null,
  rate          text,
  min           bigint,
  max           bigint,
  -- Quantities must be multiples of it; null: the provider does not say.
  step          bigint,
  drip_feed     boolean not null,
  refill        boolean not null,
  cancel        boolean not null,
  first_seen_at timestamptz not null,
  changed_at    timestamptz not null,
  -- When it was first missing, and when it was last listed before that.
  gone_at       timestamptz,
  last_seen_at  timestamptz,
  unique (provider_id, service),
  check ((gone_at is null) = (last_seen_at is null))
);
create index provider_services_page on provider_services (provider_id, id desc);

-- Changes of provider services on which we have a route. Housekeeping deletes them after some months.
create table catalogue_changes (
  id          bigint generated always as identity primary key,
  provider_id integer not null references providers,
  service     text not null,
  at          timestamptz not null,
  what        text not null check (what in ('rate', 'min', 'max', 'step', 'type', 'gone', 'back')),
  was         text,
  now         text
);
create index catalogue_changes_page on catalogue_changes (provider_id, id desc);
create index catalogue_changes_age on catalogue_changes (at);

-- Services that were imported from a provider, each at most once, with their pricing rule: percent in
-- hundredths, plus in units of rates. follow: a change of the provider's rate changes ours.
create table imports (
  service_id       integer primary key references services,
  provider_id      integer not null references providers,
  provider_service text not null,
  percent          bigint not null check (percent >= 0),
  plus             bigint not null check (plus >= 0),
  follow           boolean not null,
  at               timestamptz not null default clock_timestamp(),
  unique (provider_id, provider_service)
);

-- How each service was delivered lately. Computing it takes longer with every order, reading it must
-- not. figures: as service-stats.ts names them; as_of: when they were true.
create table service_stats (
  service_id integer primary key references services,
  as_of      timestamptz not null,
  figures    jsonb not null
);

-- 3 ─ Placement ─────────────────────────────────────────────────────────────────────────────────

create sequence order_ids start with 10001;

-- A claim is the request for an order, written before anything else. It is decided once, here and
-- nowhere else: open → order | refused | withdrawn. A repeated request finds the claim and joins it.
-- A claim of panel API v2 expires by this database's clock: its caller has no key to ask again with.
create table claims (
  order_id        bigint primary key default nextval('order_ids'),
  account_id      integer not null references accounts,
  idempotency_key text,
  fingerprint     bytea not null,
  request         jsonb not null,
  state           text not null default 'open'
                  check (state in ('open', 'order', 'refused', 'withdrawn')),
  refusal         jsonb,
  created_at      timestamptz not null default clock_timestamp(),
  expires_at      timestamptz,
  decided_at      timestamptz,
  check ((state = 'open') = (decided_at is null)),
  check ((state = 'refused') = (refusal is not null))
);
create unique index claims_key on claims (account_id, idempotency_key)
  where idempotency_key is not null;
create index claims_open on claims (created_at) where state = 'open';
-- Claims that no database can store as an order; an alert stays open while there are new ones.
create index claims_unplaceable on claims (decided_at)
  where refusal->>'code' = 'cannot_be_placed';
-- A claim that became no order is deleted once it is old.
create index claims_over on claims (decided_at) where state in ('refused', 'withdrawn');

-- The stored answers of idempotent requests other than orders (an order's answer is its claim). An
-- answer that contains a secret is encrypted, like a provider's key.
create table stored_answers (
  account_id      integer not null references accounts,
  route           text not null,
  idempotency_key text not null,
  -- A keyed hash (see kept_keys): a request may contain secrets.
  fingerprint     bytea not null,
  status          integer not null,
  body            jsonb,
  body_cipher     bytea,
  created_at      timestamptz not null default now(),
  primary key (account_id, route, idempotency_key),
  check ((body is null) <> (body_cipher is null))
);
create index stored_answers_age on stored_answers (created_at);

-- A list of orders that is too long to wait for. Its workflow knows only the id; its lines and their
-- results are here.
create table mass_placements (
  id              bigint generated always as identity (start with 501) primary key,
  account_id      integer not null references accounts,
  idempotency_key text not null,
  total           integer not null check (total > 0),
  created_at      timestamptz not null default clock_timestamp(),
  ended_at        timestamptz,
  -- The counts of its lines; null until the lines are old and deleted.
  placed          integer,
  refused         integer,
  canceled        integer,
  unique (account_id, idempotency_key)
);
create index mass_placements_open on mass_placements (id) where ended_at is null;
create index mass_placements_waiting on mass_placements (account_id) where ended_at is null;
create index mass_placements_ended on mass_placements (ended_at)
  where ended_at is not null and placed is null;

-- A waiting line with an order id is being placed: its claim is written, and it can no longer be
-- canceled.
create table mass_lines (
  mass_id  bigint not null references mass_placements,
  line     integer not null check (line > 0),
  request  jsonb,
  status   text not null default 'waiting'
           check (status in ('waiting', 'placed', 'refused', 'canceled')),
  order_id bigint,
  error    jsonb,
  primary key (mass_id, line),
  check ((status = 'refused') = (error is not null)),
  check (status = 'refused' or request is not null)
);
create index mass_lines_waiting on mass_lines (mass_id, line) where status = 'waiting';

-- 4 ─ Orders ────────────────────────────────────────────────────────────────────────────────────

-- Two links may share a hash: compare the keys too. (A long link does not fit into an index.)
create function link_hash(p_link_key text) returns bigint language sql immutable strict as $$
  select hashtextextended(p_link_key, 42)
$$;

-- quantity is per run. Money is 1e-8 of the currency; unit_price is the price of one item, so price
-- and charge are products and nothing is divided or rounded. The customer sees `delivered`: it never
-- falls while the order runs; the settlement sets it to the number that is charged for.
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
  -- The service's type when the order was accepted, whatever it is now.
  type                 text not null,
  fields               jsonb not null default '{}',
  unit_price           bigint not null check (unit_price >= 0),
  price                bigint not null check (price = unit_price * total_quantity),
  status               text not null default 'Pending' check (status in
                         ('Pending', 'Processing', 'In progress', 'Completed', 'Partial', 'Canceled')),
  attention            text not null default 'none' check (attention in
                         ('none', 'stalled', 'paused', 'review', 'conflict', 'uncertain')),
  reason               text check (reason in
                         ('private', 'throttled', 'overloaded', 'deleted', 'refused', 'requested',
                          'unknown')),
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
  -- Copied from the service when the order was accepted.
  cancelable           boolean not null,
  after_failed_run     text not null,
  verify                    text not null,
  counter_url               text,
  counter_tolerance_percent integer not null,
  recheck_seconds           integer not null,
  -- The count of its target just before the first send; null when it was not counted.
  counted_start        bigint,
  paused_at            timestamptz,
  paused_by            text,
  canceled_by          text,
  -- No further run begins, and every end of a batch is reported to the workflow.
  finishing            boolean not null,
  -- The number of the last event that its workflow wrote.
  notes                integer not null default 0,
  -- Corrections after the settlement.
  corrections          integer not null default 0,
  version              integer not null default 1,
  check (charge >= 0 and refunded >= 0 and charge + refunded = price),
  check ((settled_at is not null) = (status in ('Completed', 'Partial', 'Canceled'))),
  -- A correction moves neither the moment of Completed nor the refill window that began with it.
  check (completed_at is null or status = 'Completed' or corrections > 0)
);
create index orders_account on orders (account_id, id desc);
create index orders_account_reference on orders (account_id, reference) where reference is not null;
create index orders_open on orders (id) where settled_at is null;
create index orders_waiting on orders (id) where attention <> 'none';
create index orders_open_link on orders (service_id, link_hash(link_key)) where settled_at is null;
-- The statistics of a service read its orders that ended lately.
create index orders_service_settled on orders (service_id, settled_at) where settled_at is not null;
-- Open refill windows, in the order in which they end.
create index orders_refillable on orders (refill_until, id) where refill_until is not null;
-- Orders whose workflow must begin a run.
create index orders_to_begin on orders (id)
  where settled_at is null and (status = 'Pending' or next_run_at is not null);

-- A batch is one send to a provider: a plain order has one, a drip-feed as many as runs.
create table batches (
  order_id         bigint not null references orders,
  batch            integer not null check (batch >= 1),
  quantity         bigint not null check (quantity > 0),
  state            text not null default 'waiting'
                   check (state in ('waiting', 'sending', 'running', 'uncertain', 'done')),
  provider_id      integer references providers,
  provider_service text,
  provider_order   text,
  cost_rate        bigint,
  accepted_at      timestamptz,
  provider_status  text,
  delivered        bigint not null default 0 check (delivered between 0 and quantity),
  remains          bigint,
  -- Its provider has said that more than 0 remain; only then does a later 0 count.
  counts_down      boolean not null default false,
  start_count      bigint,
  provider_charge  text,
  progress_at      timestamptz,
  -- Since when nothing has been delivered, once that was reported.
  stalled_since    timestamptz,
  -- After this time a person looks at it: it runs, or waits for a provider, for too long.
  review_at        timestamptz,
  -- When its provider was last asked to stop it, and the answer.
  stop_asked_at    timestamptz,
  stop_answer      text check (stop_answer in ('accepted', 'refused', 'unclear')),
  -- When a person ended it while its provider was still delivering.
  stop_wanted_at   timestamptz,
  -- The part that is missing at its end goes to the next route.
  resend           boolean not null default false,
  -- The batch whose missing part this one sends again; null for a run.
  resends          integer,
  -- The refill that this batch delivers at our cost: it is no run and adds nothing to the charge.
  refill           integer,
  terminal_at      timestamptz,
  -- What its provider's last word says was delivered; null while no such word can be believed.
  supported        bigint check (supported between 0 and quantity),
  -- Cost of items that were delivered after the customer's refund, beside its booked cost.
  lost             bigint not null default 0 check (lost >= 0),
  -- The next check after the settlement; null before it, and once the batch is no longer watched.
  next_look_at     timestamptz,
  -- The last report, and the last one that the workflow acted on: a newer report is sent again
  -- until the workflow acts on it.
  report_version   integer not null default 0,
  acked_version    integer not null default 0,
  reported_at      timestamptz,
  primary key (order_id, batch),
  check (acked_version <= report_version),
  check (state <> 'running'
    or (provider_id is not null and provider_order is not null and accepted_at is not null))
);
-- Two batches can never claim the same order of a provider.
create unique index batches_provider_order on batches (provider_id, provider_order)
  where provider_order is not null;
create index batches_running on batches (provider_id, order_id, batch) where state = 'running';
create index batches_looks on batches (provider_id, next_look_at) where next_look_at is not null;
create index batches_stop_wanted on batches (provider_id, stop_wanted_at)
  where stop_wanted_at is not null and stop_answer is null;
create index batches_last_words on batches (provider_id, terminal_at) where terminal_at is not null;
create index batches_lost on batches (provider_id, terminal_at) where lost > 0;
-- Batches whose workflow has something to do.
create index batches_unacted on batches (order_id)
  where state in ('waiting', 'sending') or report_version > acked_version;

-- An attempt is one try to place a batch. Only the worker that moves it intent → sending, in its own
-- commit, may send. A worker that dies leaves `sending` behind, which reads as unknown.
create table attempts (
  order_id         bigint not null,
  batch            integer not null,
  attempt          integer not null check (attempt >= 1),
  provider_id      integer not null references providers,
  provider_service text not null,
  cost_rate        bigint not null,
  state            text not null default 'intent' check (state in
                     ('intent', 'sending', 'accepted', 'refused', 'unknown', 'released')),
  -- How often it was taken for sending: a fencing number.
  sends            integer not null default 0,
  provider_order   text,
  error            text,
  detail           text,
  created_at       timestamptz not null default clock_timestamp(),
  sending_at       timestamptz,
  decided_at       timestamptz,
  -- The search for an unknown send in its provider's orders: searches so far, the next one, the last
  -- one that got an answer.
  looks            integer not null default 0,
  next_look_at     timestamptz,
  looked_at        timestamptz,
  -- Since when complete lists have not shown it.
  none_since       timestamptz,
  -- Orders of the provider that may be it: [{providerOrder, quantity, at, status}].
  candidates       jsonb not null default '[]',
  -- The proof, as the workflow takes it: {kind: attach, providerOrder} or {kind: notPlaced}. It is
  -- told again until the workflow acts on it.
  evidence         jsonb,
  told_at          timestamptz,
  primary key (order_id, batch, attempt),
  foreign key (order_id, batch) references batches,
  check ((state = 'accepted') = (provider_order is not null))
);
-- The sends that a provider has in flight are counted each time an attempt is taken.
create index attempts_sending on attempts (provider_id, sending_at) where state = 'sending';
create index attempts_open on attempts (provider_id, provider_service)
  where state in ('sending', 'unknown', 'released');
-- Shows whether a provider's list has everything that was sent since; rarely read, so brin.
create index attempts_sent on attempts using brin (sending_at);

-- The delivery curve: a point for each change, thinned to a bounded number per order.
create table delivery_samples (
  order_id  bigint not null,
  batch     integer not null,
  at        timestamptz not null,
  delivered bigint not null,
  primary key (order_id, batch, at),
  foreign key (order_id, batch) references batches
);

-- The timeline of an order: what happened and who did it. version is the order's version afterwards.
create table events (
  id         bigint generated always as identity primary key,
  order_id   bigint not null references orders,
  account_id integer not null references accounts,
  type       text not null,
  actor      text not null,
  version    integer not null,
  data       jsonb not null default '{}',
  -- The workflow's own number of the event: a repeated write adds it only once.
  note       integer,
  at         timestamptz not null
);
create index events_order on events (order_id, id);
create unique index events_note on events (order_id, note) where note is not null;

-- 5 ─ Ledger ────────────────────────────────────────────────────────────────────────────────────
--
-- Unit: 1e-8 of the installation's one currency, in bigint. Every movement is one row of `transfers`,
-- with one debited and one credited account and one amount, so an unbalanced entry cannot be written.
-- Accounts are names:
--
--   external                what came from outside (deposits)
--   wallet:<account>        a customer's money; the only accounts with a stored balance, never < 0
--   escrow:<order>          the price of an order that has not ended
--   revenue                 what was charged for what was delivered
--   cost:<provider>         what providers charge us       payable:<provider>   what we owe for it
--   loss                    provider orders that no customer pays for (an attempt that turned up, or
--                           was delivered, after its refund)
--
--   deposit                 external → wallet
--   hold                    wallet → escrow(order)         = the price
--   settle                  escrow → revenue (what was delivered), escrow → wallet (all that is left)
--   correct                 revenue → wallet               total never above the price
--   cost                    cost → payable
--   rebate                  payable → cost                 never more than was booked
--   loss                    loss → payable
--   recovery                payable → loss                 never more than was booked

create table wallets (
  account_id integer primary key references accounts,
  balance    bigint not null default 0 check (balance >= 0),
  version    bigint not null default 0
);

-- Each step has a key that says what it does (`order:42:hold`); see take_step.
create table money_steps (
  key     text primary key check (length(key) between 1 and 300),
  payload jsonb not null,
  at      timestamptz not null default clock_timestamp()
);

-- wallet_balance and wallet_version are those after the transfer: together they are a line of the
-- statement, and a gap in the versions is a lost row.
create table transfers (
  id             bigint generated always as identity primary key,
  step           text not null references money_steps,
  kind           text not null check (kind in
                   ('deposit', 'hold', 'charge', 'refund', 'correction', 'cost', 'rebate', 'loss',
                    'recovery')),
  debit          text not null,
  credit         text not null check (credit <> debit),
  amount         bigint not null check (amount > 0),
  order_id       bigint references orders,
  wallet_id      integer references wallets,
  wallet_balance bigint,
  wallet_version bigint,
  note           text,
  at             timestamptz not null default clock_timestamp(),
  check ((wallet_id is null) = (wallet_balance is null)
    and (wallet_id is null) = (wallet_version is null)),
  check ((wallet_id is not null) = (debit like 'wallet:%' or credit like 'wallet:%'))
);
create index transfers_order on transfers (order_id) where order_id is not null;
create unique index transfers_wallet on transfers (wallet_id, wallet_version)
  where wallet_id is not null;
create index transfers_step on transfers (step);

-- Rows are only added.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception using errcode = 'HF002',
    message = format('%s is append-only: %s refused', tg_table_name, tg_op);
end $$;
create trigger transfers_append_only before update or delete on transfers
  for each row execute function refuse_change();
create trigger transfers_no_truncate before truncate on transfers
  for each statement execute function refuse_change();
create trigger money_steps_append_only before update or delete on money_steps
  for each row execute function refuse_change();
create trigger money_steps_no_truncate before truncate on money_steps
  for each statement execute function refuse_change();

-- 6 ─ Refills ───────────────────────────────────────────────────────────────────────────────────

-- A refill delivers again, free of charge, what is gone from the target of a Completed order.
-- number counts the refills of an order; id is the public one.
create table refills (
  id           bigint generated always as identity primary key,
  order_id     bigint not null references orders,
  number       integer not null check (number >= 1),
  stage        text not null default 'asking'
               check (stage in ('asking', 'tracked', 'resending', 'review', 'ended')),
  -- In `review`: the stage that follows when a person lets it go on.
  before       text check (before in ('tracked', 'resending')),
  outcome      text check (outcome in ('Completed', 'Rejected')),
  -- How many items are gone; null where they could not be counted.
  missing      bigint check (missing > 0),
  requested_by text not null,
  reason       text,
  -- Calls to providers without a written answer: the provider may have accepted the refill.
  open_calls   integer not null default 0 check (open_calls >= 0),
  why          text,
  requested_at timestamptz not null,
  review_at    timestamptz not null,
  ended_at     timestamptz,
  reported_at  timestamptz,
  unique (order_id, number),
  check ((stage = 'ended') = (outcome is not null) and (stage = 'ended') = (ended_at is not null))
);
-- One at a time, by structure.
create unique index refills_open on refills (order_id) where stage <> 'ended';

-- What a provider says about the refill of one batch. `asked`: it accepted, and will say Completed or
-- Rejected; `left`: the refill ended before that.
create table refill_parts (
  order_id        bigint not null,
  refill          integer not null,
  batch           integer not null,
  provider_id     integer not null references providers,
  provider_refill text,
  state           text not null
                  check (state in ('refused', 'asked', 'Completed', 'Rejected', 'left')),
  primary key (order_id, refill, batch),
  foreign key (order_id, refill) references refills (order_id, number),
  check ((state = 'refused') = (provider_refill is null))
);
create unique index refill_parts_provider_refill on refill_parts (provider_id, provider_refill);
create index refill_parts_asked on refill_parts (provider_id) where state = 'asked';

alter table batches add foreign key (order_id, refill) references refills (order_id, number);

-- 7 ─ Sends with unknown outcome ────────────────────────────────────────────────────────────────

-- Provider orders that turned up after a person, or the provider's own list, said that they were not
-- placed. Their cost is a loss: the customer is never charged for them.
create table late_orders (
  id              bigint generated always as identity primary key,
  order_id        bigint not null,
  batch           integer not null,
  attempt         integer not null,
  provider_id     integer not null references providers,
  provider_order  text not null,
  found_by        text not null,
  at              timestamptz not null default clock_timestamp(),
  -- The provider was asked to stop it.
  stop_asked      boolean not null default false,
  provider_status text,
  provider_charge text,
  -- The next check; null once its loss is booked.
  next_look_at    timestamptz default clock_timestamp(),
  loss            bigint check (loss >= 0),
  booked_at       timestamptz,
  foreign key (order_id, batch, attempt) references attempts,
  unique (provider_id, provider_order),
  check ((loss is null) = (booked_at is null))
);
create index late_orders_due on late_orders (provider_id, next_look_at)
  where next_look_at is not null;
create index late_orders_order on late_orders (order_id);

-- A provider's order belongs to a batch or is a late one, never both: the second claim is refused.
create function claim_provider_order() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(
    hashtextextended(new.provider_id || ' ' || new.provider_order, 43));
  if tg_table_name = 'batches' and exists (select from late_orders l
      where l.provider_id = new.provider_id and l.provider_order = new.provider_order)
    or tg_table_name = 'late_orders' and exists (select from batches b
      where b.provider_id = new.provider_id and b.provider_order = new.provider_order) then
    raise unique_violation using message =
      format('order %s of provider %s is known already', new.provider_order, new.provider_id);
  end if;
  return new;
end $$;
create trigger batches_claim before update of provider_order on batches for each row
  when (new.provider_order is not null and new.provider_order is distinct from old.provider_order)
  execute function claim_provider_order();
create trigger late_orders_claim before insert on late_orders
  for each row execute function claim_provider_order();

-- 8 ─ Corrections ───────────────────────────────────────────────────────────────────────────────

-- Words of a provider that would give money back. They wait for staff because the provider takes back
-- too much at once. At most one is open per batch: a newer word replaces it, and one that takes
-- nothing back withdraws it. amount: what it would give back. The provider's watch applies a released
-- one, so no wallet is locked for many orders at once.
create table held_corrections (
  id          bigint generated always as identity primary key,
  order_id    bigint not null,
  batch       integer not null,
  provider_id integer not null references providers,
  state       text not null default 'held'
              check (state in ('held', 'released', 'applied', 'dropped', 'withdrawn')),
  status      text not null,
  remains     bigint,
  charge      text,
  delivered   bigint not null check (delivered >= 0),
  cost        bigint,
  rate_cost   bigint,
  amount      bigint not null check (amount >= 0),
  held_at     timestamptz not null,
  said_at     timestamptz not null,
  decided_at  timestamptz,
  decided_by  text,
  reason      text,
  foreign key (order_id, batch) references batches,
  check ((state in ('released', 'applied', 'dropped'))
    = (decided_at is not null and decided_by is not null))
);
create unique index held_corrections_open on held_corrections (order_id, batch)
  where state in ('held', 'released');
create index held_corrections_provider on held_corrections (provider_id, state, id);

-- When staff last decided about a provider that takes back too much: only later words count again.
create table take_back_decisions (
  provider_id integer primary key references providers,
  at          timestamptz not null
);

-- 9 ─ Webhooks ──────────────────────────────────────────────────────────────────────────────────

-- A receiver of events: a url (by POST) or an e-mail address. events: the types it gets; null: all.
-- The secret that signs the POSTs is AES-256-GCM ciphertext bound to the id; after a change the
-- former secret also signs for a while. A deleted endpoint keeps its row, for its log, but neither
-- addresses nor secrets.
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
  -- Until when the mailed code is valid, and when it was used: then the address has a reader.
  confirm_until   timestamptz,
  confirmed_at    timestamptz,
  -- gone: its receiver said so (410); owner: its account did; failing: no event got through for
  -- days; unconfirmed: the code that was mailed to the address has not been used.
  disabled_reason text check (disabled_reason in
                    ('gone', 'owner', 'failing', 'unconfirmed', 'deleted')),
  -- The first failed attempt since the last success, and the events given up since then.
  failing_since   timestamptz,
  given_up        integer not null default 0,
  -- The last replay of a period, and the tests since tests_since: both are limited.
  replayed_at     timestamptz,
  tests           integer not null default 0,
  tests_since     timestamptz,
  created_at      timestamptz not null default clock_timestamp(),
  check ((previous_cipher is null) = (previous_until is null)),
  check (num_nonnulls(url, email) = 1 or coalesce(disabled_reason, '') = 'deleted'),
  check ((secret_cipher is null) = (url is null)),
  -- An address gets no events before its reader has asked for them.
  check (email is null or confirmed_at is not null
    or coalesce(disabled_reason, '') in ('unconfirmed', 'deleted')),
  check (disabled_reason is distinct from 'unconfirmed' or confirm_until is not null)
);
create index webhook_endpoints_account on webhook_endpoints (account_id, id)
  where disabled_reason is distinct from 'deleted';

-- A mail that asks for a confirmation is the one mail that its reader did not ask for, so these mails
-- are counted, also those of deleted endpoints. Only the SHA-256 of the address is kept.
create table webhook_confirmations (
  id         bigint generated always as identity primary key,
  account_id integer not null references accounts,
  address    bytea not null,
  at         timestamptz not null default clock_timestamp()
);
create index webhook_confirmations_address on webhook_confirmations (address, at);
create index webhook_confirmations_account on webhook_confirmations (account_id, at);

-- One event to one endpoint. An id that is in no row of events belongs to the endpoint alone: a test,
-- the mail that asks for a confirmation, or the note that the endpoint was disabled. pending: the
-- outbox makes the first attempt, alone until next_attempt_at; retrying: its workflow makes the
-- others; stopped: the endpoint was disabled. round counts the replays: the result of an attempt of
-- an earlier round is ignored.
create table webhook_deliveries (
  event_id        bigint not null,
  endpoint_id     integer not null references webhook_endpoints,
  type            text not null,
  order_id        bigint,
  state           text not null default 'pending'
                  check (state in ('pending', 'retrying', 'delivered', 'failed', 'stopped')),
  round           integer not null default 1,
  attempts        integer not null default 0,
  last_status     integer,
  last_error      text,
  created_at      timestamptz not null default clock_timestamp(),
  last_attempt_at timestamptz,
  next_attempt_at timestamptz default now(),
  delivered_at    timestamptz,
  -- When its owner last asked for a replay of this event.
  replayed_at     timestamptz,
  primary key (endpoint_id, event_id),
  check ((state in ('pending', 'retrying')) = (next_attempt_at is not null)),
  check ((state = 'delivered') = (delivered_at is not null))
);
create index webhook_deliveries_pending on webhook_deliveries (endpoint_id, next_attempt_at)
  where state = 'pending';
-- Finds old rows. Rows are nearly in this order, so a brin index is small.
create index webhook_deliveries_created on webhook_deliveries using brin (created_at);
create index webhook_deliveries_undelivered on webhook_deliveries (endpoint_id, state, event_id)
  where state <> 'delivered';
-- Deliveries whose workflow is late with the next attempt.
create index webhook_deliveries_retrying on webhook_deliveries (next_attempt_at)
  where state = 'retrying';

-- The events that customers are told of; the others are only in the timeline.
create function is_announced(p_type text) returns boolean language sql immutable as $$
  select p_type in ('order.accepted', 'order.in_progress', 'order.stalled', 'order.review',
    'order.completed', 'order.partial', 'order.canceled', 'order.corrected',
    'refill.requested', 'refill.in_progress', 'refill.completed', 'refill.rejected')
$$;
-- For replays of a period.
create index events_announced_at on events (account_id, at) where is_announced(type);

-- Writes a delivery for each endpoint that listens, in the transaction of the event itself. (A reader
-- of events by id would miss those that commit late; this reader has no position to remember.) It
-- waits for no lock and sends no NOTIFY: a NOTIFY makes commits wait for each other (measured: a
-- fifth as many commits a second), so the outbox polls.
create function announce_event() returns trigger language plpgsql as $$
begin
  insert into webhook_deliveries (event_id, endpoint_id, type, order_id)
    select new.id, w.id, new.type, new.order_id from webhook_endpoints w
      where w.account_id = new.account_id and w.disabled_reason is null
        and (w.events is null or new.type = any (w.events));
  return null;
end $$;
create trigger events_announced after insert on events
  for each row when (is_announced(new.type)) execute function announce_event();

-- 10 ─ Alerts and reconciliation ────────────────────────────────────────────────────────────────

-- What the operator must look at. One alert is open per kind and subject (`provider:3`). detail is a
-- stable word or a sentence of ours, never a customer's text; the only foreign word in it is a
-- provider's unknown status.
create table alerts (
  id          bigint generated always as identity primary key,
  kind        text not null,
  subject     text not null,
  detail      text not null,
  at          timestamptz not null,
  resolved_at timestamptz
);
create unique index alerts_open on alerts (kind, subject) where resolved_at is null;

-- How often an order's lost workflow was started again since `since`. given_up_at: it is not started
-- any more, a person decides.
create table order_restarts (
  order_id    bigint primary key references orders,
  times       integer not null,
  since       timestamptz not null,
  given_up_at timestamptz
);

-- When the watch of a provider last finished a round over its running batches. silent_since: from
-- then on the provider answered no call.
create table watch_rounds (
  provider_id  integer primary key references providers,
  at           timestamptz not null,
  silent_since timestamptz
);

-- The one row that the reconciler keeps: how its last run went, and where the next one goes on.
create table reconciliation (
  only_one         boolean primary key default true check (only_one),
  at               timestamptz not null,
  took_ms          integer not null,
  report           jsonb not null,
  -- When it last finished all open orders and all open windows.
  swept_at         timestamptz,
  -- Orders above this id come next, then windows that end after this.
  order_cursor     bigint not null,
  window_cursor    timestamptz not null,
  window_cursor_id bigint not null,
  -- Overdue orders above this id come next.
  overdue_cursor   bigint not null,
  -- Workflows that started before this come next; null: all.
  started_cursor   timestamptz,
  -- Workflows that ended before this are done.
  ended_cursor     timestamptz not null,
  -- Open orders above this id come next when Temporal is asked whether their workflows progress.
  asked_cursor     bigint not null default 0
);

-- 11 ─ What staff did ───────────────────────────────────────────────────────────────────────────

-- Written in the transaction of the change where there is one, and before the question where staff
-- ask an order's workflow. detail is the request without keys and secrets. Rows never change.
create table audit (
  id         bigint generated always as identity primary key,
  at         timestamptz not null default clock_timestamp(),
  -- Null for what was typed into the Temporal UI, which has no keys of ours.
  account_id integer references accounts,
  key_id     integer references api_keys,
  actor      text not null,
  -- The route, like `POST /v1/admin/accounts/:id/keys`, and its subject, like `accounts/1001/keys`.
  action     text not null,
  subject    text not null,
  -- The id of the object that was made or changed, where there is one.
  object     bigint,
  detail     jsonb not null,
  request_id text not null,
  check ((account_id is null) = (key_id is null))
);
create index audit_subject on audit (subject text_pattern_ops, id);
create index audit_key on audit (key_id, id);
create trigger audit_append_only before update or delete on audit
  for each row execute function refuse_change();
create trigger audit_no_truncate before truncate on audit
  for each statement execute function refuse_change();

-- A decision of staff about many orders. The request fixes the set of orders, and the attempts of
-- uncertain ones; each order gets one result.
create table bulk_resolutions (
  id         bigint generated always as identity (start with 801) primary key,
  -- The actor, as the timelines of the orders show it, and the decision: {action, hours?, delivered?}.
  actor      text not null,
  reason     text not null,
  resolution jsonb not null,
  -- The filter, or null for ids.
  filter     jsonb,
  created_at timestamptz not null default clock_timestamp(),
  ended_at   timestamptz
);
create index bulk_resolutions_open on bulk_resolutions (id) where ended_at is null;

-- attention: why the order waited when it was added; null when it did not. attempts: the unknown
-- attempts at that time, [{batch, attempt}]; the decision covers no other. message: the answer of the
-- order's workflow, or why it was not asked.
create table bulk_resolution_orders (
  bulk_id    bigint not null references bulk_resolutions,
  order_id   bigint not null,
  attention  text,
  attempts   jsonb not null default '[]',
  status     text not null default 'waiting'
             check (status in ('waiting', 'decided', 'refused', 'unanswered', 'canceled')),
  message    text,
  -- How often its workflow did not answer, and when it is asked again.
  tries      integer not null default 0,
  next_at    timestamptz not null default clock_timestamp(),
  ended_at   timestamptz,
  primary key (bulk_id, order_id)
);
create index bulk_resolution_orders_waiting on bulk_resolution_orders (bulk_id, next_at)
  where status = 'waiting';
