-- outside a transaction
--
-- What the lists of a customer need. Each filter has an index in the order of its list, so that a page
-- reads its rows and no others (see 003_list_indexes.sql).

set lock_timeout = '2s';

-- A customer's own keys and values for an order. They are shown with it and used for nothing.
alter table orders add column if not exists metadata jsonb not null default '{}';

-- The account of a refill's order, so that the refills of an account have an index. The trigger fills
-- it, also for a version of the functions that does not know it.
alter table refills add column if not exists account_id integer references accounts;
create or replace function own_refill() returns trigger language plpgsql as $$
begin new.account_id := (select account_id from orders where id = new.order_id); return new; end $$;
create or replace trigger refills_own before insert on refills
  for each row execute function own_refill();

-- The public status of a refill; its twin in TypeScript is refillStatus in domain/refill/rules.ts.
create or replace function refill_status(p_stage text, p_outcome text) returns text
  language sql immutable as $$
  select case p_stage when 'ended' then p_outcome when 'asking' then 'Pending' else 'In progress' end
$$;

set lock_timeout = 0;
update refills r set account_id = o.account_id from orders o
  where o.id = r.order_id and r.account_id is null;
drop index concurrently if exists refills_of_account;
create index concurrently refills_of_account on refills (account_id, id);
drop index concurrently if exists refills_of_status;
create index concurrently refills_of_status on refills
  (account_id, refill_status(stage, outcome), id nulls first);

-- A link may be too long for an index, so its hash stands in; the list compares the links too.
drop index concurrently if exists orders_of_link;
create index concurrently orders_of_link on orders
  (account_id, link_hash(link), created_at nulls first, id);
drop index concurrently if exists orders_of_drip_feeds;
create index concurrently orders_of_drip_feeds on orders (account_id, created_at nulls first, id)
  where runs > 1;

-- The timeline of an account. Attempts at providers are not shown to customers.
drop index concurrently if exists events_of_account;
create index concurrently events_of_account on events (account_id, id)
  where type not like 'attempt.%';
