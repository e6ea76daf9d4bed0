-- outside a transaction
-- The reconciler reads the late deliveries of each endpoint. What read the old index can use the new one.
drop index concurrently if exists webhook_deliveries_late;
create index concurrently webhook_deliveries_late on webhook_deliveries (endpoint_id, next_attempt_at)
  where state = 'retrying';
drop index concurrently if exists webhook_deliveries_retrying;
