-- outside a transaction
--
-- A wallet's movements by time: the statement of some days, and what moved in them. The index alone
-- answers the totals. Within one wallet the time rarely, and the version always, tells which came first.
drop index concurrently if exists transfers_wallet_at;
create index concurrently transfers_wallet_at on transfers (wallet_id, at, wallet_version)
  include (kind, amount) where wallet_id is not null;

-- The services that an account has marked, which its pages show first.
create table if not exists favourite_services (
  account_id integer not null references accounts,
  service_id integer not null references services,
  primary key (account_id, service_id)
);
