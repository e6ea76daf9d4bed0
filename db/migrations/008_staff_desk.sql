-- outside a transaction
--
-- What staff read and decide at their desk: orders of all accounts, alerts that a person has seen,
-- debits, calls to providers by the minute, and the totals of days that reports are made of.

-- A table change that waits for its lock stops every query behind it, so it gives up after two
-- seconds; the next `npm run migrate` goes on here.
set lock_timeout = '2s';

-- A person has seen the alert, or does not want to see it before a time. An alert that ends and comes
-- again is a new row, which nobody has seen.
alter table alerts
  add column if not exists acknowledged_at timestamptz,
  add column if not exists acknowledged_by text,
  add column if not exists snoozed_until timestamptz,
  add column if not exists snoozed_by text;

-- A debit takes money out of a wallet: wallet → external.
alter table transfers drop constraint if exists transfers_kind_check,
  add constraint transfers_kind_check check (kind in
    ('deposit', 'debit', 'hold', 'charge', 'refund', 'correction', 'cost', 'rebate', 'loss',
     'recovery')) not valid;

-- Calls to a provider, by minute and action. Each answer or failure is counted once, with how long it
-- took: latency[i] counts those in bucket i of domain/report/histogram.ts. No text of a call is kept.
create table if not exists provider_calls (
  provider_id integer not null references providers,
  minute      timestamptz not null,
  action      text not null,
  answered    integer not null default 0,
  -- Answers with an HTTP status of 400 or more; they are answered too.
  errors      integer not null default 0,
  not_sent    integer not null default 0,
  no_answer   integer not null default 0,
  latency     integer[] not null,
  primary key (provider_id, minute, action)
);

-- Money of a day (UTC) by service, provider or account. Each transfer of an order is added once: all
-- up to transfers_to are in. Subject 0 of `provider`: orders that went to several providers.
create table if not exists money_days (
  day     date not null,
  part    text not null check (part in ('service', 'provider', 'account')),
  subject integer not null,
  revenue bigint not null default 0,
  cost    bigint not null default 0,
  loss    bigint not null default 0,
  primary key (part, day, subject)
);
create table if not exists money_days_cursor (
  only_one     boolean primary key default true check (only_one),
  transfers_to bigint not null
);
insert into money_days_cursor (transfers_to) values (0) on conflict do nothing;

-- Orders that ended on a day (UTC), by service or provider. A day is counted anew as a whole until
-- nothing can change it. Subject 0 of `provider`: orders that went to several providers. starts and ends: seconds to the start and to Completed, in the buckets of
-- domain/report/histogram.ts.
create table if not exists order_days (
  day       date not null,
  part      text not null check (part in ('service', 'provider')),
  subject   integer not null,
  completed integer not null,
  partial   integer not null,
  canceled  integer not null,
  -- Refills that were requested on the day.
  refills   integer not null,
  starts    integer[] not null,
  ends      integer[] not null,
  primary key (part, day, subject)
);
create table if not exists counted_days (
  day        date primary key,
  counted_at timestamptz not null
);

set lock_timeout = 0;
alter table transfers validate constraint transfers_kind_check;

-- Deposits and debits: the proof goes through them by key.
drop index concurrently if exists money_steps_payments;
create index concurrently money_steps_payments on money_steps (key)
  where key like 'deposit:%' or key like 'debit:%';
drop index concurrently if exists money_steps_deposits;

-- The orders of all accounts by time, and by one filter more (see db/list-page.ts).
drop index concurrently if exists orders_at;
create index concurrently orders_at on orders (created_at, id);
drop index concurrently if exists orders_at_service;
create index concurrently orders_at_service on orders (service_id, created_at nulls first, id);
drop index concurrently if exists orders_at_status;
create index concurrently orders_at_status on orders (status, created_at nulls first, id);
drop index concurrently if exists orders_at_link;
create index concurrently orders_at_link on orders (link_hash(link), created_at nulls first, id);
-- The order that has been In progress for the longest time comes first.
drop index concurrently if exists orders_in_progress;
create index concurrently orders_in_progress on orders (started_at, id)
  where started_at is not null and settled_at is null;
drop index concurrently if exists batches_at_provider;
create index concurrently batches_at_provider on batches (provider_id, order_id)
  where provider_id is not null;

-- The refills of a day.
drop index concurrently if exists refills_requested;
create index concurrently refills_requested on refills (requested_at);

-- Accounts by the beginning of their name.
drop index concurrently if exists accounts_name;
create index concurrently accounts_name on accounts ((lower(name) collate "C"), id);
