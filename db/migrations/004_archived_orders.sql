-- outside a transaction
--
-- What housekeeping compacts in archived orders, and how it finds them without reading the past:
-- each index holds only the rows that still wait for it. docs/kept.md says what is kept.
--
-- A table change that waits for its lock stops every query behind it, so it gives up after two
-- seconds; the next `npm run migrate` goes on here.
set lock_timeout = '2s';

-- When housekeeping compacted the archived order; null: not yet.
alter table orders add column if not exists compacted_at timestamptz;

-- Null once the claim's order is archived: the order has all of it.
alter table claims alter column request drop not null;
alter table claims drop constraint if exists claims_request;
alter table claims add constraint claims_request
  check (request is not null or state = 'order') not valid;

-- Null once the list's lines are deleted: the key then begins another list.
alter table mass_placements alter column idempotency_key drop not null;
update mass_placements set idempotency_key = null
  where placed is not null and idempotency_key is not null;

set lock_timeout = 0;
alter table claims validate constraint claims_request;

-- Ended orders that are not compacted, by the time after which nothing changes them.
drop index concurrently if exists orders_to_compact;
create index concurrently orders_to_compact on orders (greatest(settled_at, refill_until), id)
  where settled_at is not null and compacted_at is null;

-- The keys of archived orders, which end once they are old.
drop index concurrently if exists claims_keys;
create index concurrently claims_keys on claims (created_at)
  where state = 'order' and request is null and idempotency_key is not null;

-- Old lists whose lines are deleted.
drop index concurrently if exists mass_placements_over;
create index concurrently mass_placements_over on mass_placements (ended_at)
  where placed is not null;

drop index concurrently if exists alerts_resolved;
create index concurrently alerts_resolved on alerts (resolved_at) where resolved_at is not null;
