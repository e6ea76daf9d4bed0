-- outside a transaction
-- The watch also asks again after an answer that was not clear. The new index serves the queries of the old one.
drop index concurrently if exists batches_stops_wanted;
create index concurrently batches_stops_wanted on batches (provider_id, stop_wanted_at)
  where stop_wanted_at is not null;
drop index concurrently if exists batches_stop_wanted;
