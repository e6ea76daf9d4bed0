-- outside a transaction
-- The webhooks that an account has made in a day are counted, deleted ones too.
drop index concurrently if exists webhook_endpoints_made;
create index concurrently webhook_endpoints_made on webhook_endpoints (account_id, created_at);
