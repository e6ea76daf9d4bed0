-- outside a transaction
--
-- What a watch's round and an order that waits for its link ask often, without reading the past or
-- the whole line.

-- The open orders of a link, the earliest first.
drop index concurrently if exists orders_link_queue;
create index concurrently orders_link_queue on orders (service_id, link_hash(link_key), id)
  where settled_at is null;
drop index concurrently if exists orders_open_link;

-- The sends of a provider whose outcome is not known, and those that were decided lately.
drop index concurrently if exists attempts_unknown_of_provider;
create index concurrently attempts_unknown_of_provider on attempts (provider_id)
  where state = 'unknown';
drop index concurrently if exists attempts_released;
create index concurrently attempts_released on attempts (provider_id, decided_at)
  where state = 'released';
