-- outside a transaction
--
-- A table change that waits for its lock stops every query behind it, so it gives up after two
-- seconds; the next `npm run migrate` goes on here.
set lock_timeout = '2s';

-- The key with which a customer made the key; null: staff made it.
alter table api_keys add column if not exists made_by integer references api_keys (id);
-- The key whose limits count the requests of this one: the first of the keys that made it; null: its
-- own. So a customer gets no more room by making keys.
alter table api_keys add column if not exists limited_as integer references api_keys (id);

-- The order whose undelivered rest this order orders again.
alter table orders add column if not exists reorder_of bigint;
alter table orders drop constraint if exists orders_reorder_of_fkey;
alter table orders add constraint orders_reorder_of_fkey
  foreign key (reorder_of) references orders (id) not valid;

-- How a service chooses among its routes.
alter table services add column if not exists routing text not null default 'order';
alter table services drop constraint if exists services_routing_check;
alter table services add constraint services_routing_check
  check (routing in ('order', 'cheapest', 'fastest'));

-- Why an attempt has its route, see best_route; null: it was the first in order of preference.
alter table attempts add column if not exists choice jsonb;

-- The places of the routes of services with the routing `fastest`, and the figures that gave them.
-- Housekeeping writes them; a send only reads its service's rows.
create table if not exists route_places (
  service_id       integer not null references services (id),
  provider_id      integer not null references providers (id),
  provider_service text not null,
  place            integer not null check (place >= 1),
  -- Batches that ended lately, those of them that were not delivered in full, and the median of
  -- seconds that the others took.
  ended            integer not null,
  short            integer not null,
  p50_seconds      float8,
  as_of            timestamptz not null,
  primary key (service_id, provider_id, provider_service)
);

set lock_timeout = 0;
alter table orders validate constraint orders_reorder_of_fkey;

-- The valid keys of an account, which are counted when it makes one more.
drop index concurrently if exists api_keys_valid;
create index concurrently api_keys_valid on api_keys (account_id) where revoked_at is null;

-- An order is ordered again at most once.
drop index concurrently if exists orders_reorder_of;
create unique index concurrently orders_reorder_of on orders (reorder_of)
  where reorder_of is not null;

-- The services of a category on sale, the cheapest first: where the rest of an order can go.
drop index concurrently if exists services_of_category;
create index concurrently services_of_category on services (category, type, rate, id) where active;

-- The last batches of a route that ended.
drop index concurrently if exists batches_of_route;
create index concurrently batches_of_route on batches
  (provider_id, provider_service, terminal_at) where terminal_at is not null;
