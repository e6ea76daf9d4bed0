-- outside a transaction
--
-- A table change that waits for its lock stops every query behind it, so it gives up after two
-- seconds; the next `npm run migrate` goes on here.
set lock_timeout = '2s';

-- The key with which a customer made the key; null: staff made it.
alter table api_keys add column if not exists made_by integer references api_keys (id);

set lock_timeout = 0;

-- The valid keys of an account, which are counted when it makes one more.
drop index concurrently if exists api_keys_valid;
create index concurrently api_keys_valid on api_keys (account_id) where revoked_at is null;
