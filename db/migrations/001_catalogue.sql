-- Who buys (accounts, keys) and what is sold (services) by way of whom (providers, routes).

create table accounts (
  id         integer generated always as identity (start with 1001) primary key,
  name       text not null check (length(name) between 1 and 200),
  created_at timestamptz not null default now()
);

-- A key is shown once. What is kept is its public prefix, to find it, and the SHA-256 of the whole key, to check it;
-- a key has 256 random bits, so a slow password hash would add nothing.
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

-- The upstream key is AES-256-GCM ciphertext (nonce, tag and text together), bound to the provider's id; only a worker
-- that holds the master key reads it.
create table providers (
  id           integer generated always as identity primary key,
  name         text not null unique,
  url          text not null,
  key_cipher   bytea not null,
  -- What the provider signs its callbacks with, encrypted in the same way; null: its callbacks are not believed.
  callback_cipher bytea,
  poll_seconds integer not null check (poll_seconds between 1 and 86400),
  profile      jsonb not null default '{}',
  -- When it showed by its answers that it knows no lists, by the call (`{"status": "2026-11-21T…"}`).
  no_lists     jsonb not null default '{}',
  -- Nothing is sent there until then, and why (see 005).
  paused_until timestamptz,
  pause_reason text check (pause_reason in ('funds', 'key', 'throttled', 'unreachable', 'trouble', 'staff')),
  -- What staff said about a pause of theirs.
  pause_note   text,
  -- Pauses since it last took an order.
  troubles     integer not null default 0,
  -- Sends in a row that it gave no clear answer to (see provider_unclear).
  unclear      integer not null default 0,
  -- When it last took an order after a pause.
  recovered_at timestamptz,
  created_at   timestamptz not null default now()
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
  -- Refills an order may have, and the rest between them. What a provider without refill leaves: a person decides, or what is
  -- missing is sent again on another route at the house's cost.
  refill_cap           integer not null default 10 check (refill_cap > 0),
  refill_cooldown_seconds integer not null default 86400 check (refill_cooldown_seconds >= 0),
  refill_fallback      text not null default 'review' check (refill_fallback in ('review', 'resend', 'reject')),
  stall_after_seconds  integer not null check (stall_after_seconds > 0),
  review_after_seconds integer not null check (review_after_seconds > 0),
  verify               text not null check (verify in ('provider', 'counter')),
  link_pattern         text,
  duplicate_link       text not null check (duplicate_link in ('reject', 'queue', 'allow')),
  -- Whose open orders for a link count there: those of the same account, or all. Parameters of links that make no other target here,
  -- beside those that never do.
  duplicate_scope      text not null default 'account' check (duplicate_scope in ('account', 'all')),
  ignored_link_parameters text[] not null default '{}',
  -- What follows a run of a drip-feed that did not deliver all: the next run, the missing part on the next route, the end.
  after_failed_run     text not null default 'continue' check (after_failed_run in ('continue', 'retry', 'stop')),
  -- Where a target is counted, how much may be missing there, and how soon to look again.
  counter_url               text,
  counter_tolerance_percent integer not null default 5 check (counter_tolerance_percent between 0 and 100),
  recheck_seconds           integer not null default 300 check (recheck_seconds > 0),
  -- Quantities are multiples of it.
  step                 integer not null default 1 check (step >= 1),
  active               boolean not null default true,
  created_at           timestamptz not null default now(),
  check (verify = 'provider' or counter_url is not null)
);

-- Routes in order of preference: where a service is bought, and at what rate (1e-5 per 1000, as the provider says it). `active` is
-- what staff want; `held` is what the provider's catalogue says against it, and limits what it takes in one order (see 009).
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

-- Keys that this installation made for itself, by what they are for; encrypted like a provider's key, so that changing the
-- master key changes none of them.
create table kept_keys (
  name   text primary key,
  cipher bytea not null
);

-- The stored answers of idempotent requests other than orders (an order's answer is its claim, see 002). An answer that
-- contains a secret is kept encrypted, like a provider's key.
create table stored_answers (
  account_id      integer not null references accounts,
  route           text not null,
  idempotency_key text not null,
  -- With a key (see kept_keys): requests may have secrets in them.
  fingerprint     bytea not null,
  status          integer not null,
  body            jsonb,
  body_cipher     bytea,
  created_at      timestamptz not null default now(),
  primary key (account_id, route, idempotency_key),
  check ((body is null) <> (body_cipher is null))
);
create index stored_answers_age on stored_answers (created_at);
