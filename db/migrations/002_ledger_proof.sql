-- outside a transaction
--
-- What the proof of the ledger remembers between its runs (db/functions/ledger/proof.sql), so that a
-- run reads what is new, what is open and a slice of the old, however much the ledger has.

-- Deposits are few among the steps: the proof goes through them by key.
drop index concurrently if exists money_steps_deposits;
create index concurrently money_steps_deposits on money_steps (key) where key like 'deposit:%';

-- The one row of the proof: how far transfers are proved, and how its last run went.
create table if not exists ledger_proof (
  only_one    boolean primary key default true check (only_one),
  -- All transfers up to this id are proved, and none with a lower id can still commit.
  proved_to   bigint not null default 0,
  -- The highest id that a run saw, and the transaction that wrote it down afterwards. Once all
  -- transactions before that one have ended, no transfer up to seen_to can appear any more.
  seen_to     bigint,
  seen_by     xid8,
  -- When the last run ended, how long it took, and what it proved.
  at          timestamptz,
  took_ms     integer,
  report      jsonb,
  -- A run that lasts too long stops at this series, and the next run goes on there. complete_at: when
  -- a run last came to the end.
  stopped     text,
  complete_at timestamptz,
  check ((seen_to is null) = (seen_by is null))
);
insert into ledger_proof default values on conflict do nothing;

-- Series of items that the runs go through again and again. The item after `after` is next; null: the
-- first one. begun_at: when this pass began; whole_since: when the last whole pass began, so every
-- item was proved after that.
create table if not exists ledger_passes (
  series      text primary key,
  after       text,
  begun_at    timestamptz not null default clock_timestamp(),
  whole_since timestamptz
);
insert into ledger_passes (series)
  values ('open orders'), ('wallets'), ('orders'), ('transfers'), ('claims'), ('deposits')
  on conflict do nothing;

-- The errors that the runs found. Each run proves their items again, and forgets the errors that are
-- gone. part and item: what to prove again (see verify_part).
create table if not exists ledger_drift (
  id         bigint generated always as identity primary key,
  part       text not null,
  item       text not null,
  check_name text not null,
  subject    text not null,
  detail     text not null,
  found_at   timestamptz not null default clock_timestamp(),
  unique (part, item, check_name, subject, detail)
);
