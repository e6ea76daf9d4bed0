-- outside a transaction
-- The watch asks again also after an answer that was not clear. What read the old index can use the new one.
drop index concurrently if exists batches_stops_wanted;
create index concurrently batches_stops_wanted on batches (provider_id, stop_wanted_at)
  where stop_wanted_at is not null;
drop index concurrently if exists batches_stop_wanted;
